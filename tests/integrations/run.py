"""The checks of one framework, in its own environment: `python -m
tests.integrations.run NAME`, with SOUVENIR_URL and SOUVENIR_API_KEY of a running system.

A check is a function of tests/integrations/frameworks/<name>.py that takes a user whom
nobody else has. Prints one JSON object a line: {"check": ..., "outcome": "ok" or what
went wrong}.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from uuid import uuid4

SILENT = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "LANGSMITH_TRACING": "false",
    "OPENAI_AGENTS_DISABLE_TRACING": "1",
    "OTEL_SDK_DISABLED": "true",
}
"""What keeps the frameworks from reporting to anybody."""

EXAMPLES = Path(__file__).parents[2] / "examples"


def checks_of(module: ModuleType) -> Iterator[Callable[[str], object]]:
    """The public functions that a module itself defines and that take a user."""
    for name, value in list(vars(module).items()):
        own = inspect.isfunction(value) and value.__module__ == module.__name__
        if own and not name.startswith("_"):
            if list(inspect.signature(value).parameters) == ["user"]:
                yield value


def outcome(check: Callable[[str], object]) -> str:
    """ "ok", or what went wrong."""
    user = f"{check.__name__}-{uuid4().hex}"
    try:
        result = check(user)
        if inspect.iscoroutine(result):
            asyncio.run(result)
    except Exception as error:  # whatever it is, the other checks are still of interest
        traceback.print_exc()
        return f"{type(error).__name__}: {error}"
    return "ok"


def example(name: str) -> str:
    """The outcome of an example, which is a program that says what it recalled."""
    ran = subprocess.run(
        [sys.executable, str(EXAMPLES / f"{name}.py")],
        env={**os.environ, "SOUVENIR_USER": f"example-{uuid4().hex}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode == 0 and "greyhounds" in ran.stdout:
        return "ok"
    return f"ended with {ran.returncode}: {ran.stdout[-500:]} {ran.stderr[-1500:]}"


def main(name: str) -> None:
    """Run them all; nobody but this machine is asked for anything."""
    os.environ |= SILENT
    sys.addaudithook(refuse_others)
    module = importlib.import_module(f"tests.integrations.frameworks.{name}")
    for check in checks_of(module):
        say(check.__name__, outcome(check))
    say("example", example(module.EXAMPLE))


def refuse_others(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: raises for a connection to another machine, or a look at its name."""
    if event not in ("socket.getaddrinfo", "socket.connect"):
        return
    address = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    host = address[0] if isinstance(address, tuple) else address
    if host not in (None, "127.0.0.1", "localhost", "::1") and not isinstance(
        host, bytes
    ):
        if isinstance(address, tuple) or event == "socket.getaddrinfo":
            raise PermissionError(f"a check reaches out: {host}")


def say(check: str, result: str) -> None:
    """One line."""
    print(json.dumps({"check": check, "outcome": result}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
