"""Echo: what an answer only repeats of what is remembered is no memory.

A chat answers from memories, some of them out of date, and its turn is remembered. If
the answer's words became memories they would be the newest and the nearest ones to the
same question, and a stale memory would prove itself. So the memories that the answer was
made of travel with the turn, and sentences of the assistant that mostly say what stands
in them, or in the question, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from shared.domain.extraction import Draft
from shared.domain.job import Outcome, Receipt
from shared.domain.kinds import KIND_OF_TYPE, STATEMENTS
from shared.domain.memory import Memory, message_ids_of
from shared.domain.passage import Talk
from shared.language.lexical import index_terms, without_date
from shared.language.sentences import is_question, joined, sentences
from workers.pipeline.job_run import JobRun

REPEATED = 0.5
"""Share of a sentence's words from which it repeats: an answer dresses a memory up with
words of its own ("for your weekend I would ...").
"""
SCATTERED = 0.8
"""The same where the words stand in several memories."""
OWN = 0.5
"""Share of a sentence's words that the user said, too, from which it is the user's word."""
REASON = "only repeats what was remembered"
_AFTER_YEAR = re.compile(r"(?<=\d{4}\.)\s+(?=[A-ZÀ-Þ])")
"""A sentence that ends with a year; other numbers with a point may be ordinals."""
_FRAME = frozenset("user assist said 用户 助手 说 手说".split())
"""Terms of who speaks: "Assistant:", "the user's assistant said", 助手说."""


@dataclass(frozen=True, slots=True)
class _TalkWords:
    """Words by where they stand."""

    recalled: Mapping[str, frozenset[str]]
    """Of each memory that the answer was made of, by id."""
    asked: frozenset[str]
    """Of all that the user says in the talk."""
    stated: frozenset[str]
    """Of what the user states in it."""

    def nearest(self, words: frozenset[str]) -> str:
        """The id of the memory that has most of the words."""
        return max(self.recalled, key=lambda id: len(self.recalled[id] & words))

    def repeats(self, sentence: str) -> bool:
        """Whether most of a sentence is remembered or asked, and not stated by the user."""
        words = _words(sentence)
        if not words:
            return True
        if len(words & self.stated) >= OWN * len(words):
            return False
        nearest = self.recalled[self.nearest(words)]
        every = self.asked.union(*self.recalled.values())
        return bool(words & nearest) and (
            len(words & (nearest | self.asked)) >= REPEATED * len(words)
            or len(words & every) >= SCATTERED * len(words)
        )


async def without_echo(
    run: JobRun, talk: Talk, drafts: Sequence[Draft], recalled: Sequence[str]
) -> list[Draft]:
    """The drafts without what the assistant only repeated of the recalled memories;
    receipts say what was left out.
    """
    if not recalled:
        return list(drafts)
    memories = await run.context.memories.get(run.job.scope.project, recalled)
    if not memories:
        return list(drafts)
    talk_words = _talk_words(talk, memories)
    by_assistant = {m.id for m in talk.messages if m.role == "assistant"}
    remaining: list[Draft] = []
    receipts: list[Receipt] = []
    for draft in drafts:
        rest = (
            _new_part(draft, talk_words)
            if _is_from(draft, by_assistant)
            else draft.text
        )
        if rest:
            remaining.append(draft if rest == draft.text else replace(draft, text=rest))
        else:
            nearest = talk_words.nearest(_words(draft.text))
            kind = KIND_OF_TYPE[draft.type]
            receipts.append(Receipt("", Outcome.DROPPED, kind, REASON, nearest))
    if receipts:
        await run.save(receipts=tuple(dict.fromkeys((*run.job.receipts, *receipts))))
    return remaining


def _is_from(draft: Draft, messages: set[str]) -> bool:
    """Whether a statement was read, at least in part, in some messages."""
    ids = message_ids_of(draft.origins)
    return KIND_OF_TYPE[draft.type] in STATEMENTS and not messages.isdisjoint(ids)


def _new_part(draft: Draft, talk_words: _TalkWords) -> str:
    """The sentences of a draft that say something new; its text where all do."""
    said = list(chain.from_iterable(map(_AFTER_YEAR.split, sentences(draft.text))))
    new = [sentence for sentence in said if not talk_words.repeats(sentence)]
    if len(new) == len(said):
        return draft.text
    return joined(new)


def _talk_words(talk: Talk, memories: Sequence[Memory]) -> _TalkWords:
    users = [message.text for message in talk.messages if message.role == "user"]
    said = chain.from_iterable(map(sentences, users))
    stated = [sentence for sentence in said if not is_question(sentence)]
    return _TalkWords(
        recalled={memory.id: _words(memory.text) for memory in memories},
        asked=_words(" ".join(users)),
        stated=_words(" ".join(stated)),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(index_terms(without_date(text))) - _FRAME
