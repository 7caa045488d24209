"""The orders to the memory in a talk, and what else is said in it.

An order is no statement: neither it nor what it keeps out reaches an extractor, the
answer "I have forgotten it" neither. Some wordings alone are not enough in a message
("drop the kids at school"): the reader must find an order likely, too. A wish not to
forget something is what it says without the wish.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from shared.domain.message import Message
from shared.domain.message_reading import Utterance
from shared.domain.passage import Talk
from shared.language.sentences import sentences
from shared.language.words import is_chinese, terms
from shared.ports import MessageReader
from workers.pipeline.orders.other_words import orders_in_other_words
from workers.pipeline.orders.undo import (
    Placed,
    is_undo,
    undone_orders,
    without_lone_undo,
)
from workers.pipeline.orders.wordings import (
    Wording,
    orders_in,
    wished_remembered,
    without,
)

CONFIRMED = 0.3
"""Probability of an order to forget from which a wording in a message is one."""
ASIDE, LONGEST_ASIDE_DENSE = 2, 6
"""Index terms, and Chinese characters, of what says nothing beside an order."""
IN_MESSAGES = ("forget", "withhold", "back", "everything", "restore")
"""Kinds of orders that a message may give; feedback may be unclear as well."""
POINTS_BACK = ("withhold", "back")
_ENDS = tuple(".!?。！？")
_MARKS = " \t\n,;:—–-，；：、"


@dataclass(frozen=True, slots=True)
class Order:
    """An order to the memory. `kind` and `named` as in `Wording`."""

    kind: str
    named: tuple[str, ...] = ()
    language: str = ""
    earlier: tuple[str, ...] = ()
    """Ids of the messages of the same talk before it, which it may mean as well."""
    sent: str = ""
    """Id of its own message."""
    own: str = ""
    """What its own message says before it, which it may mean as well."""
    behind: str = ""
    """What its own message says behind it, which it does not mean."""
    memories: tuple[str, ...] = ()
    """Ids of the memories that are meant ("forget that", of what was shown)."""
    message: str = ""
    """Id of an earlier message that is meant as a whole ("forget that")."""
    kept_out: bool = False
    """Whether something was left out of the talk for it."""
    is_guessed: bool = False
    """Whether its wording is not known, and what it names only supposed."""


@dataclass(slots=True)
class _Reduced:
    """The messages of a talk that remain, while orders are taken out of it."""

    messages: dict[str, Message] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    undone: frozenset[Placed] = frozenset()
    """The orders that are taken back, and those that do it."""
    answered: bool = False
    """Whether the message before was an order and nothing else."""


async def take_orders(
    talk: Talk, reader: MessageReader
) -> tuple[Talk, tuple[Order, ...]]:
    """The talk without orders and without what they keep out; the orders."""
    talk = replace(talk, messages=tuple(map(_without_order_to_remember, talk.messages)))
    wordings = await _confirmed(talk, reader)
    others = [message for message in talk.messages if message.id not in wordings]
    wordings |= await orders_in_other_words(others, reader)
    if not wordings and not any(map(_is_order, talk.before)):
        return talk, ()
    reduced = _Reduced(undone=undone_orders(talk, wordings))
    for position, message in enumerate(talk.messages):
        if message.id in wordings:
            _obey_in_talk(reduced, talk, position, wordings[message.id])
        elif not reduced.answered or message.role != "assistant" or message.tool_calls:
            reduced.messages[message.id] = message
            reduced.answered = False
    meant = {order.message for order in reduced.orders}
    before = [m for m in talk.before if m.id not in meant and not _is_order(m)]
    messages = tuple(reduced.messages.values())
    reduced_talk = replace(talk, messages=messages, before=tuple(before))
    return reduced_talk, tuple(reduced.orders)


def orders_of_feedback(
    wordings: Sequence[Wording], talk: Talk, memories: Sequence[str]
) -> list[Order]:
    """The orders in feedback, which needs no confirmation. What points back means the
    memories that the user was looking at, or else what he said last.
    """
    said = [message for message in talk.before if message.role == "user"]
    last = said[-1].id if said else ""
    orders: list[Order] = []
    for wording in wordings:
        order = Order(wording.kind, wording.named, wording.language)
        if wording.kind in POINTS_BACK and memories:
            order = replace(order, memories=tuple(memories))
        elif wording.kind in POINTS_BACK:
            order = replace(order, message=last)
        orders.append(order)
    return orders


def _without_order_to_remember(message: Message) -> Message:
    if message.role != "user" or message.quotes:
        return message
    text = wished_remembered(message.text)
    return message if text == message.text else replace(message, text=text)


async def _confirmed(talk: Talk, reader: MessageReader) -> dict[str, Sequence[Wording]]:
    """The orders of each message that has any, by the message's id."""
    wordings = {
        message.id: list(_in_message(message, talk)) for message in talk.messages
    }
    called = {before.id for before, m in pairwise(talk.messages) if m.tool_calls}
    asked = [message for message in talk.messages if wordings[message.id]]
    confirmed: dict[str, Sequence[Wording]] = {}
    for message in asked:
        # What an assistant answers with a tool was said to the tool.
        is_for_tool = message.id in called
        orders = [w for w in wordings[message.id] if w.is_certain or not is_for_tool]
        if not all(wording.is_certain for wording in orders):
            orders = await _likely_orders(message.text, orders, reader)
        orders = without_lone_undo(message.text, orders)
        if orders:
            confirmed[message.id] = orders
    return confirmed


