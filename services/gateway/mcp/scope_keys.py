"""What the route hands to the tools, by its key in the scope of the request."""

USER = "mcp_user"
"""The user of the address, "" where it names none."""

GATEWAY = "mcp_gateway"
"""The gateway's own app, which the tools ask."""
