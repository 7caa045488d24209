"""Reading and judging where the small models cannot run: everything that is no question
is kept, and nothing is taken for a change.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.judgement import Judgement
from shared.domain.message_reading import KeptPart, Reading, Utterance
from shared.language.sentences import is_question, sentence_spans

_KINDS = {"fact": 1.0}
_ABOUT = {"user": 1.0}


class KeepingReader:
    """The MessageReader port: every sentence but questions is a fact."""

    async def read(
        self, messages: Sequence[Utterance], *, urgent: bool = False
    ) -> list[Reading]:
        """One reading a message, in order."""
        return [_reading(message.text) for message in messages]


class CautiousJudge:
    """The RelationJudge port: no statement bears on another one."""

    archive_from = 1.01
    mark_from = 1.01
    mark_simple_from = 1.01
    likely_from = 1.01

    async def judge(
        self, pairs: Sequence[tuple[str, str]], *, urgent: bool = False
    ) -> list[Judgement]:
        """Each pair is unrelated."""
        return [Judgement({"unrelated": 1.0}) for _ in pairs]


def _reading(text: str) -> Reading:
    parts = tuple(
        KeptPart(start, end, 1.0, _KINDS, _ABOUT)
        for start, end in sentence_spans(text)
        if not is_question(text[start:end])
    )
    return Reading({"worth_keeping": float(bool(parts))}, _ABOUT, parts)
