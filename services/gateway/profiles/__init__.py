"""Profiles: what is known of a user or an agent, attribute by attribute."""
