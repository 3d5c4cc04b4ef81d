"""What the bot does. Every module here has an `add(bot)`, called at start."""
