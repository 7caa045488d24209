"""The gateway as an MCP server over streamable HTTP: the routes of the API as tools."""
