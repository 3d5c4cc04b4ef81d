# Generated from services/shop/spec by `make generate-from-spec`. Do not edit.
"""What I want of the controllers of the service `shop`."""
