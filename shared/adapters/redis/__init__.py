"""Board, leases and recent requests in Redis or Valkey: work in flight only, so every
key has a time to live.
"""
