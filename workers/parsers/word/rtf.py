"""RTF, which many a .doc is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Progress, check_pages
from workers.parsers.symbol_fonts import private_symbols, symbol_font, symbols
from workers.parsers.text.plain_text import paragraphs

MAX_DEPTH = 500
"""Of groups in each other."""
HEADER_WINDOW = 4096
"""Bytes at the start of a file in which it names its code page."""
MAX_FALLBACK = 8
"""Characters that stand in for one of Unicode, for readers that know none."""
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n]+|(?P<run>[^\\{}\r\n]+)",
    re.S,
)
_CODE_PAGE = re.compile(rb"\\ansicpg(\d+)")
_STATED_PAGES = re.compile(rb"(?<!\\)\\nofpages(\d{1,9})")
"""What the program that saved the document counted; behind \\ it is text."""
_HIDDEN_GROUPS = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping datastore"
    b" xmlnstbl listtable listoverridetable rsidtbl generator latentstyles fldinst bkmkstart"
    b" bkmkend header footer headerl headerr headerf footerl footerr footerf nonshppict"
    b" pgdsctbl".split()
)
_VISIBLE_STARRED_GROUPS = frozenset(b"shppict shpinst shptxt".split())
"""Groups marked as optional (\\*) that hold text of the document."""
_WORDS = {
    b"par": "\n\n",
    b"sect": "\n\n",
    b"page": "\n\n",
    b"line": "\n",
    b"tab": "\t",
    b"cell": " | ",
    b"row": "\n\n",
    b"nestcell": " | ",
    b"nestrow": "\n\n",
    b"emdash": "—",
    b"endash": "–",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"emspace": " ",
    b"enspace": " ",
}
_SYMBOLS = {
    b"~": "\u00a0",
    b"-": "",
    b"_": "-",
    b"\\": "\\",
    b"{": "{",
    b"}": "}",
    b"\n": "\n\n",
    b"\r": "\n\n",
}
DEFAULT_CODE_PAGE = 1252
_CODE_PAGES = {
    936: "gb18030",
    950: "big5hkscs",
    932: "cp932",
    949: "cp949",
    65001: "utf-8",
    0: "cp1252",
}


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Paragraphs of an RTF file; the cells of a row stand on one line. Raises
    FileRejected.
    """
    stated = _STATED_PAGES.search(data)
    check_pages(int(stated[1]) if stated else 0, limits, "RTF document")
    progress(0, 1)
    text = TokenReader(code_page_of(data)).text_of(data)
    joined_surrogates = text.encode("utf-16", "surrogatepass").decode(
        "utf-16", "ignore"
    )
    parts = tuple(paragraphs(joined_surrogates))
    progress(1, 1)
    return ParsedFile(parts)


def code_page_of(data: bytes) -> str:
    """Python's name of the code page that the file names."""
    declared = _CODE_PAGE.search(data[:HEADER_WINDOW])
    number = int(declared[1]) if declared else DEFAULT_CODE_PAGE
    name = _CODE_PAGES.get(number, f"cp{number}")
    try:
        b"".decode(name)
    except LookupError:
        return f"cp{DEFAULT_CODE_PAGE}"
    return name


@dataclass(frozen=True, slots=True)
class Group:
    """What holds until the brace that closes the group at hand."""

    hidden: bool = False
    fallback: int = 1
    """Characters that stand in for one of Unicode (\\uc)."""
    font: str = ""
    """The font of symbols that text is in; "" for a font of letters."""
    unseen: bool = False
    """Whether text is marked as hidden or deleted."""
    lists_fonts: bool = False
    """Whether it is the table of fonts."""

    @property
    def is_shown(self) -> bool:
        """Whether its text is part of the document that people see."""
        return not (self.hidden or self.unseen)


