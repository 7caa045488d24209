"""A RelationJudge that says what a test wrote down for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shared.domain.judgement import CHANGES, Judgement, Word

RELATIONS = (
    "same detail update ended correction past elsewhere unrelated"
    " instruction_replaced instruction_added"
).split()
Script = Mapping[tuple[str, str], str | tuple[str, float]]


class ScriptedJudge:
    """The RelationJudge port. `script`: (old, new) to a relation, or to a relation with its
    probability; a side "" fits every text. What is not in it is unrelated. An entry whose
    older side is a part of an older statement says what of that holds no more. `asked`
    holds every pair that was judged, in order.
    """

    archive_from = 0.9
    mark_from = 0.7
    mark_simple_from = 0.7
    likely_from = 0.5

    def __init__(self, script: Script | None = None) -> None:
        self.script = dict(script or {})
        self.asked: list[tuple[str, str]] = []

    async def judge(
        self, pairs: Sequence[tuple[str, str]], *, urgent: bool = False
    ) -> list[Judgement]:
        self.asked += pairs
        return [self._answer(old, new) for old, new in pairs]

    def _answer(self, old: str, new: str) -> Judgement:
        for key in ((old, new), (old, ""), ("", new)):
            if key in self.script:
                relation, sure = _with_probability(self.script[key])
                relations = _likely({relation: sure, "unrelated": 1 - sure})
                return Judgement(relations, tuple(self._outdated(old, new)))
        return Judgement(_likely({"unrelated": 1.0}))

    def _outdated(self, old: str, new: str) -> Iterator[Word]:
        for (part, of), answer in self.script.items():
            relation, sure = _with_probability(answer)
            start = old.find(part)
            if part and part != old and of in ("", new) and start >= 0:
                is_change = relation in CHANGES
                yield Word(start, start + len(part), sure if is_change else 0.0)


def _with_probability(answer: str | tuple[str, float]) -> tuple[str, float]:
    return (answer, 0.99) if isinstance(answer, str) else answer


def _likely(named: Mapping[str, float]) -> dict[str, float]:
    return {name: named.get(name, 0.0) for name in RELATIONS}
