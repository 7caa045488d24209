"""Skills that are uploaded."""

from __future__ import annotations

import io
import zipfile

import pytest

from shared.domain.identity import computed_id
from shared.domain.job import FileReport, Job, State
from shared.domain.job_payload import DocumentPayload, Queue
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.memory import Kind
from shared.domain.scope import Scope
from shared.errors import FileRejected
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.skill_file import MAX_TEXT_BYTES, parse_skill

TEXT = """---
name: mend-a-sail
description: "How to mend a torn \\"main\\" sail"
version: 2
---
# Mend a sail

1. Take the sail down.
"""
REPORT = FileReport("SKILL.md", "00")


def packed(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            file.writestr(name.replace("__", "/").replace("_md", ".md"), text)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        packed(SKILL_md=TEXT),
        packed(**{"mend__SKILL_md": TEXT, "mend__notes_md": "notes"}),
    ],
)
def test_it_is_read_alone_or_packed(data: bytes) -> None:
    draft = parse_skill(data, REPORT)
    value = draft.detail["skill_value"]
    assert (draft.title, value["name"], value["description"]) == (
        "mend-a-sail",
        "mend-a-sail",
        'How to mend a torn "main" sail',
    )
    assert value["procedure"].startswith("# Mend a sail")
    assert value["others"] == {"version": "2"}
    assert (draft.origins[0].file, draft.origins[0].source) == ("SKILL.md", "00")


def test_a_description_may_take_several_lines() -> None:
    text = "---\nname: 'knots'\ndescription: >\n  Tie knots\n  that hold.\n---\nbody"
    assert (
        parse_skill(text.encode(), REPORT).detail["skill_value"]["description"]
        == "Tie knots that hold."
    )


@pytest.mark.parametrize(
    "data, code",
    [
        (b"# No front matter", 50107),
        (b"---\nname: x\n---\nbody", 50107),
        (b"---\ndescription: x\n---\nbody", 50107),
        (b"", 50107),
        (b"\xff\xfe\x00binary", 40007),
        (TEXT.encode() + b"x" * MAX_TEXT_BYTES, 50104),
        (packed(notes_md=TEXT), 50107),
        (packed(**{"a__b__SKILL_md": TEXT}), 50107),
        (b"PK\x03\x04torn", 50107),
        (packed(SKILL_md=TEXT + "x" * MAX_TEXT_BYTES), 50104),
        (packed(**{f"file{number}": "" for number in range(201)}), 50107),
    ],
)
def test_what_is_none_is_refused(data: bytes, code: int) -> None:
    with pytest.raises(FileRejected) as refused:
        parse_skill(data, REPORT)
    assert refused.value.code == code


async def uploaded(worker: WorkerBench, data: bytes) -> Job:
    knowledge_base, file, reading = (
        computed_id("shelf"),
        computed_id(data),
        computed_id("reading", data),
    )
    await worker.knowledge_bases.put(
        KnowledgeBase(knowledge_base, "project", "Harbour")
    )
    await worker.knowledge_bases.put_file(
        KnowledgeFile(
            file,
            knowledge_base,
            "project",
            "SKILL.md",
            await worker.sources.put(data),
            job=reading,
            kind="skill",
        )
    )
    job = Job(
        reading,
        Scope("project", ""),
        payload=DocumentPayload(knowledge_base, file),
        queue=Queue.FILES,
    )
    await worker.jobs.put(job)
    assert await worker.run(job) is None
    return worker.job(job)


async def test_uploaded_it_is_a_skill_of_its_knowledge_base() -> None:
    worker = WorkerBench()
    assert (await uploaded(worker, TEXT.encode())).state is State.COMPLETED
    assert [
        (memory.kind, memory.title)
        for memory in worker.remembered(knowledge_base=computed_id("shelf"))
    ] == [(Kind.SKILL, "mend-a-sail")]


async def test_a_new_version_takes_the_place_of_the_old_one() -> None:
    worker = WorkerBench()
    await uploaded(worker, TEXT.encode())
    await uploaded(worker, TEXT.replace("torn", "worn").encode())
    [memory] = worker.remembered(knowledge_base=computed_id("shelf"))
    assert "worn" in memory.text


async def test_one_that_cannot_be_read_fails_with_its_code() -> None:
    worker = WorkerBench()
    job = await uploaded(worker, b"no skill")
    [file] = await worker.knowledge_bases.files("project")
    assert (job.state, file.status, file.code) == (State.FAILED, "failed", 50107)
