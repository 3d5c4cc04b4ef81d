"""What `make bench name=rest` measures, part by part."""
