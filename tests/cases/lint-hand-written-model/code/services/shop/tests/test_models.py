"""Tests may write what they like."""

from pydantic import BaseModel


class Answer(BaseModel):
    text: str
