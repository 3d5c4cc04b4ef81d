"""`make demo`: a project is made, generated, started, and an event travels from a request into a chat."""
