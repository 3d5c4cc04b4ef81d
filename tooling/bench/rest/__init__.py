"""What a request costs: services made from specs beside what people write by hand."""
