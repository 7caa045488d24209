"""The parsing process: same results, and nothing that happens in it happens to us."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pymupdf
import pytest

import workers.parsers
from shared.errors import FileRejected
from tests.unit.parsers.makers import elements_of, pdf, text_of, write
from workers.parsers.isolation.sandbox import Sandbox
from workers.parsers.parse_file import FileLimits, parse

WORDS = pdf(
    lambda page: write(page, (72, 100, f"Sheet number {page.number} has words on it.")),
    3,
)


def full_pages(count: int) -> bytes:
    """A PDF that takes a while: one full page, many times."""
    with pymupdf.open() as document:
        page = document.new_page()
        write(
            page,
            *((72, 60 + 9 * at, "some words of a line " * 6) for at in range(80)),
            size=7,
        )
        for _ in range(count - 1):
            document.fullcopy_page(0)
        data: bytes = document.tobytes()
        return data


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    await asyncio.to_thread(sandbox.close)


def child_of(sandbox: Sandbox) -> int:
    assert sandbox._child is not None
    return sandbox._child.pid


async def test_it_reads_what_parse_reads_and_reports_each_page(
    sandbox: Sandbox,
) -> None:
    seen: list[tuple[int, int]] = []
    document = await sandbox.parse(
        WORDS, "a.pdf", progress=lambda done, total: seen.append((done, total))
    )
    here = parse(WORDS, "a.pdf")
    assert [
        (e.category, e.text, e.metadata.page_number) for e in document.elements
    ] == [(e.category, e.text, e.metadata.page_number) for e in here.elements]
    assert (document.pages, document.media_type, document.name) == (
        3,
        "application/pdf",
        "a.pdf",
    )
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


async def test_the_process_stays_for_the_next_file_and_after_a_bad_one(
    sandbox: Sandbox,
) -> None:
    await sandbox.parse(WORDS)
    first = child_of(sandbox)
    with pytest.raises(FileRejected) as caught:
        await sandbox.parse(b"%PDF-1.4 nonsense")
    assert caught.value.code == 50107
    assert "Sheet number 1" in text_of(await sandbox.parse(WORDS))
    assert child_of(sandbox) == first


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_killed_process_costs_its_file_only(
    sandbox: Sandbox, death: signal.Signals
) -> None:
    await sandbox.parse(b"warm")
    with pytest.raises(FileRejected):
        await sandbox.parse(
            full_pages(200),
            progress=lambda done, total: (
                os.kill(child_of(sandbox), death) if done == 1 else None
            ),
        )
    assert text_of(await sandbox.parse(b"alive again")) == "alive again"


async def test_a_file_that_takes_too_long_is_given_up(sandbox: Sandbox) -> None:
    many = full_pages(200)
    with pytest.raises(FileRejected, match="longer"):
        await sandbox.parse(many, limits=FileLimits(seconds=0.05))
    assert text_of(await sandbox.parse(b"next")) == "next"


async def test_a_page_that_takes_too_much_of_the_processor_is_given_up(
    sandbox: Sandbox,
) -> None:
    def draw(page: Any) -> None:
        write(page, (72, 72, "The first line."))
        page.parent.update_stream(page.get_contents()[0], b"0 0 m 9 9 l S " * 2_000_000)

    endless = pdf(draw)
    with pytest.raises(FileRejected, match="A page"):
        await sandbox.parse(endless, limits=FileLimits(stall=0.1))
    assert text_of(await sandbox.parse(b"next")) == "next"


async def test_a_file_that_needs_too_much_memory_is_given_up(sandbox: Sandbox) -> None:
    with pytest.raises(FileRejected, match="memory"):
        await sandbox.parse(
            b"word and word. " * 4_000_000, limits=FileLimits(memory=150 * 1024**2)
        )
    assert text_of(await sandbox.parse(b"next")) == "next"


async def test_cancelling_ends_the_process_and_frees_the_next(sandbox: Sandbox) -> None:
    many = full_pages(200)
    started = asyncio.Event()
    reading = asyncio.ensure_future(
        sandbox.parse(many, progress=lambda done, total: started.set())
    )
    await started.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert text_of(await sandbox.parse(b"next")) == "next"


async def test_files_wait_their_turn(sandbox: Sandbox) -> None:
    documents = await asyncio.gather(
        *(sandbox.parse(f"file {at}".encode()) for at in range(5))
    )
    assert [text_of(document) for document in documents] == [
        f"file {at}" for at in range(5)
    ]


async def test_a_process_knows_no_secret_and_may_write_nothing(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "very secret")
    await sandbox.parse(b"x")
    given = Path(f"/proc/{child_of(sandbox)}/environ").read_bytes()
    limits = Path(f"/proc/{child_of(sandbox)}/limits").read_text()
    assert b"very secret" not in given
    assert "Max file size             0                    0" in limits
    assert "Max core file size        0                    0" in limits


async def test_a_process_runs_the_code_that_started_it(sandbox: Sandbox) -> None:
    """Not that of another installation, which may be of another version."""
    await sandbox.parse(b"x")
    process = Path(f"/proc/{child_of(sandbox)}")
    environment = (process / "environ").read_bytes().split(b"\0")
    root = Path(workers.parsers.__file__).parents[2]
    assert (process / "cwd").resolve() == root
    assert f"PYTHONPATH={root}".encode() in environment


async def test_it_outlives_an_event_loop() -> None:
    """Where each task has its own loop, the process must not belong to one."""
    sandbox = Sandbox()
    try:
        for text in ("first loop", "second loop"):
            document = await asyncio.to_thread(
                asyncio.run, sandbox.parse(text.encode())
            )
            assert text_of(document) == text
    finally:
        await asyncio.to_thread(sandbox.close)


def test_parse_and_sandbox_agree_on_plain_text() -> None:
    assert elements_of(b"x") == [("NarrativeText", "x")]
