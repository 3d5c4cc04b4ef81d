"""What a service answers to those who operate it: health, metrics, administration."""
