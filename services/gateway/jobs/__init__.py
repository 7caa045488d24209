"""Jobs, as the gateway sees and ends them."""
