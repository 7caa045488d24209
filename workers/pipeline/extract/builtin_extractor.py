"""The extractor that needs no language model, no key and no network: a small model reads
what each message is and what of it is worth keeping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, pairwise

from shared.domain.extraction import Draft, Extraction
from shared.domain.message import Message
from shared.domain.passage import Passage, Talk
from shared.language.words import word_count
from shared.ports import Embedder, ExtractorCall, MessageReader
from workers.pipeline.extract.facts.answered import what_is_reset
from workers.pipeline.extract.facts.assistant_news import tells_news
from workers.pipeline.extract.facts.passage_facts import facts_of_passages
from workers.pipeline.extract.facts.pointed_at import means_by_place, meant_option
from workers.pipeline.extract.facts.talk_facts import SHORT_CORRECTION, facts
from workers.pipeline.extract.preferences.choices import chosen, only_chooses
from workers.pipeline.extract.preferences.preferences import instructions, preferences
from workers.pipeline.extract.preferences.standing import StandingInstructions
from workers.pipeline.extract.speech.patterns import RESETS, ROLE_PLAY, STOPS
from workers.pipeline.extract.speech.speakers import known_speakers
from workers.pipeline.extract.speech.turns import Turn, is_persons, turns_of
from workers.pipeline.extract.statements.read_turns import read_turns
from workers.pipeline.extract.statements.statement import Statement, TurnReading
from workers.pipeline.extract.tools.tool_memories import tool_memories
from workers.pipeline.orders.wordings import is_no_order, speaks_of_forgetting

OWN_TURNS = 3
"""Earlier turns of a person by which a later one is understood."""
FORGETS = 0.9
"""Probability from which a message that has a word of forgetting is an order to forget,
which is not remembered; orders in known words were taken out before.
"""
REMEMBERS = 0.5
"""Probability of an order to remember from which it is none to forget."""
TOLD = 0.9
"""Probability of being worth keeping from which it is no mere order to forget."""
THINKS = 0.5
"""Probability from which an assistant's message is its thinking or a tool call."""


class BuiltInExtractor:
    """The Extractor port on a reader of messages."""

    is_cheap = True

    def __init__(self, reader: MessageReader, embedder: Embedder | None = None) -> None:
        """`embedder`: the one that comes along; without it words tell which instructions
        bear on every answer.
        """
        self._reader = reader
        self._standing = StandingInstructions(embedder)

    def talk_calls(self, talk: Talk) -> Sequence[ExtractorCall]:
        """The talk is read at once."""
        return (lambda earlier: self.from_talk(talk),)

    async def from_talk(self, talk: Talk) -> Extraction:
        """Facts, preferences and tool memory of a talk."""
        turns, previous = _turns(talk)
        readings = await read_turns(turns, previous, self._reader)
        asked = [instructions(read) for read in readings if is_persons(read.turn)]
        standing = await self._standing.among(list(chain.from_iterable(asked)))
        fact_drafts: list[Draft] = []
        preference_drafts: list[Draft] = []
        own = _own_words(talk)
        elsewhere = [m.text for m in talk.elsewhere if m.role == "user"]
        for read, before in zip(readings, previous, strict=True):
            if _says_nothing(read) or _only_echoes(read, talk):
                continue
            choice = _choice(read.turn, before, talk)
            if choice is not None:
                preference_drafts.append(choice)
                if only_chooses(read.turn.text):
                    continue
            option = meant_option(read.turn, before)
            if option and choice is not None and read.statements:
                is_by_place = means_by_place(read.statements[0].text)
                option = option if is_by_place else ""
            elif option:
                read = _as_said(read)
            earlier = own.get(read.turn.message.id, ())
            if _resets(read, before, earlier):
                read = _as_said(read)
            fact_drafts += facts(read, before, earlier, elsewhere, option)
            if choice is None and not option:
                fact_drafts += _changes_only(read, before, earlier)
            if is_persons(read.turn) and not option:
                preference_drafts += preferences(read, before, standing)
        return Extraction((*fact_drafts, *preference_drafts, *tool_memories(talk)))

    async def from_passages(self, passages: Sequence[Passage]) -> Extraction:
        """One fact a passage worth keeping."""
        return Extraction(tuple(facts_of_passages(passages)))


