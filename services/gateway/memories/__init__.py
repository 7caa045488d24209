"""Memories listed, changed, deleted, exported and imported; profiles."""