def _only_corrects(order: Wording, text: str) -> bool:
    """Whether something else is said in place of what was, in the same sentence: "scrap
    that, Joe won", not "Delete that. My sister would be angry."
    """
    if order.kind != "back":
        return False
    behind = sentences(text[order.end :].lstrip(_MARKS))
    ended = text[: order.end].rstrip().endswith(_ENDS)
    goes_on = text[order.end :].lstrip()[:1] not in _ENDS
    return not ended and goes_on and bool(behind) and not is_aside(behind[0])


async def _likely_orders(
    text: str, wordings: Sequence[Wording], reader: MessageReader
) -> list[Wording]:
    """The certain orders of a message, and the others too if the reader finds one likely in
    the message or in one of them by itself: beside "My PIN is 4471." it may miss "forget my
    pin". "Scrap that" is none where more is said in its sentence.
    """
    may_be = [w for w in wordings if w.is_certain or not _only_corrects(w, text)]
    alone = [text[w.start : w.end] for w in may_be if not w.is_certain]
    readings = await reader.read([Utterance(said) for said in (text, *alone)])
    if any(r.likely("order_forget") >= CONFIRMED for r in readings):
        return may_be
    return [wording for wording in may_be if wording.is_certain]


def _in_message(message: Message, talk: Talk) -> Iterator[Wording]:
    if message.role != "user" or message.quotes:
        return
    before: Wording | None = None
    for wording in orders_in(message.text):
        if wording.kind == "restore" and not is_undo(message.text, wording, before):
            continue
        if wording.kind in IN_MESSAGES:
            before = wording
            yield wording


def _obey_in_talk(
    reduced: _Reduced, talk: Talk, position: int, wordings: Sequence[Wording]
) -> None:
    """Take the orders out of a message, and what it says or said where that is meant."""
    message = talk.messages[position]
    earlier = tuple(other.id for other in talk.messages[:position])
    own = text = without(message.text, wordings)
    for wording in wordings:
        if (message.id, wording.start) in reduced.undone:
            reduced.orders += [Order("undone")] if wording.kind == "restore" else []
            continue
        order = Order(
            wording.kind,
            wording.named,
            wording.language,
            earlier,
            sent=message.id,
            own=_before_order(message.text, wording, wordings),
            behind=_not_meant(message.text, wording, wordings),
            is_guessed=wording.is_guessed,
        )
        if wording.kind in POINTS_BACK:
            remaining = _not_meant(message.text, wording, wordings)
            if remaining != own:
                order, text = replace(order, kept_out=True), remaining
            else:
                before = _user_before(talk, message)
                meant = before.id if before is not None else ""
                in_talk = reduced.messages.pop(meant, None) is not None
                order = replace(order, message=meant, kept_out=in_talk)
        if order.kind == "restore" and not _may_undo(talk, message):
            order = replace(order, is_guessed=True)
        reduced.orders.append(order)
    text = "" if is_aside(text) else text
    reduced.answered = not text
    withheld = any(wording.kind == "withhold" for wording in wordings)
    if text or (message.files and not withheld):
        reduced.messages[message.id] = replace(message, text=text)


def is_aside(text: str) -> bool:
    """Whether what stands beside an order, or a clause, is too little to be more than its reason: "I
    shouldn't have said that", 我怕泄露.
    """
    if any(map(str.isdigit, text)):
        return False
    if is_chinese(text):
        return len(text) <= LONGEST_ASIDE_DENSE
    return len(set(terms(text))) <= ASIDE


def _not_meant(text: str, order: Wording, wordings: Sequence[Wording]) -> str:
    """What of a message's own words an order that points back does not mean: nothing
    of them where they are not to be stored, else what follows the order.
    """
    if order.kind == "withhold":
        return ""
    following = [w for w in wordings if w.start > order.start]
    shifted = [
        replace(w, start=w.start - order.end, end=w.end - order.end) for w in following
    ]
    return without(text[order.end :], shifted)


def _before_order(text: str, order: Wording, wordings: Sequence[Wording]) -> str:
    """What a message says before an order, without other orders."""
    return without(text[: order.start], [w for w in wordings if w.end <= order.start])


def _user_before(talk: Talk, message: Message) -> Message | None:
    """What the user had said before a message of the talk."""
    messages = [*talk.before, *talk.messages]
    place = messages.index(message)
    earlier = [other for other in messages[:place] if other.role == "user"]
    return earlier[-1] if earlier else None


def _may_undo(talk: Talk, message: Message) -> bool:
    """Whether "undo" can only mean an order to the memory: the user had said nothing
    before in the conversation, or such an order. What begins a conversation with a tool
    was said to the tool.
    """
    before = _user_before(talk, message)
    if before is not None:
        return _is_order(before)
    return not any(m.tool_calls for m in talk.messages)


def _is_order(message: Message) -> bool:
    return message.role == "user" and any(
        wording.kind in IN_MESSAGES for wording in orders_in(message.text)
    )
