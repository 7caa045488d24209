"""API keys: each belongs to one project."""

from __future__ import annotations

import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from shared.contract import Code
from shared.domain.api_key import DEFAULT_PROJECT, ApiKey
from shared.domain.identity import digest
from shared.errors import Unauthorized, Unavailable
from shared.jobs.clock import now
from shared.ports import Keys

log = logging.getLogger(__name__)

FIRST_KEY = "first"
"""The id of the key of the settings, of which nothing is stored."""
HINT = 4
"""Characters at the end of a key that are shown, to tell keys apart."""
_SCHEMES = ("token", "bearer")
_MOST_REMEMBERED = 1024
"""Keys that are remembered at a time, the latest ones."""
_REMEMBERED_S = 30.0
"""Seconds for which a good key is not looked up again."""
USE_EVERY_MS = 300_000
"""Milliseconds between two writes of a key's last use, in one process."""


class Authenticator:
    """Finds the key of a request. A good key is remembered for half a minute, so a
    removed one works that long at most, in other processes than the one that removed it.
    """

    def __init__(
        self,
        keys: Keys,
        *,
        first_key: str = "",
        enabled: bool = True,
        start: Callable[[Coroutine[Any, Any, None]], None] | None = None,
    ) -> None:
        """`first_key` is accepted for the default project; when not `enabled` everybody
        has it. `start` begins work that goes on beside the request: without it the last
        use of keys is not written.
        """
        self._keys, self._enabled, self._start = keys, enabled, start
        self._first_hash = digest(first_key.encode()) if first_key else ""
        self._first = ApiKey(
            FIRST_KEY, DEFAULT_PROJECT, name="first key", hint=first_key[-HINT:]
        )
        self._remembered: OrderedDict[str, tuple[ApiKey, float]] = OrderedDict()
        self._used_at: dict[str, int] = {}

    async def key(self, header: str | None, *, bare: bool = False) -> ApiKey:
        """The key of an Authorization header; `bare` accepts one with no scheme before
        it. Raises `Unauthorized`, `Unavailable`.
        """
        if not self._enabled:
            return self._first
        secret = key_in(header or "", bare=bare)
        if not secret:
            raise Unauthorized(
                "API key missing: send the header 'Authorization: Token <key>'",
                code=Code.NO_KEY,
            )
        # Hashes are compared, in constant time: they say nothing of the key's length.
        hashed = digest(secret.encode("utf-8", "replace"))
        if self._first_hash and secrets.compare_digest(hashed, self._first_hash):
            return self._first
        key = self._recent(hashed) or await self._looked_up(secret, hashed)
        if key is None or key.has_expired(now()):
            log.warning("key_refused", extra={"expired_key": key.id if key else ""})
            raise Unauthorized("API key invalid or expired", code=Code.WRONG_KEY)
        self._note_use(key)
        return key

    def forget(self, hashed: str) -> None:
        """Look a key up again, since it was removed or has changed."""
        self._remembered.pop(hashed, None)

    def _recent(self, hashed: str) -> ApiKey | None:
        key, until = self._remembered.get(hashed, (None, 0.0))
        return key if time.monotonic() < until else None

    async def _looked_up(self, secret: str, hashed: str) -> ApiKey | None:
        key = await self._keys.find(secret)
        if key is not None:
            self._remembered[hashed] = (key, time.monotonic() + _REMEMBERED_S)
            self._remembered.move_to_end(hashed)
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return key

    def _note_use(self, key: ApiKey) -> None:
        at = now()
        last = max(key.last_used_at, self._used_at.get(key.id, 0))
        if self._start is None or at - last < USE_EVERY_MS:
            return
        self._used_at[key.id] = at
        self._start(self._mark_used(key, at))

    async def _mark_used(self, key: ApiKey, at: int) -> None:
        try:
            await self._keys.mark_used(key.project, key.id, at)
        except Unavailable as error:
            log.warning("key_use_not_written", extra={"error": error.message})


def key_in(header: str, *, bare: bool = False) -> str:
    """The key in an Authorization header, '' when there is none."""
    scheme, _, key = header.strip().partition(" ")
    if scheme.lower() in _SCHEMES:
        return key.strip()
    return scheme if bare and not key else ""
