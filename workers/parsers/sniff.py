"""What a file is, told by its bytes and never by its name."""

from __future__ import annotations

import io
import re
import struct
import zipfile

from shared.contract import Code
from shared.errors import FileRejected
from workers.parsers.document import Limits

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
RTF = "application/rtf"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
JSON = "application/json"
XML = "application/xml"
HTML = "text/html"

ACCEPTED = "PDF, DOCX, DOC, RTF, TXT, MD, JSON, XML, HTML and pictures (JPG, PNG, WEBP, GIF, BMP, TIFF, HEIC)"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
)
_HEIF = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"ID3", "sound"),
    (b"OggS", "sound or video"),
    (b"fLaC", "sound"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"SQLite format 3\0", "a database"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS = (
    ("Workbook", "an Excel workbook"),
    ("Book", "an Excel workbook"),
    ("PowerPoint Document", "a PowerPoint presentation"),
    ("__properties_version1.0", "a mail message"),
)
_ZIP_END = b"PK\x05\x06"


def sniff(data: bytes, limits: Limits = Limits()) -> str:
    """The media type of a file. Raises FileRejected 40007 for a kind that is not
    accepted, 50107 for one that is two things at once.
    """
    kind = _of_magic(data, limits)
    if kind and kind not in (DOCX, DOC) and _ends_as_zip(data):
        raise FileRejected(
            f"The file claims to be {kind} and an archive at the same time."
        )
    return kind or _of_text(data)


def unsupported(what: str) -> FileRejected:
    """The error for a kind of file that is not accepted."""
    return FileRejected(
        f"The file is {what}; accepted are {ACCEPTED}.", code=Code.FILE_NOT_ACCEPTED
    )


def _of_magic(data: bytes, limits: Limits) -> str:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return _of_zip(data, limits)
    if data.startswith(_OLE):
        return _of_ole(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if (
        data[:2] == b"BM"
        and len(data) > 26
        and struct.unpack_from("<I", data, 14)[0] in (12, 40, 52, 56, 64, 108, 124)
    ):
        return "image/bmp"
    if data[4:8] == b"ftyp":
        return _of_ftyp(data)
    return PDF if _is_pdf(data) else ""


def _is_pdf(data: bytes) -> bool:
    """By a header that stands a little later than it should, or, where it was cut off,
    by the trailer.
    """
    if b"%PDF-" in data[:1024]:
        return b"\0" not in data[: data.index(b"%PDF-")]
    return b"startxref" in data[-1024:] and b"%%EOF" in data[-1024:] and b" obj" in data


def _of_ftyp(data: bytes) -> str:
    size = min(max(struct.unpack_from(">I", data)[0], 16), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, size, 4))}
    if b"avif" in brands or b"avis" in brands:
        return "image/avif"
    if brands & _HEIF:
        return "image/heic"
    raise unsupported("video")


def _of_zip(data: bytes, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (
        zipfile.BadZipFile,
        ValueError,
        struct.error,
        OverflowError,
        NotImplementedError,
        EOFError,
    ) as error:
        raise FileRejected(
            "The file starts as a DOCX or another archive, and is damaged or cut off."
        ) from error
    if "[Content_Types].xml" not in names:
        raise unsupported("an archive")
    if any(re.fullmatch(r"[\\/]?word[\\/]document\d*\.xml", name) for name in names):
        return DOCX
    for folder, what in (
        ("xl/", "an Excel workbook"),
        ("ppt/", "a PowerPoint presentation"),
    ):
        if any(name.startswith(folder) for name in names):
            raise unsupported(what)
    return DOCX


def _of_ole(data: bytes) -> str:
    if _stream(data, "EncryptedPackage"):
        raise FileRejected(
            "The document is encrypted; it can be read only without its password."
        )
    if _stream(data, "WordDocument"):
        return DOC
    for stream, what in _OLE_KINDS:
        if _stream(data, stream):
            raise unsupported(what)
    raise FileRejected("The file is an old Office file that is damaged or cut off.")


def _stream(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") + b"\0\0" in data


def _ends_as_zip(data: bytes) -> bool:
    """Whether a zip reader would take the file for an archive: its end record is the
    end of the file and points at a directory.
    """
    at = data.rfind(_ZIP_END, max(0, len(data) - 65_557))
    if at < 0 or len(data) - at < 22:
        return False
    size, offset, comment = struct.unpack_from("<IIH", data, at + 12)
    return (
        at + 22 + comment == len(data)
        and size > 0
        and data[max(at - size, 0) :][:4] == b"PK\x01\x02"
        and offset < len(data)
    )


def _of_text(data: bytes) -> str:
    from workers.parsers.text.plain_text import decode, looks_binary

    for magic, what in _FOREIGN:
        if data.startswith(magic):
            raise unsupported(what)
    if looks_binary(data):
        raise unsupported("of an unknown kind")
    head = decode(
        data[:65_536] if len(data) > 65_536 else data, whole=len(data) <= 65_536
    ).lstrip("\ufeff \t\r\n")
    return _of_markup(head, data)


_HTML_START = re.compile(
    r"(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S
)
_XML_START = re.compile(
    r"(<!--.*?-->\s*)*<(\?xml\b|!DOCTYPE\b|[A-Za-z_][\w.\-]*(:[\w.\-]+)?(\s+[\w:.\-]+\s*=\s*[\"']|\s*/?>))",
    re.S,
)


def _of_markup(head: str, data: bytes) -> str:
    from workers.parsers.text.markdown import looks_like_markdown

    if head[:1] in "{[" and _is_json(data):
        return JSON
    if _HTML_START.match(head) or (
        "<html" in head[:2000].lower() and head.startswith("<")
    ):
        return HTML
    if (
        head.startswith("<")
        and _XML_START.match(head)
        and data.rstrip()[-1:] in (b">", b"\0")
    ):
        return XML
    return MARKDOWN if looks_like_markdown(head) else TEXT


def _is_json(data: bytes) -> bool:
    import json

    from workers.parsers.text.plain_text import decode

    try:
        json.loads(decode(data))
    except (ValueError, RecursionError):
        return False
    return True
