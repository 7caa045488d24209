"""Profiles: what is said fills the fields of bound templates."""