def _turns(talk: Talk) -> tuple[list[Turn], list[Turn | None]]:
    """The turns of the new messages, and the turn before each."""
    speakers = known_speakers((*talk.before, *talk.messages))
    turns: list[Turn] = []
    for message in talk.before[-2:]:
        turns += turns_of(message, speakers)
    earlier = len(turns)
    for message in talk.messages:
        turns += turns_of(message, speakers)
    befores = [before for before, _ in pairwise((None, *turns))] if turns else []
    return turns[earlier:], befores[earlier:]


def _own_words(talk: Talk) -> dict[str, tuple[str, ...]]:
    """For each message of a user what the same person said before it, latest last:
    without the words of others that it quotes.
    """
    messages = (*talk.before, *talk.messages)
    speakers = known_speakers(messages)
    said: dict[str, list[str]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for message in messages:
        if message.role == "user":
            earlier = said.setdefault(message.speaker, [])
            own[message.id] = tuple(earlier[-OWN_TURNS:])
            turns = turns_of(message, speakers)
            texts = [turn.text for turn in turns if _is_senders(turn)]
            earlier += ["\n".join(texts)] if texts else []
    return own


def _is_senders(turn: Turn) -> bool:
    """Whether the words are those of who sent the message."""
    return is_persons(turn) and turn.speaker == turn.message.speaker


def _says_nothing(read: TurnReading) -> bool:
    """Whether a turn is an order to forget, a role in a game, or an assistant's thinking."""
    if is_persons(read.turn):
        if ROLE_PLAY.match(read.turn.text):
            return True
        forgets = read.likely("order_forget") >= FORGETS
        forgets = forgets and read.likely("order_remember") < REMEMBERS
        is_statement = read.likely("worth_keeping") >= TOLD
        is_named = speaks_of_forgetting(read.turn.text) and not is_no_order(
            read.turn.text
        )
        is_standing = bool(STOPS.match(read.turn.text))
        return forgets and is_named and not (is_statement or is_standing)
    return read.likely("thinking") >= THINKS


def _only_echoes(read: TurnReading, talk: Talk) -> bool:
    """Whether an assistant's turn says nothing but that it has understood."""
    if is_persons(read.turn) or read.turn.is_quoted:
        return False
    messages = [*talk.before, *talk.messages]
    place = next((n for n, m in enumerate(messages) if m.id == read.turn.message.id), 0)
    said = [m.text for m in messages[:place] if m.role == "user"]
    return not tells_news(read, said)


def _resets(read: TurnReading, before: Turn | None, own: Sequence[str]) -> bool:
    """Whether a turn, which may seem to be a request, sets otherwise what was stated before:
    "Make that 7."
    """
    turn = read.turn
    is_brief = word_count(turn.text) <= SHORT_CORRECTION
    if not is_persons(turn) or not is_brief:
        return False
    return bool(RESETS.match(turn.text) and what_is_reset(turn.text, before, own))


def _as_said(read: TurnReading) -> TurnReading:
    """A turn that means one of several options, as one statement: without what it means
    its words say so little that the reader may have left them out.
    """
    text = read.turn.text
    said = Statement(text, "event", "user", 0, {"event": 1.0})
    return replace(read, statements=(said,), passed_over=())


def _choice(turn: Turn, before: Turn | None, talk: Talk) -> Draft | None:
    """The implicit preference behind a choice among options, None where there is none."""
    if turn.message.role != "user" or turn.is_quoted or before is None:
        return None
    message = replace(turn.message, text=turn.text, speaker=turn.speaker)
    asked = _asked(before.message, talk)
    return chosen(message, before.message, asked)


def _changes_only(
    read: TurnReading, before: Turn | None, own: Sequence[str]
) -> list[Draft]:
    """What is small talk, unless it changes something that is known."""
    said = replace(read, statements=read.passed_over)
    return [replace(draft, only_as_change=True) for draft in facts(said, before, own)]


def _asked(before: Message, talk: Talk) -> str:
    """What the user had said before the options were offered."""
    messages = [*talk.before, *talk.messages]
    place = next((n for n, m in enumerate(messages) if m.id == before.id), 0)
    users = [m.text for m in messages[:place] if m.role == "user"]
    return users[-1] if users else ""
