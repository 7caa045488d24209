"""Progress, leases, rates and recent requests in Redis or Valkey: nothing that must
last, so every key has a time to live.
"""
