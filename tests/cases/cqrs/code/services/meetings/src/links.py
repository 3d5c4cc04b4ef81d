"""Where the links of meetings come from."""


class Links:
    """Makes links to the rooms of one house."""

    def __init__(self, house: str = "https://meet.example.org") -> None:
        self._house = house

    def to(self, meeting_id: int) -> str:
        """The link to a meeting."""
        return f"{self._house}/{meeting_id}"
