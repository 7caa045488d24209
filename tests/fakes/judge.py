"""A RelationJudge that says what a test wrote down for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

RELATIONS = (
    "same detail update ended correction past elsewhere unrelated"
    " instruction_replaced instruction_added"
).split()


class ScriptedJudge:
    """The RelationJudge port. `script`: (old, new) to a relation, or to a relation with its
    probability; a side "" fits every text. What is not in it is unrelated. `asked` holds
    every pair that was judged, in order.
    """

    archive_from = 0.9
    mark_from = 0.7

    def __init__(
        self, script: Mapping[tuple[str, str], str | tuple[str, float]] | None = None
    ) -> None:
        self.script = dict(script or {})
        self.asked: list[tuple[str, str]] = []

    async def judge(
        self, pairs: Sequence[tuple[str, str]], *, urgent: bool = False
    ) -> list[dict[str, float]]:
        self.asked += pairs
        return [self._answer(old, new) for old, new in pairs]

    def _answer(self, old: str, new: str) -> dict[str, float]:
        for key in ((old, new), (old, ""), ("", new)):
            if key in self.script:
                answer = self.script[key]
                relation, sure = (answer, 0.99) if isinstance(answer, str) else answer
                return _likely({relation: sure, "unrelated": 1 - sure})
        return _likely({"unrelated": 1.0})


def _likely(named: Mapping[str, float]) -> dict[str, float]:
    return {name: named.get(name, 0.0) for name in RELATIONS}
