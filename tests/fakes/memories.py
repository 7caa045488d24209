"""Memories in a dict, searched by going through all of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from shared.domain.cursor import Cursor
from shared.domain.filter import Filter, Filters, names_records
from shared.domain.memory import Candidate, Embedded, Kind, Memory, SparseVector, Status
from shared.domain.memory_detail import VERSION_OF
from shared.domain.memory_list import MemoryList
from shared.domain.scope import Label, Reach, Scope
from shared.domain.validity import held_at
from shared.jobs.clock import now
from tests.fakes.filtering import checked, fits
from tests.fakes.ids import canonical, looked_up

Score = Callable[[Embedded], float | None]


class FakeMemories:
    """`shared.ports.Memories`. `stored` shows what is kept, archived ones too, by id."""

    def __init__(self) -> None:
        self.stored: dict[str, Embedded] = {}

    async def put(self, memories: Sequence[Embedded]) -> None:
        self.stored.update(
            {canonical(embedded.memory.id): embedded for embedded in memories}
        )

    async def get(self, project: str, ids: Sequence[str]) -> list[Memory]:
        results = (self.stored.get(id) for id in dict.fromkeys(map(looked_up, ids)))
        return [
            embedded.memory
            for embedded in results
            if embedded is not None and embedded.memory.scope.project == project
        ]

    async def archive(self, memories: Sequence[Memory]) -> None:
        for memory in memories:
            stored_memory = self.stored.get(memory.id)
            if (
                stored_memory is not None
                and stored_memory.memory.scope.project == memory.scope.project
            ):
                self.stored[memory.id] = Embedded(
                    _marked(stored_memory.memory, memory),
                    stored_memory.lexical,
                    stored_memory.dense,
                )

    async def update_detail(self, memories: Sequence[Memory]) -> None:
        for memory in memories:
            stored_memory = self.stored.get(memory.id)
            if (
                stored_memory is not None
                and stored_memory.memory.scope.project == memory.scope.project
            ):
                noted = replace(
                    stored_memory.memory,
                    detail=memory.detail,
                    updated_at=memory.updated_at,
                    last_change=memory.last_change,
                )
                self.stored[memory.id] = Embedded(
                    noted, stored_memory.lexical, stored_memory.dense
                )

    async def update_thumbs(self, memories: Sequence[Memory]) -> None:
        for memory in memories:
            self._change(memory.scope.project, memory.id, thumbs=memory.thumbs)

    async def mark_recalled(self, project: str, ids: Sequence[str], at: int) -> None:
        for id in map(looked_up, ids):
            self._change(project, id, recalled_at=at)

    def _change(self, project: str, id: str, **fields: object) -> None:
        stored = self.stored.get(id)
        if stored is not None and stored.memory.scope.project == project:
            changed = replace(stored.memory, **fields)  # type: ignore[arg-type]
            self.stored[id] = replace(stored, memory=changed)

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        self._forget(memory.id for memory in await self.get(project, ids))

    async def delete_forgotten(self, before: int) -> None:
        self._forget(
            [
                embedded.memory.id
                for embedded in self.stored.values()
                if embedded.memory.status is Status.FORGOTTEN
                and embedded.memory.updated_at < before
            ]
        )

    async def delete_where(
        self,
        project: str,
        user: str = "",
        filter: Filter | None = None,
        knowledge_base: str = "",
        source: str = "",
        fast_of_job: str = "",
    ) -> None:
        if not project or not (
            user or filter or knowledge_base or source or fast_of_job
        ):
            raise ValueError("delete_where needs a project and something else to go by")
        checked(filter)
        self._forget(
            [
                memory.id
                for memory in self._of(project)
                if (not user or memory.scope.user == user)
                and (not knowledge_base or memory.knowledge_base == knowledge_base)
                and (
                    not source
                    or any(origin.source == source for origin in memory.origins)
                )
                and (not fast_of_job or (memory.fast and memory.job == fast_of_job))
                and fits(memory, filter)
            ]
        )

    async def candidates(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        lexical: SparseVector,
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[Kind, list[Candidate]]:
        for each_filter in (filters.user, filters.knowledge_base, filters.public):
            checked(each_filter)
        within = [
            embedded
            for embedded in self.stored.values()
            if _reached(embedded.memory, reach, Filters())
        ]
        wanted = [
            embedded
            for embedded in self.stored.values()
            if _reached(embedded.memory, reach, filters)
        ]
        by_words, by_meaning = _by_words(lexical, within), _by_meaning(dense)
        return {
            kind: _merged(
                _best(of_kind, by_words, limit), _best(of_kind, by_meaning, limit)
            )
            for kind, limit in kinds.items()
            for of_kind in [
                [embedded for embedded in wanted if embedded.memory.kind is kind]
            ]
        }

    async def cosines(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[str, float]:
        no_words = SparseVector((), ())
        by_kind = await self.candidates(reach, kinds, no_words, dense, filters)
        return {
            candidate.memory.id: candidate.dense or 0.0
            for of_kind in by_kind.values()
            for candidate in of_kind
        }

    async def reached(
        self, reach: Reach, ids: Sequence[str], filters: Filters
    ) -> list[Memory]:
        for each_filter in (filters.user, filters.knowledge_base, filters.public):
            checked(each_filter)
        stored = await self.get(reach.project, ids)
        return [memory for memory in stored if _reached(memory, reach, filters)]

    async def similar(
        self,
        scope: Scope,
        kind: Kind,
        dense: Sequence[Sequence[float]],
        limit: int,
        knowledge_base: str = "",
    ) -> list[list[Candidate]]:
        own = [
            embedded
            for embedded in self.stored.values()
            if _own(embedded.memory, scope, knowledge_base)
            and embedded.memory.kind is kind
            and (knowledge_base or not embedded.memory.is_record)
            and not embedded.memory.has_expired(now())
        ]
        vectors = {embedded.memory.id: embedded.dense for embedded in own}
        return [
            [
                Candidate(memory, dense=score, vector=vectors[memory.id])
                for memory, score in _best(own, _by_meaning(vector), limit)
            ]
            for vector in dense
        ]

    async def page(
        self,
        project: str,
        user: str | None,
        kind: Kind | None,
        offset: int,
        limit: int,
        filter: Filter | None = None,
        status: Status = Status.ACTIVATED,
        *,
        expired: bool = False,
        as_of: int = 0,
        knowledge_base: str = "",
    ) -> tuple[list[Memory], int]:
        wanted = MemoryList(
            project, user, kind, filter, status, expired, as_of, knowledge_base
        )
        results = self._of_list(wanted)
        results.sort(key=lambda memory: (-memory.created_at, memory.id))
        return results[offset : offset + limit], len(results)

    async def following(
        self, wanted: MemoryList, cursor: Cursor | None, limit: int
    ) -> list[Memory]:
        sign = -1 if wanted.newest_first else 1
        ordered = sorted(
            self._of_list(wanted),
            key=lambda memory: (sign * memory.created_at, memory.id),
        )
        if cursor is not None:
            last = (sign * cursor.at, cursor.id)
            ordered = [m for m in ordered if (sign * m.created_at, m.id) > last]
        return ordered[:limit]

    def _of_list(self, wanted: MemoryList) -> list[Memory]:
        checked(wanted.filter)
        as_of = wanted.as_of
        return [
            memory
            for memory in self._of(wanted.project)
            if wanted.kind in (memory.kind, None)
            and wanted.user in (memory.scope.user, None)
            and (held_at(memory, as_of) if as_of else _has(memory, wanted.status))
            and memory.knowledge_base == wanted.knowledge_base
            and (wanted.expired or not memory.has_expired(as_of or now()))
            and fits(memory, wanted.filter)
        ]

    async def with_vectors(
        self, project: str, user: str, limit: int
    ) -> list[Candidate]:
        scope = Scope(project, user)
        return [
            Candidate(embedded.memory, vector=embedded.dense)
            for embedded in self.stored.values()
            if embedded.dense is not None and _own(embedded.memory, scope, "")
        ][:limit]

    async def labels(self, project: str, label: Label) -> dict[str, int]:
        named = (
            str(getattr(memory.scope, label))
            for memory in self._of(project)
            if memory.status is Status.ACTIVATED and not memory.knowledge_base
        )
        return dict(Counter(name for name in named if name))

    async def users(self, project: str) -> list[str]:
        return sorted(await self.counts(project))

    async def counts(self, project: str) -> dict[str, dict[Kind, int]]:
        by_user: dict[str, dict[Kind, int]] = {}
        for memory in self._of(project):
            if not memory.knowledge_base and memory.status is Status.ACTIVATED:
                counts = by_user.setdefault(memory.scope.user, {})
                counts[memory.kind] = counts.get(memory.kind, 0) + 1
        return by_user

    def _of(self, project: str) -> Iterable[Memory]:
        return (
            embedded.memory
            for embedded in self.stored.values()
            if embedded.memory.scope.project == project
        )

    def _forget(self, ids: Iterable[str]) -> None:
        """With the earlier versions in their projects, and those of them."""
        gone = {id: self.stored.pop(id).memory.scope.project for id in list(ids)}
        if not gone:
            return
        self._forget(
            [
                id
                for id, entry in self.stored.items()
                if gone.get(str(entry.memory.detail.get(VERSION_OF, "")))
                == entry.memory.scope.project
            ]
        )


def _has(memory: Memory, status: Status | None) -> bool:
    return status in (memory.status, None)


def _best(
    among: Iterable[Embedded], score: Score, limit: int
) -> list[tuple[Memory, float]]:
    """The memories that have a score, best first."""
    scored = [
        (embedded.memory, value)
        for embedded in among
        if (value := score(embedded)) is not None
    ]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].id))[:limit]


def _marked(stored_memory: Memory, given: Memory) -> Memory:
    return replace(
        stored_memory,
        status=given.status,
        updated_at=given.updated_at,
        replaced=given.replaced,
        valid_until=given.valid_until,
        last_change=given.last_change,
    )


def _own(
    memory: Memory,
    scope: Scope,
    knowledge_base: str,
    status: Status = Status.ACTIVATED,
) -> bool:
    if (
        memory.scope.project != scope.project
        or memory.status is not status
        or memory.knowledge_base != knowledge_base
    ):
        return False
    return bool(knowledge_base) or memory.scope.user == scope.user


def _reached(memory: Memory, reach: Reach, filters: Filters) -> bool:
    """A memory is in one place: in a knowledge base, in public, or with its user."""
    if memory.scope.project != reach.project:
        return False
    is_standing = memory.status is Status.ACTIVATED
    if not (held_at(memory, reach.as_of) if reach.as_of else is_standing):
        return False
    if memory.has_expired(reach.as_of or now()) and not reach.expired:
        return False
    if memory.knowledge_base:
        named = (
            reach.all_knowledge_bases or memory.knowledge_base in reach.knowledge_bases
        )
        return named and fits(memory, filters.knowledge_base)
    if memory.is_record and not names_records(filters.user):
        return False
    if memory.public and reach.public and not memory.is_record:
        return fits(memory, filters.public)
    is_own = reach.everybody or memory.scope.user == reach.user
    return is_own and fits(memory, filters.user)


def _by_words(asked: SparseVector, corpus: Sequence[Embedded]) -> Score:
    """Dot product with the inverse document frequencies of the corpus: Qdrant's `idf`
    modifier, ln(1 + (N - n + 0.5) / (n + 0.5)).
    """
    weights = {
        term: weight * _idf(term, corpus)
        for term, weight in zip(asked.indices, asked.values, strict=True)
    }

    def score(embedded: Embedded) -> float | None:
        shared = [
            weights[term] * value
            for term, value in zip(
                embedded.lexical.indices, embedded.lexical.values, strict=True
            )
            if term in weights
        ]
        return sum(shared) if shared else None

    return score


def _idf(term: int, corpus: Sequence[Embedded]) -> float:
    having = sum(term in embedded.lexical.indices for embedded in corpus)
    return math.log(1 + (len(corpus) - having + 0.5) / (having + 0.5))


def _by_meaning(asked: Sequence[float]) -> Score:
    """Cosine."""

    def score(embedded: Embedded) -> float | None:
        if embedded.dense is None or not asked:
            return None
        return sum(a * b for a, b in zip(embedded.dense, asked, strict=True)) / (
            math.hypot(*embedded.dense) * math.hypot(*asked)
        )

    return score


def _merged(
    lexical: Iterable[tuple[Memory, float]], dense: Iterable[tuple[Memory, float]]
) -> list[Candidate]:
    results: dict[str, Candidate] = {
        memory.id: Candidate(memory, lexical=score) for memory, score in lexical
    }
    for memory, score in dense:
        lexical_match = results.get(memory.id)
        results[memory.id] = Candidate(
            memory, lexical_match.lexical if lexical_match else None, score
        )
    return list(results.values())
