"""`make sync-services`: the services that services.yml lists, and the folders that stand there."""
