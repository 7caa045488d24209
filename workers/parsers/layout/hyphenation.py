"""Words that are split at the end of a line: whether the hyphen is theirs or only the
line's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SPLIT_ENDS = re.compile(r"^\s*[^\W\d_]+|[^\W\d_]+[-\u2010\u00ad]\s*$")
MIN_PART = 4
"""Letters of both parts of a compound that is known by its parts alone."""
_COMPOUNDING = frozenset(
    "well ill self long short high low full half part all cross so ex hard soft old new"
    " good best left right first second third fourth one two three four five six seven"
    " eight nine ten multi user open closed real low free fast slow large small wide"
    " deep top mid north south east west".split()
)
"""First parts of compounds that English writes with a hyphen."""
_ENDINGS = re.compile(
    r"(?:ness|less|ish|ing|ings|ed|er|ers|est|ly|ward|wards|age|ages|en|y|land|lands|way"
    r"|ways|ment|ments|th|teen|ty|t|s|hood|ship|dom|fish|paper|man|men|ever|self"
    r"|selves|where|thing|body|how|what|some|ful|fully)$"
)
"""What follows such a word within one word ("long-/ing"): whole second parts."""
_JOINING = frozenset(
    "some any every no with with in on to for be can after back under over out up down"
    " fore there here where may what who more none never inter super trans counter"
    " under sub non pre mis dis".split()
)
"""First parts that mostly stand in words without a hyphen ("with-/out")."""


@dataclass(frozen=True, slots=True)
class WordForms:
    """The words of a document as they stand within its lines."""

    plain: frozenset[str] = frozenset()
    """Without a hyphen, in the case that they have."""
    hyphenated: frozenset[str] = frozenset()
    """In small letters."""

    @classmethod
    def of_lines(cls, lines: Iterable[str]) -> WordForms:
        """From all lines, without what may be a part of a split word at either end."""
        words: set[str] = set()
        for line in lines:
            words.update(_WORD.findall(_SPLIT_ENDS.sub(" ", line)))
        hyphenated = {word for word in words if "-" in word}
        return cls(frozenset(words - hyphenated), frozenset(map(str.lower, hyphenated)))

    def keeps_hyphen(self, first: str, second: str) -> bool:
        """Whether the hyphen between the parts of a split word belongs to it: as the
        document writes it elsewhere, else as its parts are words themselves.
        """
        joined = first + second
        if f"{first}-{second}".lower() in self.hyphenated:
            return True
        if joined in self.plain or joined.lower() in self.plain:
            return False
        if first.lower() in _COMPOUNDING:
            return not _ENDINGS.match(second)
        if min(len(first), len(second)) < MIN_PART or first.lower() in _JOINING:
            return False
        is_known = first in self.plain or first.lower() in self.plain
        return is_known and second in self.plain
