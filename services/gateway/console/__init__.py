"""The console: the page at /console, and what it shows that no route of the contract
tells: figures of the traffic, users with their counts, a map of memories, settings.
"""
