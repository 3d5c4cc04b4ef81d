"""From a transaction to the broker: what is published is a row first, and a relay brings it on."""
