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

LOOPBACK = (None, "127.0.0.1", "localhost", "::1")
EXAMPLES = Path(__file__).parents[2] / "examples"


def checks_of(module: ModuleType) -> Iterator[Callable[[str], object]]:
    """The public functions that a module itself defines and that take a user."""
    for name, value in list(vars(module).items()):
        own = inspect.isfunction(value) and value.__module__ == module.__name__
        public = own and not name.startswith("_")
        if public and list(inspect.signature(value).parameters) == ["user"]:
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
    if hasattr(module, "EXAMPLE"):
        say("example", example(module.EXAMPLE))


def refuse_others(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: raises for a connection to another machine, or a look at its name."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host not in LOOPBACK:
        raise PermissionError(f"a check reaches out: {host!r}")


def say(check: str, result: str) -> None:
    """One line."""
    print(json.dumps({"check": check, "outcome": result}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
