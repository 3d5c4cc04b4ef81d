"""The service `bot`. Run it with `python -m services.bot.src.main`."""

from services.bot.src.generated.app import create_app

app = create_app()

if __name__ == "__main__":
    app.run_polling()
