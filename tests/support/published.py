"""The published client, unmodified, driven from a test."""

from __future__ import annotations

import json
import subprocess
import sys
from types import TracebackType
from typing import Any

from tests.clients import drive, install


class Published:
    """MemOSClient of one release, in a process of its own; any method may be called by its name."""

    def __init__(self, release: str, base_url: str, key: str) -> None:
        self.release = release
        folder = install.FOLDER / release
        if not folder.exists():
            raise AssertionError(
                f"MemoryOS {release} is not installed for the tests: python tests/clients/install.py all"
            )
        # -I and -S: nothing of the tests' environment, only the two folders.
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-S",
                drive.__file__,
                str(folder),
                str(install.SHARED),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._write({"api_key": key, "base_url": base_url})

    def __enter__(self) -> Published:
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
