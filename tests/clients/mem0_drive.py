"""mem0's published client in a process of its own: `python -I -S mem0_drive.py <release
folder> <shared folder>`. Speaks as drive.py does: one JSON object a line.

mem0/client is loaded as it was published, with what it imports of the package; only the
package's own `__init__` is a stand-in, which asks for a vector store and a model library.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


def stand_in_package(release: Path) -> None:
    """`import mem0` finds its modules and runs nothing of its own."""
    package = ModuleType("mem0")
    package.__path__ = [str(release / "mem0")]
    vars(package)["__version__"] = release.name
    sys.modules["mem0"] = package


def methods(client: Any) -> list[str]:
    """The names of all that may be called, those of `project` with it before them."""
    own = [name for name in dir(client) if not name.startswith("_")]
    of_project = [f"project.{n}" for n in dir(client.project) if not n.startswith("_")]
    return [name for name in [*own, *of_project] if callable(_found(client, name))]


def _found(client: Any, name: str) -> Any:
    for part in name.split("."):
        client = getattr(client, part)
    return client


def called(client: Any, order: dict[str, Any], loop: Any) -> dict[str, Any]:
    if "method" not in order:
        return {"answer": methods(client)}
    try:
        answer = _found(client, order["method"])(**order["arguments"])
        if inspect.iscoroutine(answer):
            answer = loop.run_until_complete(answer)
        return {"answer": answer}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main(release: str, shared: str) -> None:
    os.environ["MEM0_TELEMETRY"] = "False"
    sys.path.append(shared)
    answers, sys.stdout = sys.stdout, sys.stderr  # some releases print what they get
    stand_in_package(Path(release))
    order = json.loads(sys.stdin.readline())
    os.environ["MEM0_DIR"] = order["folder"]
    import mem0.client.main as published  # type: ignore[import-not-found]

    kind = published.AsyncMemoryClient if order["async"] else published.MemoryClient
    loop = asyncio.new_event_loop()
    client, refused = None, ""
    try:
        client = kind(api_key=order["api_key"], host=order["host"])
    except Exception as error:
        refused = f"{type(error).__name__}: {error}"
    for line in sys.stdin:
        reply = (
            {"error": refused} if refused else called(client, json.loads(line), loop)
        )
        print(json.dumps(reply, default=str), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
