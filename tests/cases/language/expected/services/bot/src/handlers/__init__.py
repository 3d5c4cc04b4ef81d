"""What the bot does. Every module here has a function `add(bot)`, which is called at start."""
