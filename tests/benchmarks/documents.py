"""How well documents are read, against expected Markdown, beside plain PyMuPDF text and
python-docx paragraphs in the same run.

    python -m tests.benchmarks.documents FOLDER [--format pdf] [--each] [--json]
    [--speed 7] [--encodings]

FOLDER holds one folder a format with `sources/` and `groundtruth/` in it: a source's
truth is named SOURCE.md, or STEM.md.

recall, precision   words of the truth that were read, words read that are in the truth (as
                    multisets; a Chinese character is a word)
order               2 x longest common subsequence of words / words of both: 1 when all
                    words come in the order of the truth
cells               cells of the truth's tables that came out as cells of a table (for the
                    plain readers: as a line of their own)
ms                  for one file, in this process, without loading; of the plain reader
                    beside it

--speed N compares the time of PDFs with a text layer with bare `get_text` over the same
pages, N times in turn. --encodings reads the files of folders that are named after an
encoding: the share of files whose text is what that encoding makes of their bytes.

The text of pictures inside documents (Image elements) is left out: the truth has none of it.
"""

from __future__ import annotations

import argparse
import codecs
import html
import io
import json
import re
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from shared.errors import FileRejected
from workers.parsers.parse_file import parse
from workers.parsers.text.plain_text import decode

_CJK = "\u2e80-\u9fff\uf900-\ufaff"
_TABLE_RULE = re.compile(r"^\|[\s\-:|]+\|$", re.M)
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")


@dataclass(frozen=True, slots=True)
class Text:
    """What a reader made of a file: its text, and the cells of its tables."""

    words: tuple[str, ...]
    cells: Counter[str]
    ms: float = 0.0
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """How one reader did on one file; `cells` is None where the truth has no table."""

    recall: float
    precision: float
    order: float
    cells: float | None
    ms: float


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in one form: compatibility forms folded, no case, marks and
    punctuation out.
    """
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def truth_of(markdown: str) -> Text:
    """The words and cells of expected Markdown, its marks taken off."""
    text = re.sub(r"<!--.*?-->", " ", markdown, flags=re.S)
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!<>|~&$])", r"\1", html.unescape(text))
    rows = [line for line in text.split("\n") if line.startswith("|")]
    return Text(words_of(_TABLE_RULE.sub(" ", text)), cells_of(rows))


def cells_of(rows: Sequence[str]) -> Counter[str]:
    """The cells with words in them, of rows of Markdown tables."""
    cells = (
        " ".join(words_of(cell)) for row in rows for cell in re.split(r"(?<!\\)\|", row)
    )
    return Counter(cell for cell in cells if cell)


def ours(data: bytes) -> Text:
    """Souvenir's parsers, in this process."""
    started = time.perf_counter()
    try:
        elements = parse(data).elements
    except FileRejected as error:
        return Text((), Counter(), failed=f"{error.code} {error.message}")
    ms = (time.perf_counter() - started) * 1000
    texts: list[str] = []
    rows: list[str] = []
    for element in elements:
        if element.category == "Image":
            continue
        texts.append(_TABLE_RULE.sub(" ", element.text))
        if element.category == "Table":
            rows += element.text.split("\n")
    text = "\n".join(texts).replace("\\|", "|")
    return Text(words_of(text), cells_of(rows), ms)


def pymupdf_text(data: bytes) -> Text:
    """`page.get_text()` of every page, whatever PyMuPDF opens."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    started = time.perf_counter()
    for kind in ("pdf", "docx", "png", "txt"):
        if (kind == "pdf" and not data.startswith(b"%PDF")) or (
            kind == "docx" and not data.startswith(b"PK")
        ):
            continue
        if kind in ("png", "txt") and data[:4] in (
            b"%PDF",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0",
        ):
            continue
        try:
            with pymupdf.open(stream=data, filetype=kind) as document:
                return _plain("\n".join(page.get_text() for page in document), started)
        except Exception:
            continue
    return Text((), Counter(), failed="not opened")


def python_docx_text(data: bytes) -> Text:
    """The text of `Document.paragraphs`."""
    import docx

    started = time.perf_counter()
    try:
        return _plain(
            "\n".join(
                paragraph.text
                for paragraph in docx.Document(io.BytesIO(data)).paragraphs
            ),
            started,
        )
    except Exception as error:
        return Text((), Counter(), failed=type(error).__name__)


def _plain(text: str, started: float) -> Text:
    ms = (time.perf_counter() - started) * 1000
    return Text(words_of(text), cells_of(text.split("\n")), ms)


READERS: dict[str, Callable[[bytes], Text]] = {
    "souvenir": ours,
    "pymupdf": pymupdf_text,
    "python-docx": python_docx_text,
}


def score(text: Text, truth: Text) -> Score:
    """One reader's text against the truth."""
    shared = sum((Counter(text.words) & Counter(truth.words)).values())
    cells = (
        sum((text.cells & truth.cells).values()) / sum(truth.cells.values())
        if truth.cells
        else None
    )
    both = len(text.words) + len(truth.words)
    return Score(
        recall=shared / len(truth.words) if truth.words else 1.0,
        precision=shared / len(text.words) if text.words else float(not truth.words),
        order=2 * common_subsequence(text.words, truth.words) / both if both else 1.0,
        cells=cells,
        ms=text.ms,
    )


