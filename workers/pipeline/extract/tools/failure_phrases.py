"""The words by which tools tell that they failed, as patterns (`failure_phrases.txt`
beside this file has them by language).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILE = "failure_phrases.txt"
_ROW = re.compile(r"([a-z]+):\s+(.+)")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of languages that put no spaces between words, or carry endings."""
_OPTIONAL = re.compile(r"\\\((.+?)\\\)\\ ")
_STOP = r"\.(?!\w)|[:;,!?()\[\]{}\"'<>|/、。：，；！？（）「」【】…~]|[-–—](?:\s|$)|\n"


@dataclass(frozen=True, slots=True)
class FailurePhrases:
    """Patterns of all languages; what each kind is stands in the file."""

    label: re.Pattern[str]
    """Matches whole words that are not an attribute of the next one."""
    opening: re.Pattern[str]
    """Matches the beginning of a clause, with its subject."""
    predicate: re.Pattern[str]
    """Matches whole words that are not an attribute of the next one."""
    anywhere: re.Pattern[str]
    unmet: re.Pattern[str]
    apology: re.Pattern[str]
    negation: re.Pattern[str]
    """Matches the end of what stands before a phrase."""
    condition: re.Pattern[str]
    """The same, with up to three words between."""
    none: re.Pattern[str]
    """Matches all that follows a label."""
    nothing: re.Pattern[str]
    success: re.Pattern[str]
    topic: re.Pattern[str]


@cache
def failure_phrases() -> FailurePhrases:
    """The patterns, read once."""
    phrases = _by_kind(_lines())
    follows = _following(phrases["after"])
    subject = rf"(?:{_any(phrases['subject'])}[\s,，]*)?"
    opening = rf"{subject}(?:{_any(phrases['opening'])})"
    return FailurePhrases(
        label=_compiled(_any(phrases["label"]) + follows),
        opening=_compiled(opening),
        predicate=_compiled(_any(phrases["predicate"]) + follows),
        anywhere=_compiled(_any(phrases["anywhere"])),
        unmet=_compiled(_any(phrases["unmet"]) + follows),
        apology=_compiled(_any(phrases["apology"])),
        negation=_compiled(
            rf"{_any(phrases['negation'])}(?:[\s:：]*|\s+[^\W\d_]+\s+)$"
        ),
        condition=_compiled(rf"{_any(phrases['condition'])}\s*(?:\S+\s+){{0,3}}\S*$"),
        none=_compiled(rf"\W*{_any(phrases['none'])}\W*$"),
        nothing=_compiled(_any(phrases["nothing"])),
        success=_compiled(_any(phrases["success"]) + r"(?!\s*[:：=])"),
        topic=_compiled(_any(phrases["topic"])),
    )


def examples() -> Iterator[tuple[str, bool, str]]:
    """The examples in the file: language, whether it is a failure, a result."""
    language = ""
    for line in _lines():
        if line.startswith("["):
            language = line.strip("[]")
        elif line.startswith(("+ ", "- ")):
            yield language, line[0] == "+", line[2:].replace("\\n", "\n")


def _lines() -> list[str]:
    return files(__package__).joinpath(FILE).read_text("utf-8").splitlines()


def _by_kind(lines: Iterable[str]) -> Mapping[str, list[str]]:
    phrases: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        row = _ROW.fullmatch(line)
        if row is not None:
            phrases[row[1]] += filter(None, map(str.strip, row[2].split(";")))
    return phrases


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _any(phrases: Iterable[str]) -> str:
    """A pattern for one of the phrases, the longest that fits."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return f"(?:{'|'.join(map(_pattern, ordered))})"


def _pattern(phrase: str) -> str:
    pattern = _OPTIONAL.sub(r"(?:\1\\ )?", re.escape(phrase))
    pattern = pattern.replace(r"\*", r"\w*").replace(r"\ ", r"\s+").replace("'", "['’]")
    if _UNSPACED.search(phrase):
        return pattern
    before = r"(?<![\w/.-])" if phrase[0].isalnum() else ""
    after = r"(?!\w)" if phrase[-1].isalnum() else ""
    return f"{before}{pattern}{after}"


def _following(words: Iterable[str]) -> str:
    """What may come after a phrase that tells a failure: the end, a stop, or a word that
    begins a clause.
    """
    spaced = [word for word in words if not _UNSPACED.search(word)]
    unspaced = [word for word in words if _UNSPACED.search(word)]
    return rf"(?=\s*(?:$|{_STOP})|\s+{_any(spaced)}|\s+#?\d|\s*{_any(unspaced)})"
