"""Whatever the judge says of whatever is said in whichever order: nothing is lost on the way."""

from __future__ import annotations

import random

import pytest

from shared.domain.memory import Status
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
async def test_every_statement_is_active_or_archived_by_another(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(TALKS):
        store = Store(ScriptedJudge(_opinions(chance)))
        said = set()
        for _ in range(LENGTH):
            batch = chance.sample(STATEMENTS, chance.choice((1, 1, 2, 3)))
            at = chance.randrange(6)
            await store.add(*(fact(text, at) for text in batch))
            said |= set(batch)
        kept = {entry.memory.text for entry in store.all()}
        statuses = {entry.memory.status for entry in store.all()}
        assert kept <= said and statuses <= {Status.ACTIVATED, Status.ARCHIVED}
        assert store.texts(), "the last word on something is active"


def _opinions(chance: random.Random) -> dict[tuple[str, str], tuple[str, float]]:
    """What a judge says of each (old, new)."""
    return {
        (old, new): (chance.choice(RELATIONS), chance.choice((0.6, 0.85, 0.99)))
        for old in STATEMENTS
        for new in STATEMENTS
    }
