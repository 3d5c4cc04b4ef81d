# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""My migrations."""
