"""DOCX: what python-docx reads, and what it passes over."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from tests.unit.parsers.makers import W, elements_of, p, package, word
from workers.parsers.parse_file import parse

BOX = (
    "<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>"
    "<w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)
CHART = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{p(text)}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def test_headings_paragraphs_lists_and_tables_in_order() -> None:
    def build(document: Any) -> None:
        document.add_heading("Garden", 1)
        document.add_paragraph("What grows where.")
        document.add_paragraph("beans", style="List Bullet")
        document.add_paragraph("dig", style="List Number")
        document.add_paragraph("sow", style="List Number")
        table = document.add_table(2, 2)
        for at, text in enumerate(("Bed", "Crop", "North", "Kale")):
            table.cell(at // 2, at % 2).text = text
        document.add_heading("Notes", 2)

    assert elements_of(word(build)) == [
        ("Title", "Garden"),
        ("NarrativeText", "What grows where."),
        ("ListItem", "- beans"),
        ("ListItem", "1. dig"),
        ("ListItem", "2. sow"),
        ("Table", "| Bed | Crop |\n| --- | --- |\n| North | Kale |"),
        ("Title", "Notes"),
    ]


def test_text_boxes_notes_headers_and_comments_are_read() -> None:
    relations = [
        ("n", "footnotes", "footnotes.xml"),
        ("h", "header", "header1.xml"),
        ("f", "footer", "footer1.xml"),
        ("c", "comments", "comments.xml"),
    ]
    data = package(
        BOX.format(p("inside a box"))
        + '<w:p><w:r><w:t>a claim</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
        + p("the rest"),
        {
            "word/footnotes.xml": f'<w:footnotes {W}><w:footnote w:id="0" w:type="separator">{p("---")}'
            "</w:footnote>"
            f'<w:footnote w:id="2">{p("its source")}</w:footnote></w:footnotes>',
            "word/header1.xml": f"<w:hdr {W}>{p('House style')}</w:hdr>",
            "word/footer1.xml": f"<w:ftr {W}>{p('12')}</w:ftr>",
            "word/comments.xml": f'<w:comments {W}><w:comment w:id="1" w:author="Kim">{p("really?")}'
            "</w:comment></w:comments>",
        },
        relations,
    )
    assert [text for _, text in elements_of(data)] == [
        "House style",
        "inside a box",
        "a claim",
        "its source",
        "the rest",
        "Comment by Kim: really?",
    ]


def test_content_controls_insertions_and_deletions() -> None:
    data = package(
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('controlled')}</w:sdtContent></w:sdt>"
        "<w:p><w:ins><w:r><w:t>kept</w:t></w:r></w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    )
    assert [text for _, text in elements_of(data)] == ["controlled", "kept"]


def test_strict_files_are_read() -> None:
    """Strict OOXML has other namespaces and other relation types; python-docx opens none of it."""
    data = package(p("strictly speaking"))
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(held, "w") as strict,
    ):
        for name in source.namelist():
            content = source.read(name).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            strict.writestr(
                name,
                content.replace(
                    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                    b"http://purl.oclc.org/ooxml/wordprocessingml/main",
                ),
            )
    assert elements_of(held.getvalue()) == [("NarrativeText", "strictly speaking")]


def test_merged_cells_give_their_text_to_all_that_they_cover() -> None:
    table = (
        "<w:tbl>"
        + row(cell("both", '<w:gridSpan w:val="2"/>'))
        + row(cell("a", '<w:vMerge w:val="restart"/>'), cell("b"))
        + row(cell("", "<w:vMerge/>"), cell("c"))
        + "</w:tbl>"
    )
    assert elements_of(package(table)) == [
        ("Table", "| both | both |\n| --- | --- |\n| a | b |\n| a | c |")
    ]


def test_a_broken_table_is_read_as_far_as_it_goes() -> None:
    table = (
        "<w:tbl>"
        + row(cell("a"), cell("b", '<w:gridSpan w:val="x"/>'))
        + "<w:tr/>"
        + row(cell("c", "<w:vMerge/>"))
        + "<w:p/></w:tbl>"
    )
    assert elements_of(package(table)) == [
        ("Table", "| a | b |\n| --- | --- |\n| c |  |")
    ]


def test_a_table_in_a_table_and_a_bar_in_a_cell() -> None:
    inner = (
        "<w:tbl>" + row(cell("x"), cell("y")) + row(cell("1"), cell("2")) + "</w:tbl>"
    )
    table = (
        "<w:tbl>"
        + row(cell("a|b"), cell("c"))
        + row(f"<w:tc>{inner}{p('')}</w:tc>", cell("d"))
        + "</w:tbl>"
    )
    [(kind, text)] = elements_of(package(table))
    assert kind == "Table"
    assert "a\\|b" in text
    assert "x" in text and "2" in text


def test_links_keep_their_address_in_running_text() -> None:
    link = (
        '<w:p><w:hyperlink r:id="l"><w:r><w:t>our site</w:t></w:r></w:hyperlink></w:p>'
    )
    assert elements_of(
        package(link, relations=[("l", "hyperlink", "https://example.org/a")])
    ) == [("NarrativeText", "our site (https://example.org/a)")]


def test_formulas_are_latex() -> None:
    math = (
        '<w:p><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:sSup><m:e><m:f><m:num><m:r><m:t>a</m:t></m:r>'
        "</m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>"
    )
    assert elements_of(package(math)) == [("NarrativeText", r"${\frac{a}{b}}^{2}$")]


def test_charts_are_tables() -> None:
    chart = (
        f'<c:chartSpace {CHART}><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0">'
        "<c:v>Rain</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strLit>"
        '<c:pt idx="0"><c:v>May</c:v></c:pt><c:pt idx="1"><c:v>June</c:v></c:pt>'
        '</c:strLit></c:cat><c:val><c:numLit><c:pt idx="0"><c:v>4.4000000000000004</c:v>'
        '</c:pt><c:pt idx="1"><c:v>12</c:v></c:pt>'
        "</c:numLit></c:val></c:ser></c:chartSpace>"
    )
    drawing = f'<w:drawing><c:chart {CHART} r:id="c"/></w:drawing>'
    body = f"<w:p><w:r>{drawing}</w:r></w:p>"
    data = package(
        body, {"word/charts/chart1.xml": chart}, [("c", "chart", "charts/chart1.xml")]
    )
    assert elements_of(data) == [
        ("Table", "|  | Rain |\n| --- | --- |\n| May | 4.4 |\n| June | 12 |")
    ]


def test_numbering_counts_as_word_does() -> None:
    level = (
        '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/>'
        '<w:lvlText w:val="{}"/></w:lvl>'
    )
    outer = level.format(0, "decimal", "%1.")
    inner = level.format(1, "lowerLetter", "%1.%2)")
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{outer}{inner}'
        '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )

    def item(text: str, at: int) -> str:
        return p(text, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="3"/></w:numPr>')

    data = package(
        item("one", 0)
        + item("sub", 1)
        + item("sub", 1)
        + p("between")
        + item("two", 0)
        + item("sub", 1),
        {"word/numbering.xml": numbering},
        [("n", "numbering", "numbering.xml")],
    )
    assert [text for _, text in elements_of(data)] == [
        "1. one",
        "1.a) sub",
        "1.b) sub",
        "between",
        "2. two",
        "2.a) sub",
    ]


def test_pages_are_those_that_word_last_broke() -> None:
    document = parse(
        package(
            p("one")
            + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>two</w:t></w:r></w:p>"
            + p("also two")
        )
    )
    assert [
        (element.text, element.metadata.page_number) for element in document.elements
    ] == [("one", 1), ("two", 1), ("also two", 2)]
    assert document.pages == 2
