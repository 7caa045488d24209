"""The clauses of a statement, and whose words a statement is. Pure functions on words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from shared.language.function_words import likely_languages
from shared.language.lexical import without_date
from shared.language.sentences import is_abbreviated
from shared.language.words import terms

_PREFIX = re.compile(
    r"^(?:[A-Z][\w ]{1,30}|[\u3400-\u9fff]{2,8}):\s|^[\u3400-\u9fff]{2,8}："
)
_ASKED = re.compile(r"\s*[(（][^()（）]*[?？][)）]\s*")
_CONTEXT = re.compile(r"\s*[(（]([^()（）]+)[)）]\s*")
_ENDS = ".,;!?|\\n，。；！？、،؛؟۔।"
_ORDINAL = (
    r"(?<=\d)\.(?=\s(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-zä]*\b)"
)
"""The point of a German day: "am 4. Mai"."""
_CLAUSE = re.compile(
    rf"(?>(?:\([^()]*\)|（[^（）]*）|[^{_ENDS}]|(?<=\d)[.,](?=\d)|\.(?=[a-zA-Z])|{_ORDINAL})+)[?？؟]?"
)
_AND: Mapping[str, str] = {
    "en": "and|but",
    "de": "und|aber",
    "fr": "et|mais",
    "es": "y|e|pero",
    "it": "e|ma",
    "pt": "e|mas",
    "ru": "и|но",
}
"""What joins clauses, by language: "ma" is "but" in Italian and "my" in French."""
_JOINS_DENSE = r"(?:但是?|而且|不过|可是)"
_ASSISTANT = re.compile(r"^(?:Assistant:|The assistant\b|助手说?[:：])")


def of_assistant(text: str) -> bool:
    """Whether a memory's text is what the assistant said."""
    return bool(_ASSISTANT.match(text))


def question_span(text: str) -> tuple[int, int]:
    """Where the question stands that a memory's text answers, behind the speaker's name;
    an empty span where there is none.
    """
    prefix = _PREFIX.match(text)
    start = prefix.end() if prefix else 0
    asked = _ASKED.match(text, start)
    return (start, asked.end()) if asked else (start, start)


def quote_span(text: str) -> tuple[int, int]:
    """Where a bracket stands in front of what a memory says, and corrects or explains; an
    empty span where there is none.
    """
    start = question_span(text)[1]
    context = _CONTEXT.match(text, start)
    return (start, context.end()) if context else (start, start)


def without_quote_of(older: str, text: str) -> str:
    """A memory's text without what it quotes in front of itself, where that are words of
    an older one: "User: (We play on 17 May) shut up" beside "gigs. We play on 17 May".
    """
    start = question_span(text)[0]
    context = _CONTEXT.match(text, start)
    quote = context[1].strip(" .。!！") if context else ""
    if context and quote in older and len(terms(quote)) > 1:
        return text[:start] + text[context.end() :]
    return text


def clauses(text: str) -> list[tuple[int, int]]:
    """Where the clauses of a memory's text stand that say something, in order; without
    the speaker's name, the question that it answers and the day it was said on.
    """
    return [span for span in all_clauses(text) if terms(text[slice(*span)])]


def all_clauses(text: str) -> list[tuple[int, int]]:
    """Those of `clauses`, and those between them that hold no word of their own."""
    body = without_date(text)
    return clauses_behind(body, question_span(body)[1])


def clauses_behind(body: str, start: int) -> list[tuple[int, int]]:
    """The same of what stands behind a place in a text."""
    spans: list[tuple[int, int]] = []
    joins = re.compile(rf"\s(?:{_joining(body)})\s", re.I)
    for at, stop in _stretches(body, start):
        cuts = [cut.start() for cut in joins.finditer(body, at, stop)]
        for end in (*cuts, stop):
            stretch = body[at:end]
            if stretch.strip():
                lead = len(stretch) - len(stretch.lstrip())
                spans.append((at + lead, at + len(stretch.rstrip())))
            at = end
    return spans


def behind_joint(text: str, start: int, end: int) -> int:
    """Where a clause of a text begins behind the word that joins it to the one before."""
    joint = re.compile(rf"(?:{_joining(text)})\s+|{_JOINS_DENSE}", re.I)
    match = joint.match(text, start, end)
    return match.end() if match else start


@lru_cache(maxsize=1024)
def _joining(text: str) -> str:
    """What joins clauses in the languages that a text may be in."""
    return "|".join(_AND[name] for name in sorted(likely_languages(text)))


def _stretches(body: str, start: int) -> Iterator[tuple[int, int]]:
    """What stands between the marks that end a clause; the point of an abbreviation is
    none of them.
    """
    begun: int | None = None
    end = start
    for match in _CLAUSE.finditer(body, start):
        first, end = match.start() if begun is None else begun, match.end()
        if body[end : end + 1] == "." and is_abbreviated(
            body[first : end + 1], body[end + 1 :]
        ):
            begun = first
        else:
            begun = None
            yield first, end
    if begun is not None:
        yield begun, end
