"""The TypeScript client by itself: types held against OpenAPI, names against the Python
client, its own tests.
"""

from __future__ import annotations

import json
import re

from souvenir_client import Client
from tests.clients.install import TYPESCRIPT
from tests.clients.typescript import built, run_tests
from tests.clients.wire_types import FILE, document, typescript

ALIASES = {
    "import_": "import",
    "bring_in": "import",
    "add_knowledgebase_file_json": "addKnowledgebaseFile",
}
"""Names of the Python client that Python, or its own past, asks for."""

WITHOUT_MEANING = {"close"}
"""`fetch` keeps no connection that could be closed."""


def test_the_types_are_those_of_openapi() -> None:
    assert FILE.read_text(encoding="utf-8") == typescript(document()), (
        "write them anew: python -m tests.clients.wire_types"
    )


def test_it_has_the_methods_of_the_python_client() -> None:
    built()
    declared = (TYPESCRIPT / "dist/src/client.d.ts").read_text()
    methods = set(re.findall(r"^    (\w+)[:(<]", declared, re.M))
    expected = {
        ALIASES.get(name, camel_case(name))
        for name in vars(Client)
        if not name.startswith("_") and name not in WITHOUT_MEANING
    }
    assert expected <= methods, expected - methods


def camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def test_it_needs_nothing_at_run_time() -> None:
    package = json.loads((TYPESCRIPT / "package.json").read_text())
    assert not package.get("dependencies")
    sources = [path.read_text() for path in (TYPESCRIPT / "src").glob("*.ts")]
    imported = {
        name for text in sources for name in re.findall(r'from "([^"]+)"', text)
    }
    assert imported and all(name.startswith("./") for name in imported)


def test_no_lock_names_a_registry() -> None:
    locks = sorted(TYPESCRIPT.rglob("package-lock.json"))
    ours = [path for path in locks if "node_modules" not in path.parts]
    assert ours and not any('"resolved"' in path.read_text() for path in ours)


def test_its_own_tests() -> None:
    said = run_tests(*sorted((built() / "test").glob("*.test.js")))
    assert re.search(r"pass [1-9]", said), said
