"""Checks the training data: form, duplicates and near-duplicates, those over both splits above all.

`python -m training.check` prints what is wrong, one line each, and counts; it fails if anything of
the form is wrong or two items are the same. Near-duplicates are shown, and fail above a share.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from training import data
from training.data import DATA, DataError, Message, Pair, Split, Talk, split_of
from training.instructions import TAUGHT, UNSEEN, Instruction, read_instruction
from training.lives import Life, read_life
from training.met_pairs import MetPair, read_met
from training.named_things import read_named

SHINGLE = 5
"""Characters that lie together in the pieces that texts are compared by."""
NEAR = 0.8
"""The share of common pieces (of all pieces of both) from which two texts are nearly the same."""
MOST_COMMON = 400
"""A piece in more texts than this tells nothing, and is not looked at."""
FEWEST_SHINGLES = 8
"""Shorter texts are compared for being the same only."""
MOST_NEAR_SHARE = 0.01

Item = Talk | Pair | Message | Life | MetPair | Instruction
READERS: dict[str, Callable[[dict[str, Any], str], Item]] = {
    "talks.jsonl": data.read_talk,
    "pairs.jsonl": data.read_pair,
    "says.jsonl": data.read_message,
    "lives.jsonl": read_life,
    "met.jsonl": read_met,
    "met_unseen.jsonl": read_met,
    "named.jsonl": read_named,
    "named_unseen.jsonl": read_named,
    TAUGHT: read_instruction,
    UNSEEN: read_instruction,
}


@dataclass(frozen=True)
class Text:
    """A text to compare, where it is from, and whether a model is trained on it."""

    source: str
    text: str
    split: Split


@dataclass(frozen=True)
class Findings:
    """What the check found: lines for people, and whether it fails."""

    errors: list[str]
    same: list[str]
    near: list[str]
    counts: dict[str, int]

    @property
    def failed(self) -> bool:
        items = max(1, sum(self.counts.get(name, 0) for name in READERS))
        too_near = len(self.near) > MOST_NEAR_SHARE * items
        return bool(self.errors or self.same or too_near)


def check(root: Path = DATA) -> Findings:
    """Everything in the folders of `root`."""
    errors: list[str] = []
    items: list[Item] = []
    counts: Counter[str] = Counter()
    for name, read in READERS.items():
        for source, said in data.lines(root, name):
            try:
                items.append(data.read_at(source, read, said))
                counts[name] += 1
            except DataError as error:
                errors.append(str(error))
    counts.update(_details(items))
    texts = [text for item in items for text in _texts(item)]
    near = near_duplicates(texts)
    same = [
        f"{a.source} = {b.source}: {a.text[:80]}" for a, b, share in near if share == 1
    ]
    close = [_shown(a, b) for a, b, share in near if share < 1]
    return Findings(errors, same, close, dict(counts))


def near_duplicates(texts: Sequence[Text]) -> list[tuple[Text, Text, float]]:
    """Pairs of texts that are the same or nearly so, with the share of what they have in common:
    of their telling pieces, among all pieces of both.
    """
    pieces = [_pieces(text.text) for text in texts]
    telling = _telling(pieces)
    findings: list[tuple[Text, Text, float]] = []
    for a, b in sorted(_candidates(pieces, telling)):
        common = len(set(telling[a]).intersection(telling[b]))
        share = common / len(pieces[a] | pieces[b])
        if share >= NEAR:
            findings.append((texts[a], texts[b], round(share, 3)))
    return sorted(findings, key=lambda item: -item[2])


def _telling(pieces: Sequence[Set[str]]) -> list[list[int]]:
    """The pieces of each text that are not in too many, as ranks: the rarest one's is the least."""
    often = Counter(chain.from_iterable(pieces))
    rarest_first = sorted(often, key=often.__getitem__)
    ranks = {
        piece: rank
        for rank, piece in enumerate(rarest_first)
        if often[piece] <= MOST_COMMON
    }
    return [sorted(ranks[piece] for piece in own if piece in ranks) for own in pieces]


def _candidates(
    pieces: Sequence[Set[str]], telling: Sequence[Sequence[int]]
) -> set[tuple[int, int]]:
    """Pairs of texts that may be nearly the same; no such pair is missing.

    Prefix filtering (Chaudhuri et al., 2006; Bayardo et al., 2007): two sets with k members in
    common, both in the same order, have one of them among their first n - k + 1. In the order of
    rarity few other texts hold those.
    """
    found: set[tuple[int, int]] = set()
    holders: dict[int, list[int]] = defaultdict(list)
    for number, (own, ranks) in enumerate(zip(pieces, telling, strict=True)):
        fewest_common = int(NEAR * len(own))
        for rank in ranks[: max(0, len(ranks) - fewest_common + 1)]:
            found.update((other, number) for other in holders[rank])
            holders[rank].append(number)
    return found


def _pieces(text: str) -> set[str]:
    """Every few characters that lie together; the whole of a short text."""
    plain = " ".join(text.lower().split())
    pieces = {plain[at : at + SHINGLE] for at in range(len(plain) - SHINGLE + 1)}
    return pieces if len(pieces) >= FEWEST_SHINGLES else {plain}


def _texts(item: Item) -> list[Text]:
    """What of an item is compared with the rest."""
    split = split_of(item)
    if isinstance(item, Talk | Life | Instruction):
        return [Text(item.source, item.identity, split)]
    if isinstance(item, Pair | MetPair):
        return [Text(item.source, f"{item.old} / {item.new}", split)]
    return [Text(item.source, f"{item.role} / {item.previous} / {item.text}", split)]


def _shown(first: Text, second: Text) -> str:
    leak = "" if first.split == second.split else " (in both splits)"
    return f"{first.source} ~ {second.source}{leak}: {first.text[:80]}"


def _details(items: Iterable[Item]) -> Counter[str]:
    """Numbers of everything that the data should have much of."""
    counts: Counter[str] = Counter()
    for item in items:
        name = type(item).__name__.lower()
        counts[f"{name} {split_of(item)}"] += 1
        counts[f"{name} in {item.language}"] += 1
        if isinstance(item, Talk):
            counts[f"talk of {item.kind}"] += 1
            counts["questions"] += len(item.questions)
            counts.update(f"question: {question.type}" for question in item.questions)
        elif isinstance(item, Pair | MetPair):
            counts[f"relation: {item.relation}"] += 1
        elif isinstance(item, Life):
            counts["changes of lives"] += len(item.changes)
            counts["questions about lives"] += len(item.questions)
            counts.update(f"question: {question.type}" for question in item.questions)
        elif isinstance(item, Instruction):
            counts["instructions on every answer"] += item.bears
        else:
            counts.update(f"label: {label}" for label in item.labels)
            counts["messages worth keeping"] += bool(item.parts)
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=DATA)
    findings = check(parser.parse_args().root)
    for title, lines in (
        ("wrong form", findings.errors),
        ("twice", findings.same),
        ("nearly twice", findings.near),
    ):
        for line in lines:
            print(f"{title}: {line}")
    for name, count in sorted(findings.counts.items()):
        print(f"{count:7d}  {name}")
    return int(findings.failed)


if __name__ == "__main__":
    sys.exit(main())
