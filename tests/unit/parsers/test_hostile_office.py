"""Slides, workbooks, books and mails made to do harm: each is refused with one clear
error, or read without what it is not to have.
"""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from shared.errors import FileRejected
from workers.parsers.parse_file import parse

FILES = Path(__file__).parents[2] / "data" / "documents"
CANARY = "the canary sings at noon"
REFUSED = (50107, 40007, 50104)
"""Codes of files that cannot be read, or are too large."""

PARTS = {
    "review.pptx": "ppt/slides/slide1.xml",
    "budget.xlsx": "xl/worksheets/sheet1.xml",
    "house.epub": "EPUB/c2.xhtml",
}
"""Of each package a part that is read."""


def rewritten(name: str, change: dict[str, bytes]) -> bytes:
    """A package with other bytes in some of its parts."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(FILES / name) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in dict.fromkeys([*old.namelist(), *change]):
            new.writestr(part, change[part] if part in change else old.read(part))
    return held.getvalue()


def outcome(data: bytes) -> str:
    """What was read, or "refused"; any other error is one of the parser."""
    try:
        return "\n".join(element.text for element in parse(data).elements)
    except FileRejected as error:
        assert error.code in REFUSED and error.message
        return "refused"


@pytest.mark.parametrize("name", PARTS)
def test_the_parts_are_there(name: str) -> None:
    assert PARTS[name] in zipfile.ZipFile(FILES / name).namelist()


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_unpacks_to_far_more_than_its_size(name: str) -> None:
    bomb = b"<a>" + b" " * 120_000_000 + b"</a>"
    assert outcome(rewritten(name, {PARTS[name]: bomb})) == "refused"


@pytest.mark.parametrize("name", PARTS)
def test_files_that_entities_name_are_not_opened(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    for kind in ("", "% "):
        declared = f'<!ENTITY {kind}x SYSTEM "{secret.as_uri()}">'
        use = "%x;" if kind else ""
        head = f"<?xml version='1.0'?><!DOCTYPE a [{declared}{use}]>"
        with zipfile.ZipFile(FILES / name) as archive:
            part = archive.read(PARTS[name]).decode()
        body = part[part.index("?>") + 2 :] if part.startswith("<?xml") else part
        harmed = (head + body.replace("</", "&x;</", 40)).encode()
        assert CANARY not in outcome(rewritten(name, {PARTS[name]: harmed}))


@pytest.mark.parametrize("name", PARTS)
def test_entities_that_grow_without_end(name: str) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "aha">{levels}]><a>&e11;</a>'
    assert len(outcome(rewritten(name, {PARTS[name]: bomb.encode()}))) < 10_000


@pytest.mark.parametrize("name", PARTS)
def test_nesting_without_end(name: str) -> None:
    deep = b"<g>" * 60_000 + b"x" + b"</g>" * 60_000
    assert len(outcome(rewritten(name, {PARTS[name]: deep}))) < 10_000


@pytest.mark.parametrize("place", ["../../../../etc/passwd", "/etc/passwd", "c2.xhtml"])
def test_a_book_reads_nothing_outside_of_itself(place: str) -> None:
    with zipfile.ZipFile(FILES / "house.epub") as archive:
        package = next(n for n in archive.namelist() if n.endswith(".opf"))
        manifest = archive.read(package).decode()
    harmed = manifest.replace('href="c2.xhtml"', f'href="{place}"')
    found = outcome(rewritten("house.epub", {package: harmed.encode()}))
    assert "root:" not in found


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_mail_that_was_cut_off_is_read_as_far_as_it_came(share: float) -> None:
    data = (FILES / "offer.eml").read_bytes()
    assert outcome(data[: int(len(data) * share)])


def test_a_mail_of_a_great_many_parts() -> None:
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"] = "a@x.example", "b@x.example", "<1@x>"
    made.set_content("the words")
    for number in range(3000):
        made.add_attachment(
            b"x", maintype="text", subtype="plain", filename=f"{number}"
        )
    found = outcome(bytes(made))
    assert found == "refused" or "the words" in found


def test_parts_of_a_mail_within_each_other_without_end() -> None:
    head = "From: a@x.example\nTo: b@x.example\nMessage-ID: <1@x>\nMIME-Version: 1.0\n"
    lines = [head + 'Content-Type: multipart/mixed; boundary="b0"\n']
    for level in range(400):
        inner = f'multipart/mixed; boundary="b{level + 1}"'
        lines.append(f"--b{level}\nContent-Type: {inner}\n")
    assert outcome("\n".join(lines).encode())


def test_a_sheet_whose_strings_point_nowhere() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="99999999999"><c r="ZZZZZZZ99999999999" t="s"><v>-1</v></c>'
        b'<c r="" t="s"><v>999999999999</v></c><c t="n"><v>1e999</v></c></row></sheetData>'
        b"</worksheet>"
    )
    assert outcome(rewritten("budget.xlsx", {PARTS["budget.xlsx"]: sheet}))
