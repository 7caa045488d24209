"""What every route works with: whose request it is, the ports, the settings, the rate meter."""
