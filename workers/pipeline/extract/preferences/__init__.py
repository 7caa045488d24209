"""Preferences and standing instructions."""
