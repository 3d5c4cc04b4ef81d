"""What stands around the requests of a service if a setting asks for it: plain ASGI, and only what is on."""
