"""Electronic books."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from shared.errors import FileRejected
from workers.parsers.file_types import EPUB
from workers.parsers.parse_file import parse

BOOK = (Path(__file__).parents[2] / "data" / "documents" / "house.epub").read_bytes()


def rewritten(change: dict[str, bytes]) -> bytes:
    """The book with other bytes in some of its parts."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(BOOK)) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {**dict.fromkeys(old.namelist()), **change}:
            new.writestr(name, change[name] if name in change else old.read(name))
    return held.getvalue()


def refused(data: bytes) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        parse(data)
    return caught.value


def test_chapters_in_order_without_the_table_of_contents() -> None:
    document = parse(BOOK)
    assert (document.media_type, document.title) == (EPUB, "Das Haus am See")
    assert [element.text for element in document.elements] == [
        "By Käthe Björk",
        "Anfang",
        "Im Jahr 1912 zog Familie Öhler an den See.",
        "第二章",
        "湖边的猫（māo）叫年糕。",
        "- 一",
    ]


def test_a_protected_book_is_refused() -> None:
    encryption = (
        b"<encryption><EncryptedData><CipherData><CipherReference"
        b" URI='EPUB/kapitel%201.xhtml'/></CipherData></EncryptedData></encryption>"
    )
    assert (
        "protected"
        in refused(rewritten({"META-INF/encryption.xml": encryption})).message
    )


def test_encrypted_fonts_do_not_matter() -> None:
    encryption = (
        b"<encryption><EncryptedData><CipherData><CipherReference"
        b" URI='EPUB/font.otf'/></CipherData></EncryptedData></encryption>"
    )
    assert parse(rewritten({"META-INF/encryption.xml": encryption})).elements


def test_a_book_that_points_nowhere() -> None:
    container = (
        b"<container><rootfiles><rootfile full-path='no.opf'/></rootfiles></container>"
    )
    assert (
        "no book" in refused(rewritten({"META-INF/container.xml": container})).message
    )


def test_a_chapter_that_unpacks_to_far_more_than_its_size() -> None:
    page = b"<html><body>" + b"x" * 100_000_000 + b"</body></html>"
    assert (
        "far more than its size" in refused(rewritten({"EPUB/c2.xhtml": page})).message
    )


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_book_that_was_cut_off(share: float) -> None:
    assert refused(BOOK[: int(len(BOOK) * share)]).code in (50107, 40007)
