"""Small files of every kind, made where they are needed."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import docx
import pymupdf
from PIL import Image

from workers.parsers.parse_file import Document, parse

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(draw: Callable[[Any], None], pages: int = 1, **saved: Any) -> bytes:
    """A PDF; `draw` gets each page with its number, from 0, as `page.number`."""
    with pymupdf.open() as document:
        for at in range(pages):
            document.new_page()
            draw(document[at])
        data: bytes = document.tobytes(**saved)
        return data


def write(
    page: Any, *lines: tuple[float, float, str], size: float = 11, font: str = "tiro"
) -> None:
    """Text at places (x, y from the top)."""
    for x, y, text in lines:
        page.insert_text((x, y), text, fontsize=size, fontname=font)


def picture_of(
    text: str, *, dpi: int = 150, chinese: bool = False, size: float = 20
) -> Image.Image:
    """A picture of a few lines."""
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=200)
        write(
            page,
            *((30, 50 + 40 * at, line) for at, line in enumerate(text.split("\n"))),
            size=size,
            font="china-s" if chinese else "helv",
        )
        pixmap = page.get_pixmap(dpi=dpi)
        return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of a picture in a format."""
    held = io.BytesIO()
    picture.save(held, kind, **options)
    return held.getvalue()


def word(build: Callable[[Any], None]) -> bytes:
    """A DOCX as python-docx writes it."""
    document = docx.Document()
    build(document)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def package(
    body: str,
    parts: Mapping[str, str | bytes] | None = None,
    relations: Sequence[tuple[str, str, str]] = (),
    **options: Any,
) -> bytes:
    """A DOCX from raw XML. `relations` of the document: (id, kind, target)."""
    held = io.BytesIO()
    targets = "".join(
        f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if '://' in target else ''}/>"
        for id, kind, target in relations
    )
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels",
            _RELATIONS.format(
                f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
            ),
        )
        archive.writestr("word/_rels/document.xml.rels", _RELATIONS.format(targets))
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>',
        )
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return held.getvalue()


_SECTOR, _SMALLEST = 512, 4096
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
"""Of an OLE compound file: bytes of a sector, of the smallest stream that has sectors of
its own, and what its table says of a sector.
"""


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file of at most three streams, each filled up with zeros."""
    table, content, entries = [_TABLE, _END], b"", [_entry("Root Entry", 5, _END, 0, 1)]
    for place, (name, data) in enumerate(streams.items(), start=1):
        size = max(_SMALLEST, -(-len(data) // _SECTOR) * _SECTOR)
        first, next = len(table), place + 1 if place < len(streams) else _FREE
        table += [*range(first + 1, first + size // _SECTOR), _END]
        content += data.ljust(size, b"\0")
        entries.append(_entry(name, 2, first, size, next=next))
    entries += [_entry("", 0, 0, 0)] * (4 - len(entries))
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack(
        "<5H6x9I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, _SMALLEST, _END, 0, _END, 0
    )
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    return (
        header + struct.pack(f"<{_SECTOR // 4}I", *table) + b"".join(entries) + content
    )


def _entry(
    name: str, kind: int, first: int, size: int, child: int = _FREE, next: int = _FREE
) -> bytes:
    """Of the directory of a compound file."""
    written = (name + "\0" if name else "").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(written), kind, 1, _FREE, next, child)
    return (
        written.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", first, size)
    )


def summary(pages: int) -> bytes:
    """The stream in which a document of Office says how many pages it has."""
    properties = struct.pack("<IIIIII", 24, 1, 14, 16, 3, pages)
    return struct.pack("<HHI16xI16xI", 0xFFFE, 0, 0, 1, 48) + properties


def p(text: str, properties: str = "") -> str:
    """A paragraph in raw XML."""
    settings = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"<w:p>{settings}{run}</w:p>"


def elements_of(data: bytes, **options: Any) -> list[tuple[str, str]]:
    """(kind, text) of all elements."""
    return [
        (element.category, element.text) for element in parse(data, **options).elements
    ]


def text_of(document: Document) -> str:
    """All text, one element a line."""
    return "\n".join(element.text for element in document.elements)
