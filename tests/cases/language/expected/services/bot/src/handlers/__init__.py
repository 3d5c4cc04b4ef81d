"""What the bot does. Every module here has an `add(application)`, called at start."""
