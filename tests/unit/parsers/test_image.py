"""Pictures: their text, what is known of them, and pictures inside and instead of pages."""

from __future__ import annotations

import io
from typing import Any

import pymupdf
import pytest
from PIL import Image

from shared.errors import FileRejected
from tests.unit.parsers.makers import (
    elements_of,
    pdf,
    picture_of,
    saved,
    text_of,
    word,
    write,
)
from workers.parsers.parse_file import FileLimits, parse

TEXT = "Invoice 20417\nTotal 318.50"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 90}),
        ("WEBP", {}),
        ("GIF", {}),
        ("BMP", {}),
        ("TIFF", {}),
    ],
)
def test_text_in_every_format(kind: str, options: dict[str, Any]) -> None:
    document = parse(saved(picture_of(TEXT), kind, **options), "slip.bin")
    text = text_of(document)
    assert "Invoice 20417" in text
    assert "318.50" in text
    assert document.elements[0].category == "Image"
    assert (
        f"A picture named slip.bin ({kind}, 834 × 417 pixels"
        in document.elements[0].text
    )
    assert (document.media_type, document.tags) == (
        f"image/{kind.lower()}",
        ("image", "visual"),
    )


def test_chinese_is_read() -> None:
    assert "下周三上午开会" in text_of(
        parse(saved(picture_of("下周三上午开会", chinese=True), "PNG"))
    )


def test_a_picture_without_text_says_so() -> None:
    [(kind, text)] = elements_of(
        saved(Image.new("RGB", (64, 48), "teal"), "PNG"), name="sea.png"
    )
    assert kind == "Image"
    assert "sea.png (PNG, 64 × 48 pixels" in text
    assert "No text was found" in text


def test_exif_turns_the_picture_and_tells_time_and_place() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F], exif[0x0110] = "Acme", "Acme One"
    exif.get_ifd(0x8769)[36867] = "2024:05:17 08:30:00"
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (59.0, 54.0, 45.0), 3: "W", 4: (10.0, 45.0, 0.0)}
    )
    lying = picture_of(TEXT).transpose(Image.Transpose.ROTATE_90)
    text = text_of(parse(saved(lying, "JPEG", quality=90, exif=exif)))
    assert "Invoice 20417" in text
    assert "834 × 417" in text
    assert "taken on 2024-05-17 at 08:30:00" in text
    assert "at latitude 59.91250, longitude -10.75000" in text
    assert "with Acme One" in text


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_picture_that_lies_or_stands_on_its_head_is_read_in_order(turns: int) -> None:
    picture = picture_of("Invoice number 20417 of May\nThe total is 318 euros").rotate(
        90 * turns, expand=True
    )
    text = " ".join(text for _, text in elements_of(saved(picture, "PNG"))[1:])
    assert text.index("20417") < text.index("318")


def test_pages_of_a_tiff_are_pages() -> None:
    held = io.BytesIO()
    picture_of("first sheet").save(
        held, "TIFF", save_all=True, append_images=[picture_of("second sheet")]
    )
    document = parse(held.getvalue())
    assert document.pages == 2
    assert [
        e.metadata.page_number for e in document.elements if "second" in e.text
    ] == [2]
    with pytest.raises(FileRejected, match="2 pages"):
        parse(held.getvalue(), limits=FileLimits(pages=1))


def test_an_animation_is_one_picture() -> None:
    held = io.BytesIO()
    picture_of("first frame").save(
        held,
        "GIF",
        save_all=True,
        append_images=[picture_of("second frame")] * 300,
        duration=50,
    )
    document = parse(held.getvalue())
    assert "first frame" in text_of(document) and "second frame" not in text_of(
        document
    )
    assert {element.metadata.page_number for element in document.elements} == {None}


def test_heic_is_read_where_its_decoder_is() -> None:
    heif = pytest.importorskip("pi_heif")
    assert heif.libheif_info()
    with pytest.raises(FileRejected) as caught:
        parse(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64)
    assert caught.value.code == 50107


def test_scanned_and_written_pages_are_distinguished_page_by_page() -> None:
    def draw(page: Any) -> None:
        if page.number == 1:
            page.insert_image(
                page.rect, stream=saved(picture_of("Scanned sheet 77"), "PNG")
            )
        else:
            write(page, (72, 200, f"Written sheet number {page.number} of this file."))

    document = parse(pdf(draw, 3))
    assert [
        (e.metadata.page_number, "canned" in e.text) for e in document.elements
    ] == [(1, False), (2, True), (3, False)]


def test_pictures_in_a_docx_are_read_once() -> None:
    picture = saved(picture_of(TEXT), "PNG")

    def build(document: Any) -> None:
        document.add_paragraph("See below.")
        document.add_picture(io.BytesIO(picture))
        document.add_picture(io.BytesIO(picture))

    elements = elements_of(word(build))
    assert [kind for kind, _ in elements] == ["NarrativeText", "Image"]
    assert "Invoice 20417" in elements[1][1]


def test_drawn_letters_are_read() -> None:
    """A page whose text is drawn as shapes has no text layer and no picture."""
    with pymupdf.open() as document:
        page = document.new_page()
        write(page, (72, 100, "Invoice 20417"), size=24)
        shapes = pymupdf.open(
            "pdf",
            pymupdf.open(
                "svg", page.get_svg_image(text_as_path=True).encode()
            ).convert_to_pdf(),
        )
        data = shapes.tobytes()
    assert "20417" in text_of(parse(data))
