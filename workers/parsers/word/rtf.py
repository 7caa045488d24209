"""RTF, which many a .doc is."""

from __future__ import annotations

import re

from shared.errors import FileRejected
from workers.parsers.document import Limits, Progress, Reading
from workers.parsers.text.plain_text import paragraphs

MAX_DEPTH = 500
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n]+|(?P<run>[^\\{}\r\n]+)",
    re.S,
)
_HIDDEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping datastore xmlnstbl listtable listoverridetable rsidtbl "
    b"generator latentstyles fldinst bkmkstart bkmkend header footer headerl headerr headerf footerl footerr footerf nonshppict "
    b"pgdsctbl".split()
)
_SHOWN = frozenset(b"shppict shpinst shptxt".split())
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
_CODE_PAGES = {
    936: "gb18030",
    950: "big5hkscs",
    932: "cp932",
    949: "cp949",
    65001: "utf-8",
    0: "cp1252",
}


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Paragraphs of an RTF file; the cells of a row stand on one line. Raises FileRejected."""
    progress(0, 1)
    text = _Reader(_code_page(data)).text(data)
    parts = tuple(
        paragraphs(text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))
    )
    progress(1, 1)
    return Reading(parts)


class _Reader:
    """One pass over the tokens of one file. `_hidden` and `_fallback` hold for the
    group at hand, `_groups` keeps those around it.
    """

    def __init__(self, code_page: str) -> None:
        self._code_page = code_page
        self._hidden, self._starred, self._fallback, self._skip = False, False, 1, 0
        self._groups: list[tuple[bool, int]] = []
        self._bytes = bytearray()
        self._pieces: list[str] = []

    def text(self, data: bytes) -> str:
        """All text that is shown."""
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup if token.lastgroup != "number" else "word"
            if kind != "byte":
                self._flush()
            if kind:
                getattr(self, f"_{kind}")(token[kind], token["number"])
        self._flush()
        return "".join(self._pieces)

    def _flush(self) -> None:
        if self._bytes:
            self._pieces.append(self._bytes.decode(self._code_page, "replace"))
            self._bytes.clear()

    def _brace(self, brace: bytes, _: bytes | None) -> None:
        self._skip, self._starred = 0, False
        if brace == b"{":
            self._groups.append((self._hidden, self._fallback))
            if len(self._groups) > MAX_DEPTH:
                raise FileRejected("The RTF document is nested too deeply.")
        else:
            self._hidden, self._fallback = (
                self._groups.pop() if self._groups else (False, 1)
            )

    def _word(self, word: bytes, number: bytes | None) -> None:
        if word in _HIDDEN or (self._starred and word not in _SHOWN):
            self._hidden = True
        self._starred = False
        if self._hidden:
            return
        if word == b"uc":
            self._fallback = min(max(int(number or 1), 0), 8)
        elif word == b"u":
            self._pieces.append(chr(int(number or 0) % 0x10000))
            self._skip = self._fallback
        else:
            self._pieces.append(_WORDS.get(word, ""))

    def _byte(self, byte: bytes, _: bytes | None) -> None:
        if self._skip:
            self._skip -= 1
        elif not self._hidden:
            self._bytes.append(int(byte, 16))

    def _symbol(self, symbol: bytes, _: bytes | None) -> None:
        self._starred = symbol == b"*"
        if not self._hidden:
            self._pieces.append(_SYMBOLS.get(symbol, ""))

    def _run(self, run: bytes, _: bytes | None) -> None:
        skipped = min(self._skip, len(run))
        self._skip -= skipped
        if not self._hidden:
            self._pieces.append(run[skipped:].decode(self._code_page, "replace"))


def _code_page(data: bytes) -> str:
    found = re.search(rb"\\ansicpg(\d+)", data[:4096])
    number = int(found[1]) if found else 1252
    named = _CODE_PAGES.get(number, f"cp{number}")
    try:
        b"".decode(named)
    except LookupError:
        return "cp1252"
    return named
