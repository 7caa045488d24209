"""What type a file has, by its bytes and never by its name."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile

from shared.contract import Code
from shared.errors import FileRejected
from workers.parsers.file_types import (
    BY_MEDIA_TYPE,
    CONTENT_TYPES,
    CSV,
    DOCX,
    EML,
    FILE_TYPES,
    HTML,
    JSON,
    MARKDOWN,
    PDF,
    TEXT,
    XML,
    FileType,
    accepted_types,
    type_by_signature,
)
from workers.parsers.mail.mail_look import looks_like_mail
from workers.parsers.text.csv_data import delimiter_of
from workers.parsers.text.markdown import looks_like_markdown
from workers.parsers.text_decoding import decode, looks_binary

_UNSUPPORTED_SIGNATURES: tuple[tuple[bytes, str], ...] = (
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
_UNSUPPORTED_ZIP_FOLDERS = (
    ("xl/", "an Excel workbook of a kind that is not read (XLSX is)"),
    ("ppt/", "a PowerPoint presentation of a kind that is not read (PPTX is)"),
)
_UNSUPPORTED_OLE_STREAMS = (
    ("Workbook", "an Excel workbook"),
    ("Book", "an Excel workbook"),
    ("PowerPoint Document", "a PowerPoint presentation"),
)
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_ZIP_ENTRY = b"PK\x03\x04"
_ZIP_DIRECTORY = b"PK\x01\x02"
_ZIP_END = b"PK\x05\x06"
_ZIP_END_SIZE = 22
"""Bytes of the end record of a zip without its comment."""
_ZIP_COMMENT = 0xFFFF
"""Bytes of the longest comment behind it."""

_PDF_WINDOW = 1024
"""Bytes from either end of a file in which readers look for the marks of a PDF."""
_TEXT_SAMPLE = 65_536
"""Bytes of a text that are looked at to tell its markup."""
_HTML_SAMPLE = 2000
"""Characters in which the <html> tag of a page is expected."""
_HTML_START = re.compile(
    r"(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S
)
_XML_START = re.compile(
    r"(<!--.*?-->\s*)*"
    r"<(\?xml\b|!DOCTYPE\b|[A-Za-z_][\w.\-]*(:[\w.\-]+)?(\s+[\w:.\-]+\s*=\s*[\"']|\s*/?>))",
    re.S,
)


def sniff(data: bytes) -> str:
    """The media type of a file. Raises FileRejected 40007 for a type that is not
    accepted, 50107 for a file that is two things at once.
    """
    file_type = type_by_signature(data)
    if file_type is None and data.startswith(_ZIP_ENTRY):
        file_type = zip_type(data)
    elif file_type is None and data.startswith(_OLE_SIGNATURE):
        file_type = ole_type(data)
    elif file_type is None and data[4:8] == b"ftyp":
        file_type = iso_media_type(data)
    elif file_type is None and _is_misplaced_pdf(data):
        file_type = BY_MEDIA_TYPE[PDF]
    if file_type is None:
        return text_type(data)
    if not file_type.is_container and _ends_as_zip(data):
        raise FileRejected(
            f"The file claims to be {file_type.media_type}"
            " and an archive at the same time."
        )
    return file_type.media_type


def unsupported(what: str) -> FileRejected:
    """The error for a type of file that is not accepted."""
    return FileRejected(
        f"The file is {what}; accepted are {accepted_types()}.",
        code=Code.FILE_NOT_ACCEPTED,
    )


def _is_misplaced_pdf(data: bytes) -> bool:
    """By a header that stands a little later than it should, or, where it was cut off,
    by the trailer.
    """
    if b"%PDF-" in data[:_PDF_WINDOW]:
        before = data[: data.index(b"%PDF-")]
        return b"\0" not in before
    end = data[-_PDF_WINDOW:]
    return b"startxref" in end and b"%%EOF" in end and b" obj" in data


def iso_media_type(data: bytes) -> FileType:
    """By the brands in the "ftyp" box: the main one at byte 8, others from byte 16.
    Raises FileRejected for one of another type.
    """
    (stated_size,) = struct.unpack_from(">I", data)
    size = min(max(stated_size, 16), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, size, 4))}
    for file_type in FILE_TYPES:
        if file_type.brands & brands:
            return file_type
    raise unsupported("video")


def zip_type(data: bytes) -> FileType:
    """By the entries of an archive. Raises FileRejected for one of another type."""
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
    for file_type in FILE_TYPES:
        entries = file_type.zip_entries
        if entries and all(_has_entry(names, entry) for entry in entries):
            return file_type
    if not _has_entry(names, CONTENT_TYPES):
        raise unsupported("an archive")
    for folder, what in _UNSUPPORTED_ZIP_FOLDERS:
        if any(name.startswith(folder) for name in names):
            raise unsupported(what)
    return BY_MEDIA_TYPE[DOCX]


def _has_entry(names: set[str], pattern: str) -> bool:
    """Whether the whole name of an entry matches a regular expression."""
    return any(re.fullmatch(pattern, name) for name in names)


def ole_type(data: bytes) -> FileType:
    """By the streams of an OLE compound file, which are named in its directory. Raises
    FileRejected for one of another type.
    """
    if _has_stream(data, "EncryptedPackage"):
        raise FileRejected(
            "The document is encrypted; it can be read only without its password."
        )
    for file_type in FILE_TYPES:
        if file_type.ole_stream and _has_stream(data, file_type.ole_stream):
            return file_type
    for stream, what in _UNSUPPORTED_OLE_STREAMS:
        if _has_stream(data, stream):
            raise unsupported(what)
    raise FileRejected("The file is an old Office file that is damaged or cut off.")


def _has_stream(data: bytes, name: str) -> bool:
    """Whether the directory of an OLE compound file names a stream."""
    return name.encode("utf-16-le") + b"\0\0" in data


def _ends_as_zip(data: bytes) -> bool:
    """Whether a zip reader would take the file for an archive: its end record is the
    end of the file and points at a directory.
    """
    search_from = max(0, len(data) - _ZIP_END_SIZE - _ZIP_COMMENT)
    end = data.rfind(_ZIP_END, search_from)
    if end < 0 or len(data) - end < _ZIP_END_SIZE:
        return False
    size, offset, comment = struct.unpack_from("<IIH", data, end + 12)
    directory = data[max(end - size, 0) :][:4]
    return (
        end + _ZIP_END_SIZE + comment == len(data)
        and size > 0
        and directory == _ZIP_DIRECTORY
        and offset < len(data)
    )


def text_type(data: bytes) -> str:
    """The media type of a file without a signature, by the look of its text. Raises
    FileRejected 40007 for what is no text.
    """
    for signature, what in _UNSUPPORTED_SIGNATURES:
        if data.startswith(signature):
            raise unsupported(what)
    if looks_binary(data):
        raise unsupported("of an unknown kind")
    sample = decode(data[:_TEXT_SAMPLE], whole=len(data) <= _TEXT_SAMPLE)
    head = sample.lstrip("\ufeff \t\r\n")
    if head[:1] in "{[" and _is_json(data):
        return JSON
    if looks_like_mail(head):
        return EML
    is_markup = head.startswith("<")
    has_html_tag = is_markup and "<html" in head[:_HTML_SAMPLE].lower()
    if has_html_tag or _HTML_START.match(head):
        return HTML
    is_closed = data.rstrip()[-1:] in (b">", b"\0")
    if is_markup and is_closed and _XML_START.match(head):
        return XML
    if looks_like_markdown(head):
        return MARKDOWN
    return CSV if _is_csv(head, len(data) <= _TEXT_SAMPLE) else TEXT


def _is_csv(text: str, whole: bool) -> bool:
    """Whether a text, of which a sample is given where it is not whole, is CSV."""
    try:
        return bool(delimiter_of(text, whole))
    except FileRejected:
        return False


def _is_json(data: bytes) -> bool:
    """Whether the whole text is JSON."""
    try:
        json.loads(decode(data))
    except (ValueError, RecursionError):
        return False
    return True
