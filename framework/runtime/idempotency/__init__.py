"""Idempotency keys: a command repeated under its key takes effect once, and is answered as it was.

The header is that of the IETF's draft, draft-ietf-httpapi-idempotency-key-header.
"""
