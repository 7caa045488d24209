"""The table of file types: every row is complete, what is said of it elsewhere is true,
and a type whose library is not installed is refused with the extra to install.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from services.gateway.schemas.messages import FilePart
from shared.errors import FileRejected
from tests.unit.parsers.makers import p, package, pdf, picture_of, saved, write
from workers.parsers import file_types
from workers.parsers.dispatch import parser_for
from workers.parsers.file_types import (
    BY_MEDIA_TYPE,
    FILE_TYPES,
    FileType,
    accepted_types,
)
from workers.parsers.sniff import sniff

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("file_type", FILE_TYPES, ids=lambda row: row.media_type)
def test_every_type_has_a_parser(file_type: FileType) -> None:
    assert callable(parser_for(file_type))


def test_media_types_and_labels_are_unique() -> None:
    labels = [file_type.label for file_type in FILE_TYPES if file_type.label]
    assert len(BY_MEDIA_TYPE) == len(FILE_TYPES)
    assert len(set(labels)) == len(labels)


def test_the_list_for_people_comes_from_the_table() -> None:
    assert accepted_types() == (
        "PDF, DOCX, DOC, PPTX, XLSX, EPUB, EML, MSG, RTF, TXT, MD, JSON, XML, HTML, CSV"
        " and pictures (JPG, PNG, WEBP, GIF, BMP, TIFF, HEIC)"
    )


def test_the_documents_that_the_api_names_are_accepted() -> None:
    named = (FilePart.__doc__ or "").removeprefix("A document: ").rstrip(".")
    labels = {file_type.label for file_type in FILE_TYPES}
    assert set(named.split(", ")) <= labels


def test_a_row_is_enough_to_recognise_a_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row with a signature, and one with an entry of a zip."""
    rows = (
        FileType("x/one", "ONE", "text.plain_text", signature=rb"ONE\d"),
        FileType("x/two", "TWO", "text.plain_text", zip_entries=(r"two/.*",)),
    )
    for module in ("file_types", "sniff"):
        monkeypatch.setattr(f"workers.parsers.{module}.FILE_TYPES", rows + FILE_TYPES)
    assert sniff(b"ONE2 and more") == "x/one"
    assert sniff(package(p("x"), {"two/content": "x"})) == "x/two"
    assert "ONE, TWO, PDF" in file_types.accepted_types()


WITHOUT_PYMUPDF = """
import sys
sys.modules["pymupdf"] = sys.modules["fitz"] = None
from shared.errors import FileRejected
from workers.parsers.parse_file import parse
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        try:
            print(parse(file.read()).media_type)
        except FileRejected as error:
            print(error.code, error.message)
"""


def test_without_pymupdf_all_but_pdf_is_read(tmp_path: Path) -> None:
    """PyMuPDF is an extra because of its licence; the message names it."""
    files = [
        pdf(lambda page: write(page, (72, 72, "words"))),
        package(p("words")),
        rb"{\rtf1 words}",
        b"# words\n\nand more",
        b'{"a": "words"}',
        b"<a>words</a>",
        b"<html><p>words</html>",
        b"words",
        saved(picture_of("words"), "PNG"),
    ]
    paths = [tmp_path / str(number) for number in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_PYMUPDF, *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    refusal, *types = ran.stdout.splitlines()
    assert refusal.startswith("40007 PDF files are not read")
    assert "souvenir-memory[pdf]" in refusal
    assert types == [sniff(data) for data in files[1:]]


def test_the_refusal_is_permanent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymupdf", None)
    with pytest.raises(FileRejected, match="souvenir-memory"):
        parser_for(BY_MEDIA_TYPE[file_types.PDF])
