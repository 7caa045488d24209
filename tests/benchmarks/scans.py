"""How well and how fast pictures of text are read: pages that this script prints
itself, so that every character is known.

    python -m tests.benchmarks.scans [--pages 2]

cer     character error rate: edits from what was read to what was printed, by printed
        characters, spaces left out
s/page  by the clock, in this process, one file a page, the engine loaded before
cpu     seconds of processor a page: what counts where others use the machine
peak    resident memory of this process at its end, MB
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import time
from collections.abc import Callable, Iterator

import pymupdf
from PIL import Image

from workers.parsers.parse_file import parse

_ENGLISH = (
    "the river carries small boats under seven stone bridges every morning before market"
    " opens traders count barrels and write numbers like 4,208 or 17.5% into ledgers kept since 1893"
).split()
_CHINESE = (
    "春江潮水连海平海上明月共潮生今天下午三点在会议室讨论项目进度请各位同事提前准备材料"
    "数据表明去年销售额增长了百分之十五主要来自华东地区"
)


def text_of(language: str, seed: int, lines: int = 30) -> list[str]:
    """Lines of words that mean nothing, the same for the same seed."""
    chance = random.Random(seed)
    if language == "en":
        return [
            " ".join(chance.choice(_ENGLISH) for _ in range(11)).capitalize() + "."
            for _ in range(lines)
        ]
    return [
        "".join(chance.choice(_CHINESE) for _ in range(32)) + "。" for _ in range(lines)
    ]


def printed(lines: list[str], language: str, dpi: int) -> Image.Image:
    """A page with these lines, as a picture."""
    with pymupdf.open() as document:
        page = document.new_page()
        for at, line in enumerate(lines):
            page.insert_text(
                (60, 80 + 22 * at),
                line,
                fontsize=11,
                fontname="china-s" if language == "zh" else "tiro",
            )
        pixmap = page.get_pixmap(dpi=dpi)
        return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def as_pdf(picture: Image.Image) -> bytes:
    """A PDF whose one page is the picture."""
    held = io.BytesIO()
    picture.save(held, "PDF", resolution=150)
    return held.getvalue()


def as_jpeg(picture: Image.Image) -> bytes:
    """A JPEG of middling quality."""
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=55)
    return held.getvalue()


KINDS: dict[str, tuple[int, Callable[[Image.Image], bytes]]] = {
    "pdf, 200 dpi": (200, as_pdf),
    "pdf, 100 dpi": (100, as_pdf),
    "jpeg, 150 dpi, quality 55": (150, as_jpeg),
    "pdf, 150 dpi, upside down": (150, lambda picture: as_pdf(picture.rotate(180))),
    "pdf, 150 dpi, on its side": (
        150,
        lambda picture: as_pdf(picture.rotate(90, expand=True)),
    ),
    "jpeg, 150 dpi, 1.5 degrees askew": (
        150,
        lambda picture: as_jpeg(
            picture.rotate(1.5, Image.Resampling.BICUBIC, fillcolor="white")
        ),
    ),
}


def distance(text: str, other: str) -> int:
    """Edits between two texts (Myers 1999, bit-parallel)."""
    places: dict[str, int] = {}
    for at, letter in enumerate(text):
        places[letter] = places.get(letter, 0) | 1 << at
    size = len(text)
    up, down, mask, edits = (1 << size) - 1, 0, 1 << size - 1 if size else 0, size
    for letter in other:
        match = places.get(letter, 0)
        across = (((match & up) + up) ^ up) | match | down
        rise, fall = down | ~(across | up), up & across
        edits += bool(rise & mask) - bool(fall & mask)
        rise, fall = rise << 1 | 1, fall << 1
        match |= down
        up, down = (
            (fall | ~(match | rise)) & ((1 << size) - 1),
            rise & match & ((1 << size) - 1),
        )
    return edits


def measured(pages: int) -> Iterator[tuple[str, float, float, float]]:
    """(kind, character error rate, seconds a page by the clock, of processor)."""
    for name, (dpi, make) in KINDS.items():
        for language in ("en", "zh"):
            edits = letters = 0
            clock_seconds = cpu_seconds = 0.0
            for seed in range(pages):
                lines = text_of(language, seed)
                data = make(printed(lines, language, dpi))
                started, cpu_started = time.perf_counter(), time.process_time()
                document = parse(data)
                clock_seconds += time.perf_counter() - started
                cpu_seconds += time.process_time() - cpu_started
                read = "".join(
                    "".join(element.text.split())
                    for element in document.elements
                    if element.category != "Image"
                )
                truth = "".join("".join(lines).split())
                edits, letters = edits + distance(truth, read), letters + len(truth)
            yield (
                f"{name}, {language}",
                edits / letters,
                clock_seconds / pages,
                cpu_seconds / pages,
            )


def main() -> None:
    """Print a table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--pages", type=int, default=2)
    given = options.parse_args()
    parse(as_jpeg(printed(["warm"], "en", 100)))
    print("| pages | cer | s/page | cpu |\n|---|---|---|---|")
    for name, errors, seconds, cpu in measured(given.pages):
        print(f"| {name} | {errors:.4f} | {seconds:.2f} | {cpu:.2f} |", flush=True)
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
