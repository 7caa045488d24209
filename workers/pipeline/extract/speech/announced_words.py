"""Words of others that a clause with a colon announces: "My sister texted: I lost my job",
and texts that somebody asks to work on: "Reply to this: ...". They stay with that clause,
which says whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from shared.language.sentences import sentence_spans, sentences
from workers.pipeline.extract.speech.letters import end_of_letter, is_signature, signer
from workers.pipeline.extract.speech.patterns import (
    ANNOUNCES,
    EDITS,
    EDITS_LETTER,
    FIRST_PERSON,
    ONLY_CHATTER,
    OPENING,
    OWN_AGAIN,
)

_MARKED = tuple("\"'“„«»「『‹‘`>＞")
"""What marks a quotation by itself."""
_PARAGRAPH = re.compile(r"\n\s*\n\s*")
_TURNS = re.compile(f"(?:{OPENING.pattern})|(?:{OWN_AGAIN.pattern})", re.I)
"""How a paragraph begins that is the speaker's own again."""


@dataclass(frozen=True, slots=True)
class AnnouncedWords:
    """Words of the first person that are announced: `text[start:end]`, the announcing
    clause included.
    """

    start: int
    end: int
    writer: str
    """Who is said to say them, "" where nobody is named."""
    is_sure: bool
    """Whether all of them are the writer's: in one line with the clause only the first
    sentence is, and what stands before a signature.
    """


def announced_words(text: str) -> Iterator[AnnouncedWords]:
    """Where words of the first person are announced."""
    place = 0
    for start, _ in sentence_spans(text):
        if start < place:
            continue
        opening = OPENING.match(text, start)
        places = {start, opening.end() if opening else start}
        beginning = next(
            filter(None, (_beginning(text, p) for p in sorted(places))), None
        )
        if beginning is None or text.startswith(_MARKED, beginning[0]):
            continue
        first, writer, is_text = beginning
        end, is_sure = _end(text, first, writer, is_text=is_text)
        if not _is_of_speaker(text[first:end], is_text=is_text):
            continue
        writer = writer or signer(text[first:end].split("\n"), 0)
        yield AnnouncedWords(start, end, writer, is_sure)
        place = end


def announces_others(text: str) -> bool:
    """Whether a clause anywhere in the text announces words of the first person that may
    be another's.
    """
    clauses = chain.from_iterable(pattern.finditer(text) for pattern in _ANYWHERE)
    return any(FIRST_PERSON.search(text, match.end()) for match in clauses)


def _beginning(text: str, place: int) -> tuple[int, str, bool] | None:
    """Where words that are announced at a place begin, who says them, and whether they
    are a text to work on; None where nothing is announced.
    """
    for pattern in ANNOUNCES:
        match = pattern.match(text, place)
        if match:
            return match.end(), match["writer"].strip(), False
    edits = EDITS.match(text, place)
    if edits:
        return edits.end(), "", True
    letter = EDITS_LETTER.match(text, place)
    is_signed = letter and signer(text[letter.end() :].split("\n"), 0)
    return (letter.end(), "", True) if letter and is_signed else None


def _is_of_speaker(said: str, *, is_text: bool) -> bool:
    """Whether words are of the first person: what begins with "you can" may go on with
    an "I" of the one who passes it on.
    """
    stated = [part for part in sentences(said) if not ONLY_CHATTER.match(part)]
    return any(
        FIRST_PERSON.search(part) for part in (stated if is_text else stated[:1])
    )


def _end(text: str, first: int, writer: str, *, is_text: bool) -> tuple[int, bool]:
    """Where announced words end that begin at a place: below the clause with the letter;
    in its line with the line, a text with its paragraph, or before what is said of who
    is quoted. Whether they are surely the writer's.
    """
    begins_line = "\n" in text[:first][len(text[:first].rstrip()) :]
    lines = text[first:].split("\n")
    is_signed = bool(signer(lines, 0))
    if is_signed:
        return first + len("\n".join(lines[: end_of_letter(lines, 0, writer)])), True
    breaks = list(_PARAGRAPH.finditer(text, first))
    if is_text and begins_line:  # all of it, up to "By the way, ..."
        breaks = [b for b in breaks if _TURNS.match(text, b.end())]
    end = breaks[0].start() if breaks else len(text)
    if is_text or begins_line:
        return end, True
    length, is_sure = _in_line(text[first : min(end, first + len(lines[0]))])
    return first + length, is_sure


def _in_line(said: str) -> tuple[int, bool]:
    """The length of a quotation in the line of its clause, and whether all of it is one:
    without what stands behind its signature, and without the sentences that speak or ask
    of the one who is quoted; whom the quotation itself speaks of may be meant there, too.
    """
    spans = sentence_spans(said)
    parts = [said[start:end] for start, end in spans]
    signed = next(
        (
            end
            for (_, end), part in zip(spans, parts, strict=True)
            if is_signature(part)
        ),
        0,
    )
    if signed:
        return signed, True
    matches = [bool(OWN_AGAIN.search(part)) for part in parts]
    own = matches.index(True) if any(matches) else 0
    quoted = parts[: own or None]
    stated = [part for part in quoted if not ONLY_CHATTER.match(part)]
    return spans[own][0] if own else len(said), len(stated) <= 1


_ANYWHERE = tuple(
    re.compile(
        rf"(?:(?<!\w)|(?<=[\u3400-\u9fff])(?<![跟对和给向])){pattern.pattern}(?![\"“„«「『])",
        re.I,
    )
    for pattern in ANNOUNCES
)
