"""Files with bytes flipped, cut out and doubled, as tests.benchmarks.fuzz_documents
does by the thousand: each is read or refused.
"""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import AsyncIterator
from pathlib import Path

import docx
import pytest
from PIL import Image

from tests.benchmarks.fuzz_documents import FAST, mangled, outcome
from tests.unit.parsers.makers import pdf, write
from workers.parsers.isolation.sandbox import Sandbox

CASES = 30
KEPT = Path(__file__).parents[2] / "data" / "documents"
OFFICE = ("budget.xlsx", "house.epub", "offer.eml", "offer.msg", "review.pptx")
"""Slides, a workbook, a book and mails, as other programs write them."""
PICTURES = frozenset({"pdf", "png", "gif", "tiff", "jpeg"})
"""What the OCR engine may be asked about: slower, so fewer cases."""


def document() -> bytes:
    """A DOCX with a heading, a list, a table, a header and a picture."""
    made, out = docx.Document(), io.BytesIO()
    made.sections[0].header.paragraphs[0].text = "The harbour"
    made.add_heading("Prices", 1)
    made.add_paragraph("Salt", style="List Bullet")
    table = made.add_table(2, 2)
    for place, cell in enumerate(table._cells):
        cell.text = f"cell {place}"
    made.add_picture(io.BytesIO(picture("PNG")))
    made.save(out)
    return out.getvalue()


def picture(kind: str) -> bytes:
    """A small picture of colours that run into each other."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((60, 60)).convert("RGB").save(out, kind)
    return out.getvalue()


def book() -> bytes:
    """A PDF with pages, a table's rules and a title."""
    return pdf(
        lambda page: write(
            page,
            (72, 72, f"Chapter {page.number}"),
            (72, 100, "Boats come and go.\tEvery day."),
        ),
        3,
    )


FILES = {
    "pdf": book(),
    "docx": document(),
    "json": b'{"a": [1, 2, {"b": "c"}], "d": null}',
    "xml": b'<?xml version="1.0"?><a b="c"><d>e</d><f/></a>',
    "html": b"<html><body><h1>One</h1><table><tr><td>x</td></tr></table><p>two</p></body></html>",
    "md": b"# One\n\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    **{name: (KEPT / name).read_bytes() for name in OFFICE},
    "rtf": rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0\pard One \b two\b0 \u8364? three\par}",
    "text": "朝の港。船が三隻。\n".encode("shift_jis") * 9,
    "png": picture("PNG"),
    "gif": picture("GIF"),
    "tiff": picture("TIFF"),
    "jpeg": picture("JPEG"),
}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    await asyncio.to_thread(sandbox.close)


async def test_harmed_files_are_read_or_refused(sandbox: Sandbox) -> None:
    for kind, data in FILES.items():
        for case in range(CASES // 3 if kind in PICTURES else CASES):
            result = await outcome(
                sandbox, mangled(data, random.Random(f"{kind} {case}")), FAST
            )
            assert result == "read" or result.startswith("refused"), (
                f"{kind}, case {case}: {result}"
            )
