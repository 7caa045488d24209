"""The words of a text, in the languages of `function_words`, each with what it does in
its sentence: by the tables of small words, capitals and endings, without a lexicon of
the other words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.language.function_words import classes

_LETTERS = r"(?:[^\W\d_]|[\u0300-\u036f])+"
_TOKEN = re.compile(
    r"(?P<code>[^\s@]{1,64}@[^\s@]{1,255}\w|https?://\S+|www\.\S+)"
    r"|(?P<number>[$€£]?\d(?:[\w.,:/-]*\w)?%?|[^\W\d_]+[-_]?\d[\w-]*)"
    rf"|(?P<word>{_LETTERS}(?:[-'.&]{_LETTERS})*'?)"
    r"|(?P<line>\s*\n\s*)|(?P<space>\s+)|(?P<mark>.)",
    re.S,
)
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
"""Words among others that no space parts from them."""
_ELIDED = re.compile(r"(?<=[^\W\d_])['’](?=[^\W\d_])")
_ELIDING = frozenset(("fr", "it"))
_WITHOUT_ARTICLES = frozenset(("de", "ru"))
"""Languages in which a capital and a missing article tell no name."""
_CONTRACTED = re.compile(r"'(?:m|ve|re|ll|d|s)?$")
_ABBREVIATIONS = frozenset("mr mrs ms dr prof st sr sra jr".split())
SENTENCE_ENDS = frozenset('.!?:;\n"“„«([–—•…¿¡')
"""Marks after which a capital tells nothing."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark."""

    text: str
    kind: str
    """A class of `function_words`, or one of: word, plain (no noun, in a language that
    writes those large), name, number, code, mark.
    """
    is_apart: bool
    """Whether space precedes it."""


_VERBAL = frozenset("verb aux modal pronoun naming".split())
_END = Token("", "mark", False)


def classified_words(text: str, language: str) -> list[Token]:
    """The tokens of a text in order; a line break is a mark."""
    text = _CHINESE.sub(" ", text).replace("’", "'")
    if language in _ELIDING:
        text = _ELIDED.sub("' ", text)
    result: list[Token] = []
    is_apart, opens, is_large = False, True, text.isupper()
    for match in _TOKEN.finditer(text):
        kind, word = str(match.lastgroup), match[0]
        if kind == "space":
            is_apart = True
            continue
        if word == "." and result and _is_abbreviated(result[-1]):
            continue
        if kind == "word":
            kind = _kind(word, language, opens or is_large)
            is_called = bool(result) and result[-1].kind == "calling"
            kind = "name" if is_called and kind == "word" else kind
        elif kind == "line":
            kind, word = "mark", "\n"
        result.append(Token(word, kind, is_apart))
        is_apart, opens = False, word in SENTENCE_ENDS
    return result if language in _WITHOUT_ARTICLES else _with_first_names(result)


def _is_abbreviated(token: Token) -> bool:
    word = token.text
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper())


def _kind(word: str, language: str, opens: bool) -> str:
    """The kind of a word; `opens`: it would have a capital whatever it is."""
    if len(word) == 1 and word.lower() not in classes(language):
        return "filler"
    is_large = word[0].isupper()
    is_name = is_large and not opens and language != "de"
    kind = _small_kind(word.lower(), classes(language))
    if kind and not (is_name and not word.isupper() and kind in ("filler", "verb")):
        return kind
    is_name = is_name or (not word.isupper() and word[1:2].isupper())  # "iPhone"
    if language == "de":
        return "word" if is_large else "plain"
    return "name" if is_name else "word"


def _small_kind(word: str, table: Mapping[str, str]) -> str:
    if word in table:
        return table[word]
    if word.endswith("s") and table.get(word[:-1]) == "time":  # "mercredis"
        return "time"
    if not _CONTRACTED.search(word):
        return ""
    bare = _CONTRACTED.sub("", word)
    kind = table.get(bare, "")
    return "article" if kind == "pronoun" and word == "user's" else kind


def _with_first_names(tokens: list[Token]) -> list[Token]:
    """A word that begins a sentence without an article is a name where a verb follows."""
    result: list[Token] = []
    for token, after in zip(tokens, (*tokens[1:], _END), strict=False):
        opens = not result or result[-1].text in SENTENCE_ENDS
        is_noun = token.kind == "word" and token.text[0].isupper()
        if opens and is_noun and after.kind in _VERBAL:
            token = replace(token, kind="name")
        result.append(token)
    return result
