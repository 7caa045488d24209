"""How requests reach Qdrant: through aiohttp, whose parser of answers is compiled. A
request takes about half of the processor time that it takes through httpx alone
(`python -m tests.benchmarks.transports`).
"""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

CONNECTIONS = 100
"""Of one process; requests beyond them wait."""
IDLE_S = 30.0
"""Seconds for which a connection is kept open that nothing goes through: the client's own
default on loopback is not at all.
"""


def transport(url: str) -> httpx.AsyncBaseTransport | None:
    """To be used on one event loop. None where the environment names a proxy for the
    address: httpx goes through it, aiohttp would look for it at each request.
    """
    to = urlsplit(url)
    if getproxies().get(to.scheme) and not proxy_bypass(to.hostname or ""):
        return None
    return AiohttpTransport(client=_session)


def _session() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=CONNECTIONS, keepalive_timeout=IDLE_S, ssl=httpx.create_ssl_context()
    )
    return aiohttp.ClientSession(connector=connector)
