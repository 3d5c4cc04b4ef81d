"""Traces by OpenTelemetry. This package is loaded only where `OTEL_TRACES_EXPORTER` turns them on."""