class TokenReader:
    """One pass over the tokens of one file. There is a method for each kind of token."""

    def __init__(self, code_page: str) -> None:
        self._code_page = code_page
        self._group = Group()
        self._outer_groups: list[Group] = []
        self._starred = False
        """Whether the token before was \\*, which marks a group as optional."""
        self._skip = 0
        """Characters of a fallback that are still to be left out."""
        self._bytes = bytearray()
        """Encoded characters up to here that are not decoded yet."""
        self._pieces: list[str] = []
        self._fonts: dict[int, str] = {}
        """The fonts of symbols by their numbers."""
        self._listed_font = 0
        """The number of the font whose name comes next in the table of fonts."""

    def text_of(self, data: bytes) -> str:
        """All text that people see."""
        methods = {
            "word": self.word,
            "number": self.word,
            "byte": self.byte,
            "symbol": self.symbol,
            "brace": self.brace,
            "run": self.run,
        }
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup
            if kind != "byte":
                self._decode_bytes()
            if kind:
                methods[kind](token)
        self._decode_bytes()
        return "".join(self._pieces)

    def brace(self, token: re.Match[bytes]) -> None:
        """A group begins or ends."""
        self._skip, self._starred = 0, False
        if token["brace"] == b"{":
            self._outer_groups.append(self._group)
            if len(self._outer_groups) > MAX_DEPTH:
                raise FileRejected("The RTF document is nested too deeply.")
        elif self._outer_groups:
            self._group = self._outer_groups.pop()
        else:
            self._group = Group()

    def word(self, token: re.Match[bytes]) -> None:
        """A control word, with a number or without."""
        word = token["word"]
        is_optional = self._starred and word not in _VISIBLE_STARRED_GROUPS
        self._starred = False
        if word in _HIDDEN_GROUPS or is_optional:
            is_list = word == b"fonttbl"
            self._group = replace(self._group, hidden=True, lists_fonts=is_list)
        number = int(token["number"]) if token["number"] else None
        if self._group.lists_fonts and word == b"f":
            self._listed_font = number or 0
        if self._group.hidden:
            return
        if word == b"u":
            self._add(chr((number or 0) % 0x10000))
            self._skip = self._group.fallback
        elif not self._sets_style(word, number):
            self._add(_WORDS.get(word, ""))

    def _sets_style(self, word: bytes, number: int | None) -> bool:
        """Whether a word says how the text of its group is to be read; it is noted."""
        if word == b"uc":
            fallback = 1 if number is None else min(max(number, 0), MAX_FALLBACK)
            self._group = replace(self._group, fallback=fallback)
        elif word == b"f":
            font = self._fonts.get(number or 0, "")
            self._group = replace(self._group, font=font)
        elif word in (b"v", b"deleted"):
            self._group = replace(self._group, unseen=number != 0)
        elif word == b"plain":
            self._group = replace(self._group, unseen=False, font="")
        else:
            return False
        return True

    def _add(self, text: str) -> None:
        """Add text where it is shown, in the characters of its font."""
        if not self._group.is_shown:
            return
        font = self._group.font
        self._pieces.append(symbols(text, font) if font else private_symbols(text))

    def byte(self, token: re.Match[bytes]) -> None:
        """A byte of text in hexadecimal."""
        if self._skip:
            self._skip -= 1
        elif not self._group.hidden:
            self._bytes.append(int(token["byte"], 16))

    def symbol(self, token: re.Match[bytes]) -> None:
        """A control symbol."""
        self._starred = token["symbol"] == b"*"
        if self._group.is_shown:
            self._pieces.append(_SYMBOLS.get(token["symbol"], ""))

    def run(self, token: re.Match[bytes]) -> None:
        """Text as it is."""
        text = token["run"]
        skipped = min(self._skip, len(text))
        self._skip -= skipped
        if self._group.lists_fonts:
            name = text.decode("latin-1").rstrip("; ")
            font = symbol_font(name)
            if font:
                self._fonts[self._listed_font] = font
        elif not self._group.hidden:
            self._add(self._decoded(text[skipped:]))

    def _decode_bytes(self) -> None:
        """Decode the bytes that stood in hexadecimal up to here."""
        if self._bytes:
            self._add(self._decoded(bytes(self._bytes)))
            self._bytes.clear()

    def _decoded(self, data: bytes) -> str:
        """Bytes in the code page of the file, or as they are for a font of symbols."""
        code_page = "latin-1" if self._group.font else self._code_page
        return data.decode(code_page, "replace")
