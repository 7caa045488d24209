"""Whatever the judge says of whatever is said in whichever order: nothing is lost on the way."""

from __future__ import annotations

import random

import pytest

from tests.fakes.judge import RELATIONS, ScriptedJudge
from tests.unit.merge.store import Store, fact

STATEMENTS = (
    "The user lives in Lyon.",
    "The user lives in Rome now.",
    "User: Rent is 940, internet 35.",
    "User: The rent is 1,020 now.",
    "User: The rent was 800, and internet 20.",
    "The user plays the cello and lives in Lyon with Ben.",
)
TALKS, LENGTH = 20, 12


@pytest.mark.parametrize("seed", range(15))
async def test_every_statement_is_stored_or_another_says_it(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(TALKS):
        store = Store(ScriptedJudge(_opinions(chance)))
        for _ in range(LENGTH):
            batch = chance.sample(STATEMENTS, chance.choice((1, 1, 2, 3)))
            at = chance.randrange(6)
            merged = await store.add(*(fact(text, at) for text in batch))
            ids = {entry.memory.id for entry in store.all()}
            assert len(merged.receipts) == len(batch)
            for receipt in merged.receipts:
                assert receipt.memory in ids or receipt.other in ids
        assert store.texts(), "the last word on something is active"


def _opinions(chance: random.Random) -> dict[tuple[str, str], tuple[str, float]]:
    """What a judge says of each (old, new)."""
    return {
        (old, new): (chance.choice(RELATIONS), chance.choice((0.6, 0.85, 0.99)))
        for old in STATEMENTS
        for new in STATEMENTS
    }
