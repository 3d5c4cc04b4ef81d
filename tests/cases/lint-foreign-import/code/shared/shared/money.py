"""Sums of money."""

from services.billing.src import rates