def common_subsequence(words: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence, bit-parallel (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for at, word in enumerate(words):
        places[word] = places.get(word, 0) | 1 << at
    whole = (1 << len(words)) - 1
    row = whole
    for word in other:
        met = row & places.get(word, 0)
        row = ((row + met) | (row - met)) & whole
    return len(words) - row.bit_count()


def cases(folder: Path, only: str = "") -> Iterator[tuple[str, Path, Path]]:
    """(format, source, truth) of every source that has a truth."""
    for sources in sorted(folder.rglob("sources")):
        format = sources.parent.name
        for source in sorted(sources.iterdir()):
            truths = [
                path
                for pattern in (f"{source.name}.md", f"{source.stem}.md")
                for path in sources.parent.rglob(f"groundtruth/**/{pattern}")
            ]
            if truths and only in ("", format):
                yield format, source, truths[0]


def run(
    folder: Path, only: str = "", print_each: bool = False
) -> dict[str, dict[str, dict[str, float]]]:
    """format -> reader -> measure -> mean over its files."""
    scores: dict[str, dict[str, list[Score]]] = {}
    for format, source, truth_path in cases(folder, only):
        data, truth = source.read_bytes(), truth_of(truth_path.read_text("utf-8"))
        for reader, read in READERS.items():
            text = read(data)
            made = score(text, truth)
            scores.setdefault(format, {}).setdefault(reader, []).append(made)
            if print_each:
                print(
                    f"{source.name[:36]:36} {reader:12}",
                    *(
                        f"{name} {_formatted(value)}"
                        for name, value in asdict(made).items()
                    ),
                    text.failed,
                )
    return {
        format: {reader: _means(made) for reader, made in readers.items()}
        for format, readers in scores.items()
    }


def speed(folder: Path, times: int) -> dict[str, float]:
    """Medians over `times` turns: ms of all PDFs with a text layer by us and by bare
    PyMuPDF, and their ratio.
    """
    files = [path.read_bytes() for path in sorted(folder.rglob("*.pdf"))]
    written = [data for data in files if len(pymupdf_text(data).words) >= 100]
    turns = [
        (
            sum(ours(data).ms for data in written),
            sum(pymupdf_text(data).ms for data in written),
        )
        for _ in range(times)
    ]
    return {
        "files": float(len(written)),
        "souvenir_ms": statistics.median(mine for mine, _ in turns),
        "get_text_ms": statistics.median(bare for _, bare in turns),
        "ratio": statistics.median(mine / bare for mine, bare in turns),
    }


def encodings(folder: Path) -> dict[str, tuple[int, int]]:
    """encoding -> (files whose text was decoded right, files), for folders named after
    an encoding.
    """
    counts = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() or not _is_encoding(path.name):
            continue
        encoding = SUPERSETS.get(path.name.lower(), path.name)
        files = [file.read_bytes() for file in path.iterdir() if file.is_file()]
        right = 0
        for data in files:
            expected = data.decode(encoding, "replace")
            right += words_of(decode(data)) == words_of(expected)
        counts[path.name] = (right, len(files))
    return counts


SUPERSETS = {"gb2312": "gb18030", "big5": "cp950"}
"""What is said to be in the first is written in the second, as browsers know."""


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _means(scores: Sequence[Score]) -> dict[str, float]:
    rows = [asdict(score) for score in scores]
    means = {"files": float(len(rows))}
    for name in rows[0]:
        values = [row[name] for row in rows if row[name] is not None]
        if values:
            means[name] = statistics.fmean(values)
    return means


def _formatted(value: float | None) -> str:
    if value is None:
        return "   -  "
    return f"{value:6.3f}" if value < 10 else f"{value:6.0f}"


def main() -> None:
    """Print a table, or JSON."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path)
    options.add_argument("--format", default="")
    options.add_argument("--each", dest="print_each", action="store_true")
    options.add_argument("--json", action="store_true")
    options.add_argument("--speed", type=int, default=0)
    options.add_argument("--encodings", action="store_true")
    given = options.parse_args()
    if given.speed or given.encodings:
        print(
            json.dumps(
                speed(given.folder, given.speed)
                if given.speed
                else encodings(given.folder)
            )
        )
        return
    means_by_format = run(given.folder, given.format, given.print_each)
    if given.json:
        print(json.dumps(means_by_format))
        return
    print(
        "| format | reader | files | recall | precision | order | cells | ms |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    for format, readers in means_by_format.items():
        for reader, means in readers.items():
            row = [
                f"{means['files']:.0f}",
                *(
                    _formatted(means.get(name))
                    for name in ("recall", "precision", "order", "cells", "ms")
                ),
            ]
            print(f"| {format} | {reader} | {' | '.join(row)} |")


if __name__ == "__main__":
    main()
