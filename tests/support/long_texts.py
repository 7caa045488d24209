"""Long texts of one thing again and again, and what reads every message of such.

python -m tests.support.long_texts     prints what takes too long
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import product

from shared.language.chat_time import parse_chat_time
from shared.language.classified_words import classified_words
from shared.language.dates import mentions
from shared.language.phrases import tags_of, title_of
from shared.language.quarantine import reads_like_an_order
from shared.language.redaction import redacted
from shared.language.sentences import joined, sentence_spans, sentences
from shared.language.words import terms
from tests.support.processor_time import ends_within
from workers.pipeline.extract.speech.assistant_words import without_thoughts
from workers.pipeline.orders.wordings import orders_in

CHARACTERS = 16_000
MOST_S = 5.0
"""Seconds of the processor for one text; what is linear takes less than one."""
DAY = date(2026, 11, 27)
UNITS = (
    *("@", "@a", " ", "\t", "\n", ".", "?", "。", "…", '?" ', "。”", "“", '"', "'"),
    *(
        "Mr. A. ",
        "周一",
        "昨天",
        "on 3 May ",
        "due Friday 3pm ",
        "昨天后端",
        "请",
        "，",
        ",",
        "(",
        "[",
        "<",
        "a",
        "a ",
    ),
    *("1", "1,", "1.", "```a``` ", "- a\n", "a: b\n", "> a\n", "<think>", "|", "-"),
)
BEFORE = ("", "2025年1月1日", "Call: x")
AFTER = ("", "z")
READERS: dict[str, Callable[[str], object]] = {
    "sentences": lambda text: joined(sentences(text)),
    "sentence_spans": sentence_spans,
    "mentions": lambda text: mentions(text, DAY),
    "classified_words": lambda text: classified_words(text, "en"),
    "parse_chat_time": parse_chat_time,
    "terms": terms,
    "title_of": title_of,
    "tags_of": tags_of,
    "reads_like_an_order": reads_like_an_order,
    "redacted": lambda text: redacted(text, ("password", "api_key", "card")),
    "without_thoughts": without_thoughts,
    "orders_in": orders_in,
}


def main() -> None:
    """Lets everything be read by everyone."""
    for name, read in READERS.items():
        for before, unit, after in product(BEFORE, UNITS, AFTER):
            text = before + (unit * CHARACTERS)[:CHARACTERS] + after
            if not ends_within(MOST_S, partial(read, text)):
                print(f"{name}: {before!r}, {unit!r} again and again, {after!r}")


if __name__ == "__main__":
    main()
