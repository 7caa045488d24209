"""Files made to do harm: each costs one clear error."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from shared.errors import FileRejected
from tests.unit.parsers.makers import (
    compound,
    p,
    package,
    pdf,
    picture_of,
    saved,
    summary,
    word,
    write,
)
from workers.parsers.parse_file import FileLimits, parse


def refused(data: bytes, **options: object) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        parse(data, **options)  # type: ignore[arg-type]
    return caught.value


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first its catalog."""
    data, places = b"%PDF-1.4\n", []
    for at, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (at, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, len(data))
    )


def test_a_page_tree_that_bites_its_tail() -> None:
    data = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 3>>",
        b"<</Type/Pages/Kids[2 0 R]/Count 3/Parent 2 0 R>>",
    )
    assert refused(data).code == 50107


def test_a_page_count_that_lies() -> None:
    data = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 2000000000>>"
    )
    assert refused(data).code == 50107


def test_nesting_without_end() -> None:
    data = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/X "
        + b"[" * 100_000
        + b"]" * 100_000
        + b">>",
    )
    assert refused(data).code == 50107


def test_a_pdf_of_which_nothing_is_left() -> None:
    whole = pdf(lambda page: write(page, (72, 72, "words")))
    assert refused(whole[:200]).code == 50107
    assert refused(whole[200:]).code in (50107, 40007)


def test_a_page_as_large_as_a_town() -> None:
    data = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9000000 9000000]>>",
    )
    assert "measures" in refused(data).message


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_files_that_were_cut_off(share: float) -> None:
    whole = [
        word(lambda document: document.add_paragraph("text")),
        saved(picture_of("text"), "PNG"),
        saved(picture_of("text"), "JPEG"),
    ]
    for data in whole:
        assert refused(data[: int(len(data) * share)]).code in (50107, 40007)


def test_two_kinds_in_one_file() -> None:
    document = word(lambda built: built.add_paragraph("the other face"))
    for face in (
        pdf(lambda page: write(page, (72, 72, "one face"))),
        saved(picture_of("one face"), "GIF"),
    ):
        assert "at the same time" in refused(face + document).message


def test_a_zip_bomb() -> None:
    assert "far more than its size" in refused(package(p("x" * 100_000_000))).message
    assert (
        "unpacks to more"
        in refused(
            package(p("x"), {"word/media/a.bin": b"\0" * 2_000_000}),
            limits=FileLimits(unpacked=1_000_000),
        ).message
    )


def test_a_zip_that_lies_about_its_size() -> None:
    data = bytearray(package(p("x" * 100_000_000)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        info = archive.getinfo("word/document.xml")
    directory = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    struct.pack_into("<I", data, directory + 24, 1000)
    struct.pack_into("<I", data, info.header_offset + 22, 1000)
    assert refused(bytes(data)).code == 50107


def test_an_encrypted_zip_says_so() -> None:
    data = bytearray(package(p("x")))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    data[at + 8] |= 1
    assert "encrypted" in refused(bytes(data)).message


def test_an_image_bomb() -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    assert "pixels" in refused(data).message


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "'
    + b"x" * 1000
    + b'"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
)


def test_entities_are_refused_and_files_never_opened() -> None:
    assert "entities" in refused(BOMB).message
    outside = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b"<a>&x; and text</a>"
    )
    assert "entities" in refused(outside).message
    assert (
        refused(
            package(
                p("x"),
                {"word/footnotes.xml": BOMB},
                [("n", "footnotes", "footnotes.xml")],
            )
        ).code
        == 50107
    )


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?>" + b"<a>" * 5000 + b"x" + b"</a>" * 5000,
        b"<html><body>" + b"<div>" * 100_000 + b"x",
        b"{\\rtf1 " + b"{" * 10_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        package(
            "<w:sdt><w:sdtContent>" * 200 + p("x") + "</w:sdtContent></w:sdt>" * 200
        ),
    ],
)
def test_nesting_in_markup(data: bytes) -> None:
    try:
        text = "".join(element.text for element in parse(data).elements)
    except FileRejected as error:
        assert error.code == 50107
    else:
        assert "x" in text or "1" in text


def test_sizes_and_amounts_of_text() -> None:
    assert refused(b"x" * 2000, limits=FileLimits(bytes=1000)).code == 50104
    assert (
        "more text"
        in refused(b"word " * 1000, limits=FileLimits(characters=1000)).message
    )


def stating(kind: str, pages: int) -> bytes:
    """A document that states how many pages it has; of a DOC no more than that holds."""
    if kind == "DOC":
        streams = {"\x05SummaryInformation": summary(pages), "WordDocument": b"x"}
        return compound(streams)
    if kind == "RTF":
        return rb"{\rtf1{\info{\nofpages%d}}Words\par}" % pages
    stated = f"<Properties><Pages>{pages}</Pages></Properties>"
    return package(p("Words"), {"docProps/app.xml": stated})


@pytest.mark.parametrize("kind", ["DOC", "DOCX", "RTF"])
def test_a_document_that_states_more_pages_than_are_read(kind: str) -> None:
    message = refused(stating(kind, 4), limits=FileLimits(pages=3)).message
    assert kind in message and message.endswith("has 4 pages; at most 3 are read.")


def test_one_that_states_as_many_is_read() -> None:
    limits = FileLimits(pages=3)
    for kind in ("DOCX", "RTF"):
        (element,) = parse(stating(kind, 3), limits=limits).elements
        assert element.text == "Words"
    assert "damaged" in refused(stating("DOC", 3), limits=limits).message
    empty = compound({"\x05SummaryInformation": b"", "WordDocument": b"x"})
    assert "damaged" in refused(empty, limits=limits).message


def test_pages_that_a_text_names_are_none_of_the_document() -> None:
    text = rb"{\rtf1 It says \\nofpages4 in it.\par}"
    (element,) = parse(text, limits=FileLimits(pages=3)).elements
    assert "nofpages4" in element.text
