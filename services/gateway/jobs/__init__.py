"""Jobs, as the gateway views, cancels and deletes them."""
