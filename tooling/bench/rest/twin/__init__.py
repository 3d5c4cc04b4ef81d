"""The service of the benchmark as a good engineer writes it by hand, in idiomatic FastAPI and SQLAlchemy."""
