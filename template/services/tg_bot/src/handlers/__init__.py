"""What the bot does. Every module here has a function `add(application)`, which is called at start."""
