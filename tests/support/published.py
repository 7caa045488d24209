"""Published clients of others, unmodified, driven from a test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.clients import drive, install, mem0_drive


class Driven:
    """A client of one release, in a process of its own; any method may be called by its name."""

    def __init__(
        self,
        release: str,
        program: str | None,
        folder: Path,
        shared: Path,
        first: dict[str, Any],
    ) -> None:
        self.release = release
        if not folder.exists():
            raise AssertionError(
                f"{folder.name} is not installed for the tests: python tests/clients/install.py all"
            )
        # -I and -S: nothing of the tests' environment, only the two folders.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(program), str(folder), str(shared)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._write(first)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def call(self, method: str, **arguments: Any) -> Any:
        """What the method returns, as plain values; its exception as an AssertionError."""
        reply = self._asked({"method": method, "arguments": arguments})
        assert "error" not in reply, f"{method}: {reply['error']}"
        return reply["answer"]

    def methods(self) -> frozenset[str]:
        """The names of all that this release has."""
        return frozenset(self._asked({})["answer"])

    def _asked(self, order: dict[str, Any]) -> dict[str, Any]:
        self._write(order)
        assert self._process.stdout is not None
        reply: dict[str, Any] = json.loads(self._process.stdout.readline())
        return reply

    def _write(self, value: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()


class Published(Driven):
    """MemOSClient."""

    def __init__(self, release: str, base_url: str, key: str) -> None:
        first = {"api_key": key, "base_url": base_url}
        folder = install.FOLDER / release
        super().__init__(release, drive.__file__, folder, install.SHARED, first)


class PublishedMem0(Driven):
    """mem0's MemoryClient, or AsyncMemoryClient; `folder` is where it keeps its settings."""

    def __init__(
        self, release: str, host: str, key: str, folder: Path, is_async: bool = False
    ) -> None:
        first = {
            "api_key": key,
            "host": host,
            "async": is_async,
            "folder": str(folder),
        }
        home = install.MEM0_FOLDER / release
        super().__init__(release, mem0_drive.__file__, home, install.MEM0_SHARED, first)
