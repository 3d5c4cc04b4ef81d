"""The same service in other frameworks, without a database, each as its documentation says to write it."""
