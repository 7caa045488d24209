"""Small disks of a test's own: to fill them, or to cut their power. Needs root on Linux.

A disk is a file with an ext4 in it, mounted through a loop device. What a process has
written and not synced is in the kernel's memory and not in that file: a copy of the file
is what a machine finds after its power was cut at that moment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEEDS = "needs root and loop devices to mount a disk"
_LARGEST_STEP, _SMALLEST_STEP = 64 * 1024 * 1024, 4096
_TOOLS = ("mkfs.ext4", "mount", "umount")


def can_mount() -> bool:
    """Whether disks can be made here."""
    return (
        sys.platform.startswith("linux")
        and os.geteuid() == 0
        and Path("/dev/loop-control").exists()
        and all(shutil.which(tool) for tool in _TOOLS)
    )


def lacking() -> str:
    """What is missing on this machine; "" for nothing."""
    return "" if can_mount() else NEEDS


@contextmanager
def disk(image: Path, megabytes: int, folder: Path | None = None) -> Iterator[Path]:
    """A new, empty disk, mounted for as long as the block lasts; the folder."""
    with image.open("wb") as file:
        file.truncate(megabytes * 1024 * 1024)
    _run("mkfs.ext4", "-q", "-m", "0", str(image))
    with mounted(image, folder) as place:
        yield place


@contextmanager
def mounted(image: Path, folder: Path | None = None) -> Iterator[Path]:
    """A disk as it is, mounted on a folder, by default one beside its file."""
    folder = folder or image.with_suffix(".mounted")
    folder.mkdir(exist_ok=True)
    _run("mount", "-o", "loop", str(image), str(folder))
    try:
        yield folder
    finally:
        # Lazily, where a process that is being killed still holds a file.
        _run("umount", "--lazy", str(folder))


def after_power_cut(image: Path, copy: Path) -> Path:
    """What is on the disk at this moment, as a disk of its own; `copy` names its file."""
    _run("cp", "--sparse=always", str(image), str(copy))
    return copy


def fill(folder: Path, leave: int) -> Path:
    """Fill the disk of a folder but for so many bytes; the file that does, to be removed."""
    filler = folder / "filler"
    size, step = 0, _LARGEST_STEP
    with filler.open("wb") as file:
        while step >= _SMALLEST_STEP:
            try:
                os.posix_fallocate(file.fileno(), size, step)
                size += step
            except OSError:  # a disk has less room than it says
                step //= 2
        file.truncate(max(0, size - leave))
    return filler


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
