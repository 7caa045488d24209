"""Memory for the agent frameworks of others, a module each: import the one you need.

All but `langgraph_store` need nothing beyond the MemOS Cloud API, so they work with
MemOS Cloud as well.
"""
