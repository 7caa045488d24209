"""What is kept about a collection beside the engine's own files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from services.vectors.log_sync import sync_path

_FILE = "collection.json"


class RecordInDoubt(OSError):
    """A record was replaced, and the disk did not say that it has it: after a power cut
    the one before may be there.
    """


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
        """From here on the collection does not exist, whatever becomes of its files.
        There may be no record. Raises OSError.
        """
        (folder / _FILE).unlink(missing_ok=True)
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
    """Replace the record in one step, on disk when this returns. Raises OSError, with
    the record as it was, or `RecordInDoubt`.
    """
    draft = folder / (_FILE + ".draft")
    draft.write_bytes(orjson.dumps(asdict(record)))
    sync_path(draft)
    try:
        draft.replace(folder / _FILE)
        sync_path(folder)
    except OSError as error:
        raise RecordInDoubt(f"the record in {folder} may not last") from error
