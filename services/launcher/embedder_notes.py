"""A store whose memories were embedded by another embedder than this release would use."""

from __future__ import annotations

import json

from services.launcher.network import get

_WAIT_S = 10.0
_OLDER = """
Note: an older release embedded the memories in this data folder, with {embedder}. All
goes on working with it. The default of now finds more and takes less time; to change to
it, while this one runs:

  souvenir reindex"""
_ANOTHER = """
Note: the memories were embedded by {embedder}, which is searched until

  souvenir reindex

has changed to {wanted}. Nothing stops meanwhile."""
_NOT_CALIBRATED = """
Note: no relativity was fitted for {embedder}: its scale is measured at every start, and
a threshold means less. One command fits it: see docs/embedders.md."""


def embedder_notes(gateway_url: str, key: str) -> list[str]:
    """What to say of the embedder of the store; nothing where the gateway does not."""
    answer = get(
        f"{gateway_url}/api/openmem/v1/reindex",
        _WAIT_S,
        headers={"Authorization": f"Token {key}"},
    )
    if answer is None or answer[0] != 200:
        return []
    stored = json.loads(answer[1])["data"]
    notes = []
    if stored["older"]:
        notes.append(_OLDER)
    elif stored["wanted"] != stored["embedder"]:
        notes.append(_ANOTHER)
    if not stored["calibrated"]:
        notes.append(_NOT_CALIBRATED)
    return [note.format_map(stored) for note in notes]
