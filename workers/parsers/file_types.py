"""The file types that are read, one row each.

To add a type: write a module with a function `parse_bytes` (a `Parser`), add a row here
with the mark by which the type is recognised, and test it with a small file. The
message that lists the accepted types is derived from the labels. Only a type that is
recognised by nothing but the look of its text also needs a rule in
`sniff.text_type`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from workers.parsers.document import FileLimits, ParsedFile, Progress

Parser = Callable[[bytes, FileLimits, Progress, str], ParsedFile]
"""(data, limits, progress, file name) -> the parsed file. Raises FileRejected; any
other error is taken for a damaged file.
"""


@dataclass(frozen=True, slots=True)
class FileType:
    """One type: how it is recognised and which module parses it."""

    media_type: str
    label: str
    """For people, in the list of accepted types; "" for one that is not listed."""
    parser: str
    """Module under `workers.parsers`, imported when the first such file comes."""
    signature: bytes = b""
    """Regular expression that the start of the file matches; "." is any byte."""
    zip_entries: tuple[str, ...] = ()
    """A zip archive with an entry for each of these regular expressions."""
    ole_stream: str = ""
    """An OLE compound file (Office before 2007) with this stream."""
    brands: frozenset[bytes] = frozenset()
    """An ISO media file (an "ftyp" box) with one of these brands."""
    library: str = ""
    """Module of an optional library that the parser cannot do without."""
    extra: str = ""
    """The extra of the package `souvenir-memory` that installs the library."""

    @property
    def is_image(self) -> bool:
        """Whether it is a picture."""
        return self.media_type.startswith("image/")

    @property
    def is_container(self) -> bool:
        """Whether such a file may be an archive as well."""
        return bool(self.zip_entries or self.ole_stream)


PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EPUB = "application/epub+zip"
EML = "message/rfc822"
MSG = "application/vnd.ms-outlook"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
JSON = "application/json"
XML = "application/xml"
HTML = "text/html"
CSV = "text/csv"

CONTENT_TYPES = r"\[Content_Types\]\.xml"
"""The entry that every package of Office has."""
_WORD_BODY = r"[\\/]?word[\\/]document\d*\.xml"
_SLIDES = r"[\\/]?ppt[\\/]presentation\d*\.xml"
_WORKBOOK = r"[\\/]?xl[\\/]workbook\d*\.xml"
_CONTAINER = r"META-INF[\\/]container\.xml"
_PNG = rb"\x89PNG\r\n\x1a\n"
_BMP = rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0.{9}"
"""The size of the second header, at byte 14, is one of seven that are in use."""
_TIFF = rb"II\*\0|MM\0\*|II\+\0"
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
)

FILE_TYPES = (
    FileType(
        PDF, "PDF", "pdf.pdf", signature=rb"%PDF-", library="pymupdf", extra="pdf"
    ),
    FileType(DOCX, "DOCX", "word.docx", zip_entries=(CONTENT_TYPES, _WORD_BODY)),
    FileType("application/msword", "DOC", "word.doc", ole_stream="WordDocument"),
    FileType(PPTX, "PPTX", "office.pptx", zip_entries=(CONTENT_TYPES, _SLIDES)),
    FileType(XLSX, "XLSX", "office.xlsx", zip_entries=(CONTENT_TYPES, _WORKBOOK)),
    FileType(EPUB, "EPUB", "book.epub", zip_entries=(_CONTAINER, r".*\.opf")),
    FileType(EML, "EML", "mail.eml"),
    FileType(MSG, "MSG", "mail.msg", ole_stream="__properties_version1.0"),
    FileType("application/rtf", "RTF", "word.rtf", signature=rb"\{\\rtf"),
    FileType(TEXT, "TXT", "text.plain_text"),
    FileType(MARKDOWN, "MD", "text.markdown"),
    FileType(JSON, "JSON", "text.json_data"),
    FileType(XML, "XML", "text.xml"),
    FileType(HTML, "HTML", "text.html"),
    FileType(CSV, "CSV", "text.csv_data"),
    FileType("image/jpeg", "JPG", "picture.image", signature=rb"\xff\xd8\xff"),
    FileType("image/png", "PNG", "picture.image", signature=_PNG),
    FileType("image/webp", "WEBP", "picture.image", signature=rb"RIFF.{4}WEBP"),
    FileType("image/gif", "GIF", "picture.image", signature=rb"GIF8[79]a"),
    FileType("image/bmp", "BMP", "picture.image", signature=_BMP),
    FileType("image/tiff", "TIFF", "picture.image", signature=_TIFF),
    FileType("image/avif", "", "picture.image", brands=_AVIF_BRANDS),
    FileType("image/heic", "HEIC", "picture.image", brands=_HEIC_BRANDS),
)
"""In the order in which they are listed for people, and in which marks are tried."""

BY_MEDIA_TYPE = {file_type.media_type: file_type for file_type in FILE_TYPES}


def accepted_types() -> str:
    """The accepted types, for people."""
    listed = [file_type for file_type in FILE_TYPES if file_type.label]
    documents = [file_type.label for file_type in listed if not file_type.is_image]
    pictures = [file_type.label for file_type in listed if file_type.is_image]
    return f"{', '.join(documents)} and pictures ({', '.join(pictures)})"


def type_by_signature(data: bytes) -> FileType | None:
    """The type whose signature the file starts with."""
    for file_type in FILE_TYPES:
        signature = file_type.signature
        if signature and re.match(signature, data, re.DOTALL):
            return file_type
    return None
