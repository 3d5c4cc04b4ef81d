"""The tables of the service in `worker.py`."""

from sqlalchemy import Column, Integer, MetaData, Table

metadata = MetaData()
kept = Table("kept", metadata, Column("note_id", Integer, nullable=False), Column("process", Integer))
