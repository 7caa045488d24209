"""Reads a whole backup and compares it with its manifest, writing nothing."""

from __future__ import annotations

from pathlib import Path

from shared.backup.archive import MANIFEST, Damaged, members
from shared.backup.manifest import (
    SOURCES,
    Manifest,
    Tally,
    load_points,
    part_of,
    read_manifest,
)
from shared.domain.identity import digest


def verified(path: Path) -> Manifest:
    """The manifest of a file that is whole. Raises `Damaged` saying what is wrong,
    OSError where the file cannot be read.
    """
    tally, manifest = Tally(), None
    for name, data in members(path):
        if manifest is not None:
            raise Damaged(f"{path} is damaged: {name} stands after its end")
        if name == MANIFEST:
            manifest = read_manifest(data)
            continue
        part = part_of(name)
        if part:
            tally.add(part, data, _count(part, name, data))
    if manifest is None:
        raise Damaged(f"{path} is no whole backup: its manifest, the end, is missing")
    counted = tally.parts()
    for part, listed in manifest.parts.items():
        if listed.count and counted.get(part) != listed:
            raise Damaged(f"{path} is damaged: {part} is not what its manifest says")
    unknown = counted.keys() - manifest.parts.keys()
    if unknown:
        raise Damaged(f"{path} is damaged: {min(unknown)} is not in its manifest")
    return manifest


def _count(part: str, name: str, data: bytes) -> int:
    """Points or files of a member. Raises `Damaged` for what cannot be restored."""
    if part != SOURCES:
        return len(load_points(data))
    if digest(data) != name.rpartition("/")[2]:
        raise Damaged(f"{name} has not the bytes that it is named by")
    return 1
