"""What gateway, status service and workers have in common: values, ports, adapters, settings."""
