"""`python -m services.store backup FILE`, `restore FILE [--force]` or `check FILE`, on the
stores that the environment names. The exit code is 0, or 1 with a line that says why;
after Ctrl-C or SIGTERM 130.

With - for FILE a backup goes to the standard output, and is read from the standard input.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import FrameType
from typing import BinaryIO

from services.http.probes import release
from shared.backup.manifest import Manifest
from shared.backup.restore_backup import Target, restore
from shared.backup.verify_backup import verified
from shared.backup.write_backup import Origin, backup
from shared.domain.api_key import DEFAULT_PROJECT
from shared.domain.identity import digest
from shared.domain.store_schema import SCHEMA
from shared.errors import SouvenirError
from shared.logs import set_up
from shared.settings import Settings
from shared.wiring import wire_store

STREAM = Path("-")
"""For a file: the standard output or input."""


ASKED_TO_STOP = 130
"""As a shell gives it for Ctrl-C."""
_stops: list[int] = []
"""The signals by which this process was asked to stop."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _options(arguments)
    settings = Settings.from_env_or_exit()
    set_up("store", settings.log_level)
    try:
        if options.what == "backup" and options.file == STREAM:
            asyncio.run(_write_backup(settings, sys.stdout.buffer))
            return 0
        with _local(settings, options.file) as file:
            if options.what == "backup":
                manifest = asyncio.run(_backup(settings, file))
            elif options.what == "restore":
                manifest = asyncio.run(_restore(settings, file, options.force))
            else:
                manifest = verified(file)
            said = _lines(options.what, options.file, file.stat().st_size, manifest)
    except (SouvenirError, OSError, ValueError) as error:
        if _stops:  # what was waited for may give up at the same moment
            return ASKED_TO_STOP
        sys.stderr.write(f"souvenir: {error}\n")
        return 1
    except KeyboardInterrupt:
        return ASKED_TO_STOP
    sys.stdout.write("\n".join(said) + "\n")
    return 0


@contextmanager
def _local(settings: Settings, file: Path) -> Iterator[Path]:
    """The file; what comes by the standard input as one in the data folder, for it is read
    more than once.
    """
    if file != STREAM:
        yield file
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=settings.data, prefix=".backup-") as held:
        shutil.copyfileobj(sys.stdin.buffer, held)
        held.flush()
        yield Path(held.name)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m services.store", description=__doc__
    )
    parser.add_argument("what", choices=("backup", "restore", "check"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true")
    return parser.parse_args(arguments)


async def _backup(settings: Settings, file: Path) -> Manifest:
    """Written beside the file, read again and compared, and only then put in its place."""
    draft = file.with_name(f"{file.name}.part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as written:
            await _write_backup(settings, written)
            os.fsync(written.fileno())
        manifest = await asyncio.to_thread(verified, draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


async def _write_backup(settings: Settings, to: BinaryIO) -> None:
    key = settings.api_key
    origin = Origin(
        release(), SCHEMA, digest(key.encode()) if key else "", DEFAULT_PROJECT
    )
    async with wire_store(settings) as ports:
        async for made in backup(ports, origin):
            await asyncio.to_thread(to.write, made)
        to.flush()


async def _restore(settings: Settings, file: Path, force: bool) -> Manifest:
    # Before anything is connected: a store is not even begun for a damaged file.
    await asyncio.to_thread(verified, file)
    async with wire_store(settings, restoring=True) as ports:
        target = Target((await ports.spaces.read()).current, ports.embedder)
        manifest = await restore(ports, target, file, force=force)
        await ports.migrate()
    return manifest


def _lines(what: str, file: Path, size: int, manifest: Manifest) -> list[str]:
    did = {"backup": "Backed up to", "restore": "Restored from", "check": "Whole:"}
    at = datetime.fromtimestamp(manifest.begun_at / 1000, UTC).isoformat(" ", "seconds")
    counts = [
        f"  {name:<18} {part.count}"
        for name, part in manifest.parts.items()
        if part.count
    ]
    return [
        f"{did[what]} {file} ({size} bytes)",
        f"  as of {at}, release {manifest.release}, schema {manifest.schema}, "
        f"embedder {manifest.embedder}",
        *counts,
    ]


def _stop(number: int, frame: FrameType | None) -> None:
    """Ends what runs as Ctrl-C does."""
    _stops.append(number)
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    # The launcher asks by SIGTERM: before this line that ends us without a word.
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
