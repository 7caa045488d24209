"""Plain text in any of the encodings that people still send."""

from __future__ import annotations

import codecs
import re

from workers.parsers.document import Limits, Part, Progress, Reading

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BULLET = re.compile(
    r"^\s*(?:[-*•·‣▪●○◦–]|\d{1,3}[.)、]|[（(]\d{1,3}[)）]|[a-zA-Z][.)])\s+\S"
)
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\v\b\x1b\x1a")
SAMPLE = 65_536
LINES = 60


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Paragraphs are set apart by empty lines, list items stand on lines of their own."""
    progress(0, 1)
    parts = tuple(paragraphs(decode(data)))
    progress(1, 1)
    return Reading(parts)


def paragraphs(text: str, page: int = 0) -> list[Part]:
    """Text -> paragraphs and list items."""
    parts = []
    for block in re.split(
        r"\n[ \t\u3000]*\n+",
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n"),
    ):
        parts += [Part(kind, lines, page) for kind, lines in _of_block(block)]
    return parts


def _of_block(block: str) -> list[tuple[str, str]]:
    made: list[tuple[str, list[str]]] = []
    for line in block.split("\n"):
        text = line.strip(" \t\u3000")
        if not text:
            continue
        if _BULLET.match(line):
            made.append(("ListItem", [text]))
        elif (
            made
            and (made[-1][0] == "NarrativeText" or line[:2].isspace())
            and len(made[-1][1]) < LINES
        ):
            made[-1][1].append(text)
        else:
            made.append(("NarrativeText", [text]))
    return [(kind, "\n".join(lines)) for kind, lines in made]


def decode(data: bytes, whole: bool = True) -> str:
    """Text of bytes: by BOM, as UTF-16 by where its zeros are, as strict UTF-8, else as
    chardet finds. `whole` is False for a sample that may end within a character. When
    nothing fits, as well as it goes.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    wide = _utf16_without_bom(data)
    if wide:
        return data.decode(wide, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError:
        return _detected(data)


def _utf16_without_bom(data: bytes) -> str:
    """UTF-16 shows in its high bytes: they take few values (0 for Latin, 0x4e..0x9f for
    Chinese) where the low bytes take many.
    """
    sample = data[: SAMPLE - SAMPLE % 2]
    if len(sample) < 4 or len(data) % 2 or b"\0" not in sample:
        return ""
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        low = sample[0::2] if encoding == "utf-16-le" else sample[1::2]
        if high.count(0) > low.count(0) and _readable(sample, encoding):
            return encoding
    return ""


def _readable(sample: bytes, encoding: str) -> bool:
    text = sample.decode(encoding, "replace")
    odd = sum(
        1
        for c in text
        if c == "\ufffd"
        or (ord(c) < 32 and c not in "\t\n\r\f")
        or 0xE000 <= ord(c) < 0xF900
    )
    return odd * 50 < len(text)


def _detected(data: bytes) -> str:
    import chardet

    guess = chardet.detect(data[: SAMPLE * 4])
    encoding = _wider(guess.get("encoding") or "")
    for candidate in (encoding, "gb18030", "big5hkscs", "shift_jis", "latin-1"):
        text = _strictly(data, candidate)
        if text is not None:
            return text
    return data.decode(encoding or "latin-1", "replace")


def _wider(encoding: str) -> str:
    """The superset that files really use of an encoding that a detector names."""
    known = {
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "big5": "big5hkscs",
        "shift_jis": "cp932",
        "ascii": "latin-1",
        "iso-8859-1": "cp1252",
    }
    return known.get(encoding.lower().replace("-2022", ""), encoding)


def _strictly(data: bytes, encoding: str) -> str | None:
    """The text, allowing for one damaged character in two thousand; None when it is not
    of this encoding.
    """
    try:
        text = data.decode(encoding, "replace")
    except LookupError:
        return None
    return text if text.count("\ufffd") * 2000 <= len(text) else None


def looks_binary(data: bytes) -> bool:
    """Whether bytes are no text in any encoding that is read here."""
    sample = data[:SAMPLE]
    if any(sample.startswith(bom) for bom, _ in _BOMS) or _utf16_without_bom(data):
        return False
    if b"\0" in sample:
        return True
    controls = sum(1 for byte in sample if byte < 32 and byte not in _TEXT_CONTROLS)
    return controls * 100 > len(sample)
