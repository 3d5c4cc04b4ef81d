"""Metrics for Prometheus. This package is loaded only where `METRICS` turns it on."""
