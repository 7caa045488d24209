"""Symbols by their fonts, boxes to tick, drop-downs, readings, and text nobody sees."""

from __future__ import annotations

from typing import Any

import pymupdf
import pytest

from tests.unit.parsers.makers import elements_of, package, pdf, text_of, write
from workers.parsers.parse_file import parse
from workers.parsers.symbol_fonts import private_symbols, symbol_font, symbols

W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'


def run(content: str, properties: str = "") -> str:
    settings = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{settings}{content}</w:r>"


def words(text: str, properties: str = "") -> str:
    return run(f'<w:t xml:space="preserve">{text}</w:t>', properties)


def docx_text(*runs: str) -> str:
    return text_of(parse(package(f"<w:p>{''.join(runs)}</w:p>")))


def test_fonts_are_known_by_their_names() -> None:
    names = ("SymbolMT", "ABCDEF+Wingdings-Regular", "Wingdings2", "ZapfDingbats")
    assert [symbol_font(name) for name in names] == [
        "symbol",
        "wingdings",
        "wingdings 2",
        "zapfdingbats",
    ]
    assert symbol_font("Segoe UI Symbol") == symbol_font("Arial") == ""


@pytest.mark.parametrize(
    ("font", "codes", "shown"),
    [
        ("symbol", "\uf0b3\uf0a3\uf0b1\uf0b0aW\uf0ae\uf0b4\uf0b7", "≥≤±°αΩ→×•"),
        ("wingdings", "\uf0fe\uf0a8\uf06fü\uf0e0", "☒☐☐✓→"),
        ("wingdings 2", "R\uf0a3P", "☒☐✓"),
        ("wingdings 3", "\uf0c6\uf070", "🡆▲"),
        ("webdings", "\uf061c", "✔☐"),
        ("zapfdingbats", "48nl", "✔✘■●"),
    ],
)
def test_each_font_has_its_own_symbols(font: str, codes: str, shown: str) -> None:
    assert symbols(codes, font) == shown


def test_codes_of_an_unknown_font_mean_what_they_most_often_do() -> None:
    assert private_symbols("\uf0b7 a \uf0fe b \uf0b3 c") == "• a ☒ b ≥ c"


def test_symbols_of_a_docx() -> None:
    wingdings = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
    text = docx_text(
        words("opens at "),
        run('<w:sym w:font="Symbol" w:char="F0B3"/>'),
        words(" 6 bar, "),
        words("þ", wingdings),
        words(" checked"),
    )
    assert text == "opens at ≥ 6 bar, ☒ checked"


def test_boxes_of_a_docx_are_ticked_or_empty() -> None:
    def control(state: int) -> str:
        checked = f'<w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox>'
        return (
            f"<w:sdt {W14}><w:sdtPr>{checked}</w:sdtPr>"
            f"<w:sdtContent>{words('?')}</w:sdtContent></w:sdt>"
        )

    field = (
        '<w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>'
        '<w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar>'
    )
    text = docx_text(
        control(1),
        words(" dog "),
        control(0),
        words(" cat "),
        run(field),
        words("fish"),
    )
    assert text == "☒ dog ☐ cat ☒ fish"


def test_a_drop_down_of_a_docx_is_its_choice() -> None:
    entries = '<w:listEntry w:val="Monthly"/><w:listEntry w:val="Yearly"/>'
    field = (
        '<w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>'
        f"{entries}</w:ddList></w:ffData></w:fldChar>"
    )
    assert docx_text(words("Paid "), run(field)) == "Paid Yearly"


def test_an_empty_control_of_a_docx_says_nothing() -> None:
    control = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent>{words('Click here.')}</w:sdtContent></w:sdt>"
    )
    assert docx_text(words("Remarks:"), control) == "Remarks:"


def ruby(base: str, reading: str) -> str:
    return run(
        f"<w:ruby><w:rt>{words(reading)}</w:rt>"
        f"<w:rubyBase>{words(base)}</w:rubyBase></w:ruby>"
    )


def test_readings_of_a_docx_stand_behind_their_word() -> None:
    text = docx_text(ruby("東", "とう"), ruby("京", "きょう"), words("に住む"))
    assert text == "東京（とうきょう）に住む"


def test_readings_in_fields_of_older_files() -> None:
    pieces = ("EQ \\* jc2 \\o\\ad(\\s\\up 9(", "おおさか", "),大阪)")
    field = "".join(run(f"<w:instrText>{piece}</w:instrText>") for piece in pieces)
    begin, end = (
        run(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("begin", "end")
    )
    assert docx_text(begin, field, end, words("へ行く")) == "大阪（おおさか）へ行く"


@pytest.mark.parametrize("extension", ["<p>{}</p>", "Ein *{}*"])
def test_readings_of_html_and_markdown(extension: str) -> None:
    word = "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>を書く"
    prefix = "<!doctype html>" if extension.startswith("<p") else "# T\n\n"
    data = f"{prefix}{extension.format(word)}".encode()
    assert elements_of(data)[-1][1].endswith("漢字（かんじ）を書く")


def test_readings_of_a_pdf_are_left_out() -> None:
    def draw(page: Any) -> None:
        write(page, (72, 100, "私は東京に住んでいます。"), size=12, font="japan")
        write(page, (96, 89, "とうきょう"), size=5, font="japan")

    assert text_of(parse(pdf(draw))) == "私は東京に住んでいます。"


def test_hidden_and_white_text_of_a_docx_is_not_read() -> None:
    text = docx_text(
        words("seen"),
        words("hidden", "<w:vanish/>"),
        words("white", '<w:color w:val="FFFFFF"/>'),
        words(
            " on dark",
            '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>',
        ),
    )
    assert text == "seen on dark"


def test_hidden_and_white_text_of_a_pdf_is_not_read() -> None:
    def draw(page: Any) -> None:
        page.insert_text((72, 100), "white on white", color=(1, 1, 1))
        page.draw_rect((70, 140, 300, 160), fill=(0, 0, 0.5))
        page.insert_text((72, 155), "white on blue", color=(1, 1, 1))
        page.insert_text((72, 200), "never drawn", render_mode=3)
        page.insert_text((72, 240), "seen by all")

    assert text_of(parse(pdf(draw))).split("\n") == ["white on blue", "seen by all"]


def test_text_read_in_a_scan_is_kept_although_it_is_not_drawn() -> None:
    pixmap = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 60, 80))
    pixmap.clear_with(255)
    told = (
        "What somebody read in the picture of this page, long enough to be text of it."
    )

    def draw(page: Any) -> None:
        page.insert_image(page.rect, pixmap=pixmap)
        page.insert_text((72, 200), told, render_mode=3)

    assert text_of(parse(pdf(draw))) == told


def test_symbols_of_a_pdf_without_a_map_to_unicode() -> None:
    def draw(page: Any) -> None:
        page.insert_text((72, 100), "\xb3", fontname="symb")
        page.insert_text((82, 100), "6 bar")
        page.insert_text((72, 140), "4", fontname="zadb")
        page.insert_text((90, 140), "checked")

    assert text_of(parse(pdf(draw))) == "≥ 6 bar\n✔ checked"


def test_symbols_and_hidden_text_of_an_rtf() -> None:
    data = (
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}{\f3\fcharset2 Symbol;}{\f4 Wingdings;}}\f0 "
        rb"at {\f3\'a3} 4 {\f3\'b0}C\par{\f4\'fe} done{\v  in secret}\par}"
    )
    assert [text for _, text in elements_of(data)] == ["at ≤ 4 °C", "☒ done"]
