"""Names in a list of a request that mean nothing here. They are ignored, since other
releases of the service may know them, and said, since mostly they are misspelt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shared.domain.kinds import KIND_OF_VIEW
from shared.language.fact_views import VIEWS

MOST_IDS = 20
"""Unknown ids of one request that are remarked."""


def unknown_names(
    field: str, names: Iterable[str], there_are: Iterable[str]
) -> Iterator[str]:
    """A remark for each of the names that there is not."""
    existing = list(there_are)
    for name in dict.fromkeys(names):
        if name not in existing:
            yield f"{field}: {name[:60]!r} is none of {', '.join(existing)}"


def unknown_ids(ids: Iterable[str], there_are: Iterable[str]) -> Iterator[str]:
    """A remark for each id, up to some, that no memory has."""
    existing = set(there_are)
    unknown = [id for id in dict.fromkeys(ids) if id not in existing]
    for id in unknown[:MOST_IDS]:
        yield f"no memory {id[:60]}"


def unknown_views(field: str, names: Iterable[str]) -> Iterator[str]:
    """The same of names of views."""
    return unknown_names(field, names, (*KIND_OF_VIEW, *VIEWS))
