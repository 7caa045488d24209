"""Webhooks over HTTP, signed in the Standard Webhooks form
(https://www.standardwebhooks.com), through the same guard as fetching.

    webhook-id          the same at every attempt to deliver the same message
    webhook-timestamp   seconds since 1970, of this attempt
    webhook-signature   v1,<base64 of HMAC-SHA256 over "id.timestamp.body"> for each
                        secret, separated by spaces
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import ssl
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import httpcore

from shared.adapters.url_guard import (
    REFUSED,
    Pinned,
    Resolve,
    Target,
    check_literal,
    checked,
    networks,
    resolve_host,
)
from shared.errors import BadRequest, FileRejected, Permanent, Unavailable

PREFIX = "whsec_"
USER_AGENT = "Souvenir/0.1 (+webhook)"
TIMEOUT_S = 15.0
CHECK_S = 2.0
"""Seconds for which a request waits to learn where a name leads."""
_LEAST_SECRET_BYTES = 16
_HTTP_GONE = 410
_FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    ssl.SSLError,
    OSError,
)


class HttpWebhooks:
    """The Webhooks port. `secrets` is one secret, or several separated by spaces while
    one is being replaced by another; none where every message has a secret of its own.
    """

    def __init__(
        self,
        secrets: str,
        *,
        allow: Sequence[str] = (),
        timeout_s: float = TIMEOUT_S,
        resolve: Resolve = resolve_host,
    ) -> None:
        """`allow` names inner networks (CIDR) that may be delivered to. Raises
        ValueError for what is no secret.
        """
        self._keys = [key_of(secret) for secret in secrets.split()]
        self._allowed = networks(allow)
        self._timeout = timeout_s
        self._resolve = resolve

    async def check(self, url: str, field: str = "webhook_url") -> None:
        """A name that is not known, or not in time, may be known once it is called."""
        try:
            check_literal(url, self._allowed)
            async with asyncio.timeout(CHECK_S):
                await checked(url, self._allowed, self._resolve)
        except TimeoutError:
            return
        except FileRejected as error:
            if error.code == REFUSED:
                raise BadRequest(f"{field}: {error.message}") from error

    async def deliver(self, url: str, id: str, body: bytes, secret: str = "") -> None:
        """Redirects are not followed."""
        keys = [key_of(entry) for entry in secret.split()] or self._keys
        try:
            async with asyncio.timeout(self._timeout):
                target = await checked(url, self._allowed, self._resolve)
                headers = _headers(target, id, body, keys)
                status = await _post(target, headers, body)
        except FileRejected as error:
            if error.code == REFUSED:
                raise Permanent(error.message) from error
            raise Unavailable(error.message) from error
        except TimeoutError as error:
            raise Unavailable(f"no answer within {self._timeout:.0f} s") from error
        except _FAILURES as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error
        if status == _HTTP_GONE:
            raise Permanent("the receiver wants no more (410)")
        if not 200 <= status < 300:
            raise Unavailable(f"the receiver answered {status}")


def key_of(secret: str) -> bytes:
    """The key in a secret `whsec_<base64>`. Raises ValueError."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a webhook secret is 'whsec_' and base64") from error
    if len(key) < _LEAST_SECRET_BYTES:
        raise ValueError(f"a webhook secret has at least {_LEAST_SECRET_BYTES} bytes")
    return key


def signature(key: bytes, id: str, timestamp: int, body: bytes) -> str:
    """One entry of the header webhook-signature."""
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _headers(
    target: Target, id: str, body: bytes, keys: Sequence[bytes]
) -> dict[str, str]:
    at = int(time.time())
    return {
        "Host": urlsplit(target.url).netloc,
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        "webhook-id": id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(key, id, at, body) for key in keys),
    }


async def _post(target: Target, headers: dict[str, str], body: bytes) -> int:
    """The status of the answer; its body is not read."""
    pool = httpcore.AsyncConnectionPool(
        ssl_context=ssl.create_default_context(),
        network_backend=Pinned(target.addresses),
        max_connections=1,
        retries=0,
        http2=False,
    )
    async with (
        pool,
        pool.stream(
            "POST", target.url, headers=list(headers.items()), content=body
        ) as answer,
    ):
        return int(answer.status)
