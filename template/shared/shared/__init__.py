"""What the services share. `shared.generated` is made from the specs by `make generate-from-spec`."""
