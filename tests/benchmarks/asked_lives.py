"""How well the lives that no model was trained on are remembered and found:
`python -m tests.benchmarks.asked_lives [--misses]`.

Each life is told to the real extractor and merge in this process, a statement an add, and
asked what its writer asked weeks later. A memory counts as the statement that it was read
in, and as those that its notes of later changes quote, so nothing hangs on words. Of each
type of question: how often a statement that answers it comes first, or among the first
three, of the facts or of the preferences; how often one passes the default threshold; and,
where something has changed, how often what no longer holds comes before it, with no note
of it. Of what was never said: how often nothing comes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.gateway.recall.scoring import ScoredMatch
from shared.domain.identity import computed_id
from shared.domain.memory import Kind, Memory
from shared.domain.memory_detail import NOTES
from tests.benchmarks.chosen_embedder import add_embedder_option, chosen_embedder
from tests.benchmarks.everyday import THRESHOLD, InProcess
from tests.benchmarks.everyday_talks import Story, TalkMessage
from training.data import Question, split
from training.lives import Life, load_lives

EARLY = 3
BEGAN = date(2025, 3, 1)
APART_DAYS = 6
"""Between two statements."""

Found = Mapping[Kind, Sequence[ScoredMatch]]


@dataclass(frozen=True)
class Told:
    """A life as it is told, and which statement each message is."""

    life: Life
    story: Story
    statements: Mapping[str, int]

    def places(self, memory: Memory) -> set[int]:
        """The statements that a memory was read in."""
        ids = {id for origin in memory.origins for id in origin.message_ids}
        return {self.statements[id] for id in ids if id in self.statements}

    def quoted(self, memory: Memory, stored: Mapping[str, Memory]) -> set[int]:
        """The statements that the notes beside a memory quote."""
        notes = [note for name in NOTES for note in memory.detail.get(name, ())]
        by = [stored[note["by"]] for note in notes if note["by"] in stored]
        return {place for memory in by for place in self.places(memory)}


def told(life: Life, number: int) -> Told:
    """A life as adds: what the assistant had asked stands before its answer."""
    name = f"life-{number}"
    adds: list[tuple[str, tuple[TalkMessage, ...]]] = []
    statements: dict[str, int] = {}
    for place, said in enumerate(life.said):
        at = f"{BEGAN + timedelta(days=APART_DAYS * place)} 10:00:00"
        speaker = {"": "user", "Assistant": "assistant"}.get(said.speaker, said.speaker)
        messages = [TalkMessage(speaker, said.text, at, filler=False)]
        if said.asked:
            messages.insert(0, TalkMessage("assistant", said.asked, at, filler=True))
        job = computed_id(name, place)
        statements[computed_id(job, len(messages) - 1)] = place
        adds.append((f"{name}-{place}", tuple(messages)))
    story = Story(name, life.language, tuple(adds), (), (), (), ())
    return Told(life, story, statements)


@dataclass(frozen=True)
class Outcome:
    """What came for a question."""

    type: str
    place: int
    """Of the first match that answers it, over both lists; -1 if none does."""
    passed: bool
    """One of those that pass the threshold answers it; with `never`: nothing passes."""
    is_outdated: bool
    """What no longer holds comes before it."""


def outcome(
    told: Told,
    question: Question,
    every: Found,
    sure: Found,
    stored: Mapping[str, Memory],
) -> Outcome:
    """What the answers to one question are worth."""
    wanted = set(question.evidence)
    if not wanted:
        return Outcome(question.type, -1, not any(sure.values()), False)

    def answers(match: ScoredMatch) -> bool:
        read_in = told.places(match.memory) | told.quoted(match.memory, stored)
        return bool(read_in & wanted)

    place = _first(every, answers)
    passed = _first(sure, answers) >= 0
    outdated = {change.old for change in told.life.changes if change.new in wanted}
    before = [
        told.places(match.memory)
        for matches in every.values()
        for match in matches[: place if place >= 0 else len(matches)]
    ]
    is_outdated = question.type == "update" and any(
        places and places <= outdated - wanted for places in before
    )
    return Outcome(question.type, place, passed, is_outdated)


def _first(found: Found, answers: Callable[[ScoredMatch], bool]) -> int:
    places = [
        next((at for at, match in enumerate(matches) if answers(match)), None)
        for matches in found.values()
    ]
    return min((place for place in places if place is not None), default=-1)


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Shares of the questions."""
    asked = [o for o in outcomes if o.type != "never"]
    changed = [o for o in asked if o.type == "update"]
    silent = [o for o in outcomes if o.type == "never"]
    return {
        "questions": len(outcomes),
        "found@1": _share([o.place == 0 for o in asked]),
        f"found@{EARLY}": _share([0 <= o.place < EARLY for o in asked]),
        f"found@{THRESHOLD}": _share([o.passed for o in asked]),
        "outdated_first": _share([o.is_outdated for o in changed]),
        "never_none": _share([o.passed for o in silent]),
    }


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 3) if found else float("nan")


def by_type(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, dict[str, float]]]:
    """The figures of each type of question, then of all."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[one.type].append(one)
    for name, of_type in sorted(groups.items()):
        yield name, figures(of_type)
    yield "all", figures(outcomes)


async def ask(system: InProcess, life: Told, misses: list[str]) -> list[Outcome]:
    """All questions about a life that was told."""
    outcomes: list[Outcome] = []
    stored = {memory.id: memory for memory in system.remembered(life.story)}
    for question in life.life.questions:
        every = await system.matches(life.story, question.text, 0.0)
        sure = await system.matches(life.story, question.text, THRESHOLD)
        outcomes.append(outcome(life, question, every, sure, stored))
        if outcomes[-1].place != 0 and question.evidence:
            first = [matches[0].memory.text for matches in every.values() if matches]
            wanted = [life.life.said[place].text for place in question.evidence]
            misses.append(f"{outcomes[-1]} {question.text}\n  {wanted}\n  {first}")
    return outcomes


async def main() -> None:
    """Tell, ask, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--misses", action="store_true")
    add_embedder_option(parser)
    given = parser.parse_args()
    system = InProcess(await chosen_embedder(given))
    outcomes: list[Outcome] = []
    misses: list[str] = []
    lives = [life for life in split(load_lives())[1] if life.questions]
    for number, life in enumerate(lives):
        one = told(life, number)
        await system.add(one.story)
        outcomes += await ask(system, one, misses)
    if given.misses:
        print("\n".join(misses))
    for name, shares in by_type(outcomes):
        print(json.dumps({"type": name} | shares))


if __name__ == "__main__":
    asyncio.run(main())
