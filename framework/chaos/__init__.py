"""Proof under fire: services are killed and stopped at random, then every event is accounted for."""
