"""Orders to forget in wordings that no list has: that a message is one the reader knows, and what
it means is looked for by its own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.domain.message import Message
from shared.domain.message_reading import Reading, Utterance
from shared.ports import MessageReader
from workers.pipeline.extract.speech.patterns import STOPS
from workers.pipeline.orders.wordings import (
    Wording,
    is_no_order,
    languages,
    speaks_of_forgetting,
)

SURE = 0.9
"""Probability of an order to forget from which a message is one."""
LIKELIER = 0.5
"""Probability of something else from which it is none."""
RIVALS = ("order_remember", "event", "fact", "request")
"""What such a message may be instead: "I've deleted my old number" reads like an order."""
_OF_MINE_ZH = re.compile(
    r"我[\u3400-\u9fff]{1,6}?(?=的(?:内容|事|信息|资料|记录|一切))"
)
"""Something of the user's own of which all is meant: 关于我前妻的内容."""


async def orders_in_other_words(
    messages: Sequence[Message], reader: MessageReader
) -> dict[str, Sequence[Wording]]:
    """An order for each of the user's messages, by its id, that surely is one to forget; only
    those that have a word of such orders are read for that.
    """
    asked = [
        message
        for message in messages
        if message.role == "user"
        and not message.quotes
        and speaks_of_forgetting(message.text)
        and not is_no_order(message.text)
        and not STOPS.match(message.text)
    ]
    readings = await reader.read([Utterance(message.text) for message in asked])
    return {
        message.id: [guessed(message.text)]
        for message, reading in zip(asked, readings, strict=True)
        if _only_forgets(reading)
    }


def guessed(text: str) -> Wording:
    """The order that a text is as a whole. It names the last thing of the user's own ("my ex"
    of "as if I had never spoken of my ex"), else all that it says.
    """
    for language in languages():
        own = list(language.of_mine.finditer(text)) if language.of_mine else []
        if own:
            return _naming(own[-1][0], text, language.code)
    if what := _OF_MINE_ZH.search(text):
        return _naming(what[0], text, "zh")
    spoken = (language.code for language in languages() if language.stems.search(text))
    return _naming(text, text, next(spoken, "en"))


def _naming(name: str, text: str, language: str) -> Wording:
    return Wording(
        kind="forget",
        named=(name,),
        start=0,
        end=len(text),
        language=language,
        is_certain=False,
        is_guessed=True,
    )


def _only_forgets(reading: Reading) -> bool:
    """Whether a message surely is an order to forget, and likely nothing else: "don't let me
    forget ..." reads like an order to remember, too.
    """
    forgets = reading.likely("order_forget")
    return forgets >= SURE and all(reading.likely(name) < LIKELIER for name in RIVALS)
