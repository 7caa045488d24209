"""Presentations and workbooks, as other programs write them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from shared.errors import FileRejected
from tests.unit.parsers.makers import p, package
from workers.parsers.file_types import PPTX, XLSX
from workers.parsers.office.cell_values import NumberFormat, number_text, read_format
from workers.parsers.parse_file import Document, FileLimits, parse

FILES = Path(__file__).parents[2] / "data" / "documents"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(name: str) -> Document:
    return parse((FILES / name).read_bytes(), name)


def shown(document: Document) -> list[tuple[str, str]]:
    return [(element.category, element.text) for element in document.elements]


def workbook(sheet: str, **parts: str) -> bytes:
    """A workbook with one sheet, from raw XML; `parts` are styles and sharedStrings."""
    held = io.BytesIO()
    kinds = {"rId1": ("worksheet", "worksheets/sheet1.xml")} | {
        name: (name, f"{name}.xml") for name in parts
    }
    relations = "".join(
        f'<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for id, (kind, target) in kinds.items()
    )
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>"
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in parts.items():
            archive.writestr(f"xl/{name}.xml", content)
    return held.getvalue()


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def refused(data: bytes, **options: object) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        parse(data, **options)  # type: ignore[arg-type]
    return caught.value


def test_each_slide_is_a_page_with_its_title_first() -> None:
    document = read("review.pptx")
    assert (document.media_type, document.pages) == (PPTX, 4)
    assert document.title == "Review 2025"
    titles = {
        element.metadata.page_number: element.text
        for element in document.elements
        if element.category == "Title"
    }
    assert titles == {1: "Quarterly review", 2: "季度总结", 3: "Standorte"}


def test_lists_tables_charts_and_notes_of_slides() -> None:
    found = shown(read("review.pptx"))
    assert ("ListItem", "- 营收增长了12%") in found
    assert ("NarrativeText", "Прогноз: рост продолжится") in found
    assert (
        "NarrativeText",
        "Speaker's notes: Greet the new colleagues first.",
    ) in found
    tables = [text for kind, text in found if kind == "Table"]
    assert "| München | 42 | Jörg Müller |" in tables[0]
    assert "| Q2 | 5.1 |" in tables[1]


def test_more_slides_than_a_file_may_have() -> None:
    data = (FILES / "review.pptx").read_bytes()
    assert "4 slides; at most 3" in refused(data, limits=FileLimits(pages=3)).message


def test_sheets_with_days_percentages_and_money_as_people_see_them() -> None:
    document = read("budget.xlsx")
    assert document.media_type == XLSX
    found = shown(document)
    assert found[:2] == [
        ("Title", "Budget"),
        ("NarrativeText", "Budget of the Hamburg office"),
    ]
    table = found[2][1].splitlines()
    assert table[0] == "| Item | Since | Share | Amount |"
    assert table[2:] == [
        "| Rent | 2024-02-01 | 55.0% | 940.5 € |",
        "| Internet | 2024-03-05 14:30 | 45.0% | 35 € |",
    ]
    assert "| 李雷 | 北京 | 2024-09-15 |" in found[4][1]


def test_hidden_sheets_are_not_read() -> None:
    assert "hidden" not in repr(shown(read("budget.xlsx")))


@pytest.mark.parametrize(
    "code, value, text",
    [
        ("General", "4.4000000000000004", "4.4"),
        ("General", "12345678901", "12345678901"),
        ("0%", "0.25", "25%"),
        ("0.00%", "0.12345", "12.35%"),
        ("yyyy\\-mm\\-dd", "45352", "2024-03-01"),
        ("d. mmmm yyyy", "45352.5", "2024-03-01"),
        ("[$-407]dd.mm.yyyy hh:mm", "45352.5", "2024-03-01 12:00"),
        ('yyyy"年"m"月"d"日"', "45352", "2024-03-01"),
        ("h:mm:ss", "0.5", "12:00"),
        ("[h]:mm:ss", "1.25", "30:00:00"),
        ('#,##0.00 "€"', "940", "940 €"),
        ("[$¥-804]#,##0", "12", "12 ¥"),
        ('0 "Tage"', "7", "7"),
        ("mmm", "45352", "2024-03-01"),
        ("yyyy-mm-dd", "99999999", "99999999"),
        ("yyyy-mm-dd", "no number", "no number"),
    ],
)
def test_number_formats(code: str, value: str, text: str) -> None:
    assert number_text(value, "0", [read_format(code)], False) == text


def test_days_of_a_workbook_that_counts_from_1904() -> None:
    formats = [NumberFormat(is_date=True)]
    assert number_text("43890", "0", formats, True) == "2024-03-01"


def test_strings_in_runs_without_their_readings_and_merged_cells() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><r><t>東</t></r><r><t>京</t></r><rPh><t>とう</t></rPh></si></sst>'
    data = workbook(
        f'<worksheet xmlns="{MAIN}"><sheetData>'
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row>'
        '<row r="2"><c r="B2" t="b"><v>1</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>',
        sharedStrings=strings,
    )
    (_, table) = shown(parse(data))[1]
    assert table.splitlines() == ["| 東京 | x |", "| --- | --- |", "| 東京 | TRUE |"]


def test_empty_ones_say_that_there_was_a_file() -> None:
    (only,) = parse(workbook(sheet("")), "leer.xlsx").elements
    assert "leer.xlsx" in only.text and "without text" in only.text


@pytest.mark.parametrize("name", ["review.pptx", "budget.xlsx"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_files_that_were_cut_off(name: str, share: float) -> None:
    data = (FILES / name).read_bytes()
    assert refused(data[: int(len(data) * share)]).code in (50107, 40007)


def test_a_sheet_that_unpacks_to_far_more_than_its_size() -> None:
    data = workbook(sheet(f"<row>{'<c><v>1</v></c>' * 4_000_000}</row>"))
    assert "far more than its size" in refused(data).message


def test_a_sheet_with_one_cell_in_each_row_and_column() -> None:
    """A few bytes for each row, and billions of empty cells between them."""
    letters = [
        *(chr(65 + a) for a in range(26)),
        *(chr(65 + a) + chr(65 + b) for a in range(26) for b in range(26)),
    ]
    rows = "".join(
        f'<row r="{at}"><c r="{column}{at}"><v>1</v></c><c r="A{at}"><v>1</v></c></row>'
        for at, column in enumerate(letters * 3, 1)
    )
    assert "cells" in refused(workbook(sheet(rows))).message


def test_entities_of_a_sheet_are_not_followed() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="str"><v>&b;</v></c></row>'
        "</sheetData></worksheet>"
    )
    assert "aaa" not in repr(shown(parse(workbook(bomb))))


def test_groups_without_end() -> None:
    presentation = (
        f'<p xmlns:r="{OFFICE}"><sldIdLst><sldId id="256" r:id="s"/></sldIdLst></p>'
    )
    slide = (
        "<s><cSld><spTree>" + "<grpSp>" * 60 + "</grpSp>" * 60 + "</spTree></cSld></s>"
    )
    data = package(
        p("x"),
        {
            "ppt/presentation.xml": presentation,
            "ppt/_rels/presentation.xml.rels": "<R><Relationship Id='s' Type='x/slide'"
            " Target='slides/1.xml'/></R>",
            "ppt/slides/1.xml": slide,
        },
    )
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for item in old.namelist():
            if item.startswith(("ppt/", "[")):
                new.writestr(item, old.read(item))
    assert "nested too deeply" in refused(held.getvalue()).message
