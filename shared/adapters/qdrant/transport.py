"""How requests reach Qdrant: through aiohttp, whose parser of answers is compiled. A
request takes little more than half of the processor time that it takes through httpx alone
(`python -m tests.benchmarks.transports`).
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from httpx_aiohttp import AiohttpTransport

LIMITS = httpx.Limits(
    max_connections=100, max_keepalive_connections=20, keepalive_expiry=4.0
)
"""Of one process; requests beyond them wait. A connection that nothing goes through is closed
before the server does so (Qdrant: after 5 s), which would be met as an error. The client's
own default on loopback is to keep none.
"""


def transport(url: str) -> httpx.AsyncBaseTransport | None:
    """To be used on one event loop. None where the environment names a proxy for the
    address: httpx goes through it, aiohttp would look for it at each request.
    """
    to, proxies = urlsplit(url), getproxies()
    has_proxy = proxies.get(to.scheme) or proxies.get("all")
    if has_proxy and not proxy_bypass(to.hostname or ""):
        return None
    return _BoundedTransport(limits=LIMITS)


class _BoundedTransport(AiohttpTransport):
    """Ends a request that is not answered in time, also while it is being sent: the
    library bounds the connecting and the reading.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions.get("timeout", {}).get("read")
        async with asyncio.timeout(seconds):
            return await super().handle_async_request(request)
