"""Reads a file to import, whatever it was exported from: Souvenir, mem0, ChatGPT,
Claude, Letta, Memobase, Zep or MemOS. The format is recognised by the content.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from souvenir_client import mem0, transfer
from souvenir_client.importers import chatgpt, claude, letta, memobase, memos, zep
from souvenir_client.importers.contents import Contents, objects

FORMATS = (chatgpt, claude, letta, memobase, memos, zep)
OWN, MEM0 = "Souvenir", "mem0"
ACCEPTED = ", ".join([OWN, MEM0, *(module.NAME for module in FORMATS)])
ZIPPED = ("conversations", "memories")
"""How the names begin of the files that are read in the archive of an export."""
MAX_UNPACKED = 4 * 1024**3
"""Bytes that the files of an archive may unpack to."""


def read_file(file: Path) -> Contents:
    """What a file holds: JSON, JSON Lines, or the ZIP that ChatGPT and Claude send.
    Raises OSError, and ValueError for what is no such export.
    """
    if not zipfile.is_zipfile(file):
        return read_text(file.read_text(encoding="utf-8-sig"))
    whole: Contents | None = None
    for text in _unpacked(file):
        contents = read_text(text)
        if whole is None:
            whole = contents
        else:
            whole.join(contents)
    if whole is None:
        raise ValueError(f"{file} has no conversations.json in it")
    return whole


def read_text(text: str) -> Contents:
    """What an export holds. Raises ValueError for what is none."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if document is None or _is_own(document):
        return Contents(OWN, records=transfer.read_records(text))
    for module in FORMATS:
        if module.is_mine(document):
            contents: Contents = module.read(document)
            return contents
    records = [mem0.record(entry) for entry in mem0.entries(document)]
    contents = Contents(MEM0, records=[record for record in records if record])
    if records and not contents.records and not _is_mem0(document):
        raise ValueError(f"no export that is known: {ACCEPTED}")
    return contents


def _is_own(document: Any) -> bool:
    entries = objects(document if isinstance(document, list) else [document])
    return bool(entries) and all("record" in entry for entry in entries)


def _is_mem0(document: Any) -> bool:
    """Whether the entries of an export are all deleted ones, which leaves nothing."""
    return all(entry.get("state") == "deleted" for entry in mem0.entries(document))


def _unpacked(file: Path) -> list[str]:
    """The texts of the files in an archive that hold conversations or notes."""
    with zipfile.ZipFile(file) as archive:
        infos = [
            info
            for info in archive.infolist()
            if info.filename.endswith(".json") and _begins(info.filename)
        ]
        if sum(info.file_size for info in infos) > MAX_UNPACKED:
            raise ValueError(f"{file} unpacks to more than {MAX_UNPACKED >> 30} GB")
        names = sorted(info.filename for info in infos)
        return [archive.read(name).decode("utf-8-sig") for name in names]


def _begins(name: str) -> bool:
    """Whether a file, or the folder that it is in, is named like one that is read."""
    return any(part.startswith(ZIPPED) for part in Path(name).parts)
