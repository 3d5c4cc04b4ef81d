# Generated from services/shop/spec by `make generate-from-spec`. Do not edit.
"""The orders in which lists of the service `shop` are read page by page."""

from uuid import UUID

from framework.runtime.pages import PageOrder
from framework.runtime.types import CalendarDate, Decimal15, Int64, StorableDatetime, Text

LIST_SHELVES_ORDER = PageOrder(
    "shelves.list_shelves", {"added_at": StorableDatetime, "id": Int64}, descending=True
)
LIST_PRICES_ORDER = PageOrder("shelves.list_prices", {"price": Decimal15, "id": Int64})
LIST_LABELS_ORDER = PageOrder("shelves.list_labels", {"label": Text, "code": UUID})
LIST_DAYS_ORDER = PageOrder("shelves.list_days", {"made_on": CalendarDate, "code": UUID})
LIST_CODES_ORDER = PageOrder("shelves.list_codes", {"code": UUID}, descending=True)
