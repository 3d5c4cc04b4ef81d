"""The business logic of the domain `customers`."""


class CustomersController:
    """Carries out the operations of `services/shop/spec/customers.yaml`."""
