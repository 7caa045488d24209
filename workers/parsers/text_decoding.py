"""Bytes -> text, in any of the encodings that people still send."""

from __future__ import annotations

import codecs

from workers.parsers.latin_decoding import is_mostly_latin, latin_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "ascii": "latin-1",
    "iso-8859-1": "cp1252",
}
"""What files are really written in when a detector names the first."""
_FALLBACKS = ("gb18030", "big5hkscs", "shift_jis", "latin-1")
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\v\b\x1b\x1a")
SAMPLE = 65_536
"""Bytes by which an encoding is judged."""
DETECTOR_SAMPLE = 4 * SAMPLE
CHARACTERS_PER_UNDECODABLE = 2000
"""At least so many to each one that is undecodable, in the right encoding."""
CHARACTERS_PER_ODD = 50
"""More than so many to each control, private or undecodable one, in real UTF-16."""
BYTES_PER_CONTROL = 100
"""At least so many to each control byte, in a text file."""


def decode(data: bytes, whole: bool = True) -> str:
    """Text of bytes: by BOM, as UTF-16 by where its zeros are, as strict UTF-8, else as
    chardet detects. `whole` is False for a sample that may end within a character. When
    nothing fits, undecodable bytes become U+FFFD.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    utf16 = _utf16_without_bom(data)
    if utf16:
        return data.decode(utf16, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError:
        return _decode_as_detected(data)


def looks_binary(data: bytes) -> bool:
    """Whether bytes are no text in any encoding that is read here."""
    sample = data[:SAMPLE]
    has_bom = any(sample.startswith(bom) for bom, _ in _BOMS)
    if has_bom or _utf16_without_bom(data):
        return False
    if b"\0" in sample:
        return True
    controls = sum(1 for byte in sample if byte < 32 and byte not in _TEXT_CONTROLS)
    return controls * BYTES_PER_CONTROL > len(sample)


def _utf16_without_bom(data: bytes) -> str:
    """UTF-16 shows in its high bytes: they take few values (0 for Latin, 0x4e..0x9f for
    Chinese) where the low bytes take many.
    """
    sample = data[: SAMPLE - SAMPLE % 2]
    if len(sample) < 4 or len(data) % 2 or b"\0" not in sample:
        return ""
    even_zeros, odd_zeros = sample[0::2].count(0), sample[1::2].count(0)
    if odd_zeros > even_zeros and _is_readable(sample, "utf-16-le"):
        return "utf-16-le"
    if even_zeros > odd_zeros and _is_readable(sample, "utf-16-be"):
        return "utf-16-be"
    return ""


def _is_readable(sample: bytes, encoding: str) -> bool:
    """Whether a sample is text in an encoding."""
    text = sample.decode(encoding, "replace")
    odd = 0
    for character in text:
        is_control = character < " " and character not in "\t\n\r\f"
        is_private = "\ue000" <= character < "\uf900"
        if is_control or is_private or character == "\ufffd":
            odd += 1
    return odd * CHARACTERS_PER_ODD < len(text)


def _decode_as_detected(data: bytes) -> str:
    """Text in the encoding that chardet detects, or in one of the usual others."""
    import chardet

    detected = chardet.detect(data[:DETECTOR_SAMPLE]).get("encoding") or ""
    encoding = _SUPERSETS.get(detected.lower().replace("-2022", ""), detected)
    sample = data[:DETECTOR_SAMPLE]
    if is_mostly_latin(sample):
        encoding = latin_encoding(sample, encoding)
    for candidate in (encoding, *_FALLBACKS):
        try:
            text = data.decode(candidate, "replace")
        except LookupError:
            continue
        if text.count("\ufffd") * CHARACTERS_PER_UNDECODABLE <= len(text):
            return text
    return data.decode(encoding or "latin-1", "replace")
