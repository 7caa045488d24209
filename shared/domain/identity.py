"""Identity is computed, not drawn: the same thing written twice has the same id."""

from __future__ import annotations

import hashlib
import uuid

NAMESPACE = uuid.UUID("5b7c1c1e-6f0a-5c39-9d0e-2f8f3f6f5d11")


def computed_id(*parts: object) -> str:
    """A UUID (version 5) that is the same for the same parts, in the same order."""
    name = "\x1f".join(str(part) for part in parts)
    return str(
        uuid.uuid5(NAMESPACE, name.encode("utf-8", "replace").decode())
    )  # a broken text may hold half a surrogate pair


def digest(data: bytes) -> str:
    """The SHA-256 of bytes, in hex: the name of a Source."""
    return hashlib.sha256(data).hexdigest()
