"""What the YAML files may say, one module per kind of file; the only definition of the spec language."""
