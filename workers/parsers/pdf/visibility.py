"""Which text of a page of a PDF people see, and as what: hidden runs are taken out, those
in fonts of symbols become the characters that they show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workers.parsers.layout.placed_text import Box
from workers.parsers.symbol_fonts import private_symbols, symbol_font, symbols

FILLED, STROKED, CLIPPING = 16, 32, 64
"""MuPDF's flags of a run: without any of them nothing of it is drawn."""
WHITE = 250
"""Of 255: from here on a colour is white."""
MIN_SIZE = 1.0
"""Points: type that is smaller is not seen."""
COVERED = 0.3
"""Share of a page that its pictures cover, if hidden text is what was read in them."""


class Visibility:
    """What is seen on one page of PyMuPDF; looked up only where a run asks for it."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._backgrounds: list[Box] | None = None
        self._raw_fonts: dict[str, bool] | None = None

    def apply(self, content: dict[str, Any]) -> bool:
        """Take hidden runs out of PyMuPDF's dict or rawdict and write symbols as they
        show. Returns whether anything changed.
        """
        changed = False
        for block in content["blocks"]:
            for line in block.get("lines", ()):
                spans = line["spans"]
                seen = [span for span in spans if self._is_seen(span, content)]
                changed |= len(seen) < len(spans)
                line["spans"] = seen
                for span in seen:
                    changed |= self._write_symbols(span)
        return changed

    def _is_seen(self, span: dict[str, Any], content: dict[str, Any]) -> bool:
        """Whether people see a run, or a picture below it that it was read from."""
        if span["size"] < MIN_SIZE:
            return False
        is_drawn = span.get("char_flags", FILLED) & (FILLED | STROKED | CLIPPING)
        if not is_drawn or span.get("alpha", 255) == 0:
            return self._is_picture()
        return not _is_white(span["color"]) or self._stands_on_colour(span, content)

    def _is_picture(self) -> bool:
        """Whether pictures cover much of the page."""
        covered = sum(_area(box) for box in self._pictures())
        return covered > COVERED * _area(Box(*self._page.rect))

    def _stands_on_colour(self, span: dict[str, Any], content: dict[str, Any]) -> bool:
        """Whether a run stands on a coloured area or a picture."""
        if self._backgrounds is None:
            self._backgrounds = [*_coloured_areas(content), *self._pictures()]
        left, top, right, bottom = span["bbox"]
        x, y = (left + right) / 2, (top + bottom) / 2
        return any(box.holds_point(x, y, 0) for box in self._backgrounds)

    def _pictures(self) -> list[Box]:
        """The boxes of the pictures on the page."""
        return [Box(*info["bbox"]) for info in self._page.get_image_info()]

    def _write_symbols(self, span: dict[str, Any]) -> bool:
        """Write a run in a font of symbols as it shows; whether it was in one."""
        font = symbol_font(span["font"])
        for holder, key in _texts(span):
            text = holder[key]
            if not font:
                written = private_symbols(text) if not text.isascii() else text
            elif self._is_raw(span["font"]):
                written = symbols(_codes(text), font)
            else:
                written = "".join(
                    symbols(character, font)
                    if "\uf000" <= character < "\uf100"
                    else character
                    for character in text
                )
            holder[key] = written
        return bool(font)

    def _is_raw(self, name: str) -> bool:
        """Whether a font does not tell what its codes mean, so that MuPDF takes them
        for letters.
        """
        if self._raw_fonts is None:
            document = self._page.parent
            self._raw_fonts = {}
            for xref, _, _, font, *_ in self._page.get_fonts(full=True):
                is_raw = _tells_nothing(document, xref)
                family = font.rsplit("+", 1)[-1]
                self._raw_fonts[family] = self._raw_fonts.get(family, True) and is_raw
        return self._raw_fonts.get(name.rsplit("+", 1)[-1], True)


def _texts(span: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Where the text of a run stands: (holder, its key)."""
    if "chars" in span:
        for character in span["chars"]:
            yield character, "c"
    else:
        yield span, "text"


def _codes(text: str) -> str:
    """The codes that MuPDF took for letters of Windows' Western alphabet."""
    codes = ""
    for character in text:
        byte = character.encode("cp1252", "ignore")
        codes += chr(byte[0]) if byte else character
    return codes


def _tells_nothing(document: Any, xref: int) -> bool:
    """Whether a font has neither a map to Unicode nor names of its characters."""
    if xref and document.xref_get_key(xref, "ToUnicode")[0] != "null":
        return False
    kind, encoding = document.xref_get_key(xref, "Encoding") if xref else ("null", "")
    if kind == "xref":
        encoding = document.xref_object(int(encoding.split()[0]))
    return "/Differences" not in encoding


def _coloured_areas(content: dict[str, Any]) -> Iterator[Box]:
    """The areas of a page that are filled with a colour other than white."""
    for block in content["blocks"]:
        is_filled = "lines" not in block and not block.get("stroked", True)
        if is_filled and not _is_white(block.get("color", 0)):
            yield Box(*block["bbox"])


def _is_white(colour: int) -> bool:
    """Whether a colour (0xRRGGBB) is white."""
    return all((colour >> bits) & 0xFF >= WHITE for bits in (0, 8, 16))


def _area(box: Box) -> float:
    """Of a box."""
    return box.width * box.height
