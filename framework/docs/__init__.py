"""`framework docs`: what each service offers, as documents of the field's standards.

`documents` plans them, `description` asks a service in a process of its own, `asyncapi` writes what only the
specs know.
"""
