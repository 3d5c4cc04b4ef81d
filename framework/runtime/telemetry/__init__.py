"""What can be known of a running service: metrics, traces, logs. What is off is not even loaded."""
