"""What the bot of the tests does."""
