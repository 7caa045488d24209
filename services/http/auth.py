"""API keys: each belongs to one project."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict

from fastapi import Request

from shared.contract import Code
from shared.domain.identity import digest
from shared.errors import Forbidden, Unauthorized
from shared.ports import Keys

DEFAULT_PROJECT = "default"
_SCHEMES = ("token", "bearer")
_MOST_REMEMBERED = 1024
"""Keys that are remembered at a time, the latest ones."""
_REMEMBERED_S = 30.0
"""Seconds for which a good key is not looked up again."""


class Authenticator:
    """Keys to projects. A good key is remembered for half a minute, so a revoked one
    works that long at most.
    """

    def __init__(
        self, keys: Keys, *, first_key: str = "", enabled: bool = True
    ) -> None:
        """`first_key` is accepted for the default project; when not `enabled` everybody
        is of the default project.
        """
        self._keys, self._first, self._enabled = keys, first_key.encode(), enabled
        self._remembered: OrderedDict[str, tuple[str, float]] = OrderedDict()

    async def project(self, header: str | None, *, bare: bool = False) -> str:
        """The project of an Authorization header; `bare` accepts a key with no scheme
        before it. Raises `Unauthorized`, `Unavailable`.
        """
        if not self._enabled:
            return DEFAULT_PROJECT
        key = key_in(header or "", bare=bare)
        if not key:
            raise Unauthorized(
                "API key missing: send the header 'Authorization: Token <key>'",
                code=Code.NO_KEY,
            )
        if self._is_first(key):
            return DEFAULT_PROJECT
        hashed = digest(key.encode())
        project, until = self._remembered.get(hashed, ("", 0.0))
        if project and time.monotonic() < until:
            return project
        owner = await self._keys.project_of(key)
        if owner is None:
            raise Unauthorized("API key invalid or expired", code=Code.WRONG_KEY)
        self._remembered[hashed] = (owner, time.monotonic() + _REMEMBERED_S)
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return owner

    def is_first(self, header: str | None) -> bool:
        """Whether a header has the first key, that of who runs the server; everybody has
        it where no key is asked for.
        """
        return not self._enabled or self._is_first(key_in(header or ""))

    def _is_first(self, key: str) -> bool:
        return bool(self._first) and secrets.compare_digest(key.encode(), self._first)


def require_first(request: Request, may: str) -> None:
    """Raises `Forbidden` for another key than the first. `may`: what only that key does."""
    authenticator: Authenticator = request.app.state.authenticator
    if not authenticator.is_first(request.headers.get("Authorization")):
        raise Forbidden(
            f"only the first key {may}, the one that the server was started with",
            code=Code.NOT_YOURS,
        )


def key_in(header: str, *, bare: bool = False) -> str:
    """The key in an Authorization header, '' when there is none."""
    scheme, _, key = header.strip().partition(" ")
    if scheme.lower() in _SCHEMES:
        return key.strip()
    return scheme if bare and not key else ""
