"""What is kept about a collection beside the engine's own files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from services.vectors.log_sync import sync_path

_FILE = "collection.json"


@dataclass(frozen=True, slots=True)
class Record:
    """What must survive a restart."""

    created: Mapping[str, Any]
    """The request that created it."""
    engine: str
    """Name of the engine folder that is in charge."""
    indexed: int
    """Points when it was last indexed."""

    @staticmethod
    def delete(folder: Path) -> None:
        """From here on the collection does not exist, whatever becomes of its files."""
        (folder / _FILE).unlink()
        sync_path(folder)


def read_record(folder: Path) -> Record | None:
    """The record of the collection in `folder`; None when it was never finished or
    already deleted.
    """
    try:
        return Record(**orjson.loads((folder / _FILE).read_bytes()))
    except FileNotFoundError:
        return None


def write_record(folder: Path, record: Record) -> None:
    """Replace the record in one step, on disk when this returns."""
    draft = folder / (_FILE + ".draft")
    draft.write_bytes(orjson.dumps(asdict(record)))
    sync_path(draft)
    draft.replace(folder / _FILE)
    sync_path(folder)
