"""How the query of an address is read: as the fields of a body are. An empty value counts as
absent, a number that is too large as the largest, and what has another effect than it seems
to have, or none, is said (contract, section 0).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Protocol

from starlette.datastructures import QueryParams
from starlette.requests import Request

_MOST = 20
"""Remarks of one request on parameters that there are not."""
_SHOWN = 60
"""Characters of such a name, or of a number."""


class Parameter(Protocol):
    """A parameter of a query, as FastAPI describes it."""

    @property
    def alias(self) -> str:
        """Its name."""

    field_info: Any

    def validate(self, value: Any) -> tuple[Any, list[dict[str, Any]]]:
        """What a value counts as, and what is wrong with it."""


class Dependencies(Protocol):
    """What a route depends on, as FastAPI describes it."""

    query_params: list[Any]
    dependencies: list[Any]
    call: Any


def whole_query(request: Request) -> dict[str, Any]:
    """The values of a query, a list where a name comes several times: to depend on, for a
    route that itself says something of every name that means nothing, or refuses it.
    """
    query = request.query_params
    values = {name: query.getlist(name) for name in query}
    return {n: given if len(given) > 1 else given[0] for n, given in values.items()}


class SentQuery:
    """How one route reads its queries; `in_vain`: names that clients send anyway."""

    def __init__(self, route: Dependencies, in_vain: Iterable[str]) -> None:
        every = list(_with_dependencies(route))
        parameters = chain.from_iterable(part.query_params for part in every)
        self._parameters: Mapping[str, Parameter] = {p.alias: p for p in parameters}
        self._reads_all = any(part.call is whole_query for part in every)
        self._meant = {*self._parameters, *in_vain}

    def without_empty(self, request: Request) -> Request:
        """The request without the values that count as absent."""
        sent = request.query_params.multi_items()
        given = [(name, v) for name, v in sent if v or not self._may_lack(name)]
        if len(given) == len(sent):
            return request
        query = str(QueryParams(given)).encode()
        return Request({**request.scope, "query_string": query}, request.receive)

    def _may_lack(self, name: str) -> bool:
        parameter = self._parameters.get(name)
        return parameter is not None and not parameter.field_info.is_required()

    def remarks(self, sent: QueryParams) -> list[str]:
        """Which numbers count as others, and which parameters there are not."""
        return [*self._counted_otherwise(sent), *self._unknown(sent)]

    def _counted_otherwise(self, sent: QueryParams) -> Iterator[str]:
        for name in self._parameters.keys() & sent.keys():
            read, problems = self._parameters[name].validate(sent[name])
            is_number = isinstance(read, int | float) and not isinstance(read, bool)
            if is_number and not problems and float(sent[name]) != read:
                yield f"{name}: {sent[name][:_SHOWN]} counts as {read:g}"

    def _unknown(self, sent: QueryParams) -> list[str]:
        if self._reads_all:
            return []
        unknown = [n for n, value in sent.items() if value and n not in self._meant]
        names = [name[:_SHOWN] for name in unknown[:_MOST]]
        return [f"{name}: there is no such parameter" for name in names]


def _with_dependencies(route: Dependencies) -> Iterator[Dependencies]:
    yield route
    for dependency in route.dependencies:
        yield from _with_dependencies(dependency)
