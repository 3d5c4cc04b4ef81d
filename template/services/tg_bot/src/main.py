"""The service `tg_bot`. Run it with `python -m services.tg_bot.src.main`."""

from services.tg_bot.src.generated.app import create_app

app = create_app()

if __name__ == "__main__":
    app.run_polling()
