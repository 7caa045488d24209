"""Words that the code does not use, because a reader of another project would not know
them.

    python -m tests.vocabulary [FOLDER ...]

prints every place; without folders those in shared, services, workers and clients.

The glossary in `docs/glossary.md` has the words that took their place. Strings are not
looked at: names on the wire, in the store and in settings stay as they are.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("shared", "services", "workers", "clients")

RETIRED = frozenset(
    "desk workshop furnish furnished furniture shift shelf shelves teller notice told"
    " calledoff withdraw withdrawn paper papers"
    " voice courtesy gist cues wishes company ledger outdone spent mourn blame shop beat".split()
)
"""Words that are part of no identifier and stand in no docstring or comment: each is a
picture for something that has a name.
"""

RETIRED_NAMES = frozenset(
    "found kept shown one each known told bring_in lock_up call_off to_tell told_at".split()
)
"""Identifiers that say how a value came to be and not what it is, or that stand for a term of the field."""

PUBLIC_NAMES = {
    "services/gateway/schemas/transfer.py": {"known"},
    "services/gateway/memories/export_import.py": {"known"},
    "shared/adapters/qdrant/job_record.py": {"notice", "told"},
    "clients/python/souvenir_client/calls.py": {"bring_in"},
    "clients/python/souvenir_client/client.py": {"bring_in"},
    "clients/python/souvenir_client/async_client.py": {"bring_in"},
}
"""Retired identifiers that stay where they are: a field of the wire, and the documented
alias of a method of the client.
"""

_WORD = re.compile(r"[A-Z]?[a-z]+")


def places(path: Path) -> Iterator[str]:
    """Every place in a file where a retired word stands, as `file:line word`."""
    text = path.read_text(encoding="utf-8")
    public = PUBLIC_NAMES.get(str(path.relative_to(ROOT)), set())
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.string in public:
            continue
        if token.type == tokenize.NAME:
            retired = token.string in RETIRED_NAMES or parts(token.string) & RETIRED
        elif token.type == tokenize.COMMENT:
            retired = bool(parts(token.string) & RETIRED)
        else:
            continue
        if retired:
            yield f"{path.relative_to(ROOT)}:{token.start[0]} {token.string}"
    for line, words in docstrings(ast.parse(text)):
        for word in sorted(parts(words) & RETIRED - public):
            yield f"{path.relative_to(ROOT)}:{line} in the docstring: {word}"


def parts(identifier: str) -> set[str]:
    """The words of an identifier or a text, in lower case."""
    return {word.lower() for word in _WORD.findall(identifier)}


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every string that stands as a statement."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.lineno, node.value.value


def all_places(folders: Iterable[str] = FOLDERS) -> list[str]:
    """The places in all Python files of some folders."""
    files = [
        path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))
    ]
    return [place for path in files for place in places(path)]


if __name__ == "__main__":
    print("\n".join(all_places(sys.argv[1:] or FOLDERS)))
