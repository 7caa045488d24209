"""/mcp and /mcp/{user_id}: MCP over streamable HTTP, with the API key as bearer token."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from services.gateway.mcp.scope_keys import GATEWAY, USER
from services.http.auth import Authenticator
from shared.settings import Settings

MEGABYTE = 1_000_000


class McpEndpoint:
    """Checks the key, then hands the request to the MCP server; which is imported with
    the first one, so that a gateway that nobody asks for it does without.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Raises `Unauthorized`."""
        request = Request(scope)
        app: FastAPI = scope["app"]
        authenticator: Authenticator = app.state.authenticator
        key = await authenticator.key(request.headers.get("authorization"))
        if request.method != "POST":
            await not_offered(scope, receive, send)
            return
        settings: Settings = app.state.settings
        module = await asyncio.to_thread(_server)
        # What a tool asks goes through the routes, where the key is checked anew.
        user = request.path_params.get("user_id", "") or key.owner
        inner = {**scope, GATEWAY: app, USER: user}
        await module.answer_request(
            inner, receive, send, max_body=settings.max_body_mb * MEGABYTE
        )


not_offered = Response(status_code=405, headers={"Allow": "POST"})
"""There is no stream from the server to the client, and no session to end: the answer
that the protocol has for this.
"""


def _server() -> Any:
    from services.gateway.mcp import mcp_server

    return mcp_server


def mcp_routes() -> list[Route]:
    """For everybody who has a key, and for one user."""
    return [
        Route("/mcp", McpEndpoint(), methods=["GET", "POST", "DELETE"]),
        Route("/mcp/{user_id}", McpEndpoint(), methods=["GET", "POST", "DELETE"]),
    ]
