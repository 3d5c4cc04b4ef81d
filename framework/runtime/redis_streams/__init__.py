"""Events over Redis Streams: our own delivery loop, FastStream's declarations."""
