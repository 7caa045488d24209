"""The published client in a process of its own: `python -I -S drive.py <release folder>
<shared folder>`.

Reads one JSON object a line: first {"api_key", "base_url"}, then {"method",
"arguments"}; answers each with one line, {"answer": ...} or {"error": ...}; without a
method the answer is the names of all. Only memos/api/client.py and product_models.py
are loaded, as they were published; the package around them asks for a model library at
import, so the few names that the two take from it are stand-ins.
"""

from __future__ import annotations

import enum
import importlib.util
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any


class SearchMode(enum.StrEnum):
    """Stand-in; its members are defaults of requests that the client never makes."""

    FAST = "fast"
    FINE = "fine"
    MIXTURE = "mixture"


def stand_in(name: str, **names: Any) -> None:
    module = ModuleType(name)
    module.__path__ = []
    vars(module).update(names)
    sys.modules[name] = module


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def client_class(release: Path) -> Any:
    """MemOSClient of this release."""
    stand_in("memos")
    stand_in("memos.api")
    stand_in("memos.log", get_logger=logging.getLogger)
    stand_in(
        "memos.types",
        MessageList=list,
        MessagesType=Any,
        PermissionDict=dict,
        SearchMode=SearchMode,
    )
    load("memos.api.product_models", release / "memos" / "api" / "product_models.py")
    return load("memos.api.client", release / "memos" / "api" / "client.py").MemOSClient


def plain(answer: Any) -> Any:
    if isinstance(answer, Iterator):
        return list(answer)
    return answer.model_dump() if hasattr(answer, "model_dump") else answer


def methods(client: Any) -> list[str]:
    return [
        name
        for name in dir(client)
        if not name.startswith("_") and callable(getattr(client, name))
    ]


def called(client: Any, order: dict[str, Any]) -> dict[str, Any]:
    if "method" not in order:
        return {"answer": methods(client)}
    try:
        return {"answer": plain(getattr(client, order["method"])(**order["arguments"]))}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main(release: str, shared: str) -> None:
    sys.path.append(shared)
    answers, sys.stdout = sys.stdout, sys.stderr  # some releases print what they get
    made = client_class(Path(release))
    client = made(**json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        print(
            json.dumps(called(client, json.loads(line)), default=str),
            file=answers,
            flush=True,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
