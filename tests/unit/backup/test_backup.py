"""A backup is everything, and a file that is not whole is refused before anything is
written.
"""

from __future__ import annotations

import base64
import gzip
import tarfile
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from shared.adapters.qdrant.job_record import JOB
from shared.backup.archive import Damaged
from shared.backup.manifest import dump_points, load_points
from shared.backup.verify_backup import verified
from shared.domain.identity import computed_id, digest
from shared.domain.job import State
from shared.domain.store_schema import SCHEMA
from shared.domain.vector_space import VectorSpace
from shared.errors import Permanent, Unavailable
from shared.jobs.clock import now
from tests.fakes.embedder import FakeEmbedder
from tests.unit.backup.copies import (
    Store,
    filled,
    job_point,
    memory_point,
    restored,
    written,
)


async def test_a_restored_store_is_the_same(tmp_path: Path) -> None:
    before, after = filled(), Store()
    manifest = await written(before, tmp_path / "b")
    assert await restored(after, tmp_path / "b") == manifest
    assert after.points.stored == before.points.stored
    assert after.sources.stored == before.sources.stored
    assert (after.state.number, after.state.restoring) == (SCHEMA, ("", False))
    assert {
        name: part.count for name, part in manifest.parts.items() if part.count
    } == {
        "memories": 6,
        "projects": 1,
        "jobs": 1,
        "sources": 1,
    }


async def test_ordinary_tools_list_it(tmp_path: Path) -> None:
    await written(filled(), tmp_path / "b")
    with tarfile.open(tmp_path / "b") as archive:
        names = archive.getnames()
    assert (names[0], names[-1]) == ("begin.json", "manifest.json")
    assert "collections/memories/000002.jsonl" in names
    assert f"sources/{digest(b'bytes')}" in names


async def test_what_ended_while_it_was_made_is_done_again(tmp_path: Path) -> None:
    """It may have written behind the copy's back."""
    before, after = filled(), Store()
    before.keep(
        "jobs",
        job_point("just done", State.COMPLETED, now() + 60_000),
        job_point("called off", State.CANCELLED, now() + 60_000),
        job_point("running", State.RUNNING, 1),
    )
    await written(before, tmp_path / "b")
    await restored(after, tmp_path / "b")
    jobs = {
        id: JOB.value(point.payload)
        for id, point in after.points.stored["jobs"].items()
    }
    states = {id: job.state for id, job in jobs.items()}
    assert states == {
        computed_id("done"): State.COMPLETED,
        computed_id("just done"): State.QUEUED,
        computed_id("called off"): State.CANCELLED,
        computed_id("running"): State.RUNNING,
    }
    assert jobs[computed_id("just done")].attempts == 0


async def test_the_first_key_opens_the_restored_system_too(tmp_path: Path) -> None:
    hashed = digest(b"mpg-first")
    manifest = await written(filled(), tmp_path / "b", first_key=hashed, project="p")
    assert manifest.parts["keys"].count == 1
    after = Store()
    await restored(after, tmp_path / "b")
    (key,) = after.points.stored["keys"].values()
    assert key.payload == {"hash": hashed, "project": "p"}
    again = await written(after, tmp_path / "c", first_key=hashed, project="p")
    assert again.parts["keys"].count == 1, "it is in the store now"


async def test_another_embedder_gets_vectors_of_its_own(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    after = Store(space=VectorSpace(embedder.name, embedder.size))
    before = filled(3)
    await written(before, tmp_path / "b")
    await restored(after, tmp_path / "b", embedder=embedder)
    assert sorted(embedder.read) == ["fact 0", "fact 1", "fact 2"]
    memories = after.points.stored["memories"]
    fast = memories.pop(memory_point("raw", fast=True).id)
    assert fast.dense is None
    assert {len(point.dense or ()) for point in memories.values()} == {384}
    for id, point in memories.items():
        assert replace(point, dense=None) == replace(
            before.points.stored["memories"][id], dense=None
        )


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
async def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    file, after = tmp_path / "b", Store()
    await written(filled(200), file)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(Damaged, match="no whole backup"):
        await restored(after, file)
    assert after.points.stored == Store().points.stored
    assert after.state.restoring == ("", False)


async def test_no_changed_byte_goes_unseen(tmp_path: Path) -> None:
    """Of a compressed file: some bits may be other ones without that it says another
    thing (a run of zeros is copied from one place or the next).
    """
    file, after = tmp_path / "b", Store()
    await written(filled(40), file)
    data = file.read_bytes()
    content = gzip.decompress(data)
    for place in range(12, len(data), len(data) // 40):
        changed = data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
        if unzipped(changed) != content:
            file.write_bytes(changed)
            with pytest.raises(Damaged):
                await restored(after, file)
    assert after.points.stored == Store().points.stored


async def test_no_changed_byte_of_its_content_breaks_the_reading(
    tmp_path: Path,
) -> None:
    """Whatever is read in its place, the answer is that the file is damaged."""
    file = tmp_path / "b"
    await written(filled(2), file)
    content = gzip.decompress(file.read_bytes())
    for place in range(0, len(content), 7):
        other = bytes([content[place] ^ 0x01])
        changed = content[:place] + other + content[place + 1 :]
        file.write_bytes(gzip.compress(changed, 1, mtime=0))
        with suppress(Damaged):
            verified(file)


@pytest.mark.parametrize("field", ["dense", "lexical"])
def test_a_vector_of_another_length_is_damage(field: str) -> None:
    row = orjson.loads(dump_points([memory_point("one")]))
    whole = row[field] if field == "dense" else row[field][1]
    cut_off = base64.b64encode(base64.b64decode(whole)[:-1]).decode()
    row[field] = cut_off if field == "dense" else [row[field][0], cut_off]
    with pytest.raises(Damaged):
        load_points(orjson.dumps(row))


def unzipped(data: bytes) -> bytes | None:
    """None where it cannot be."""
    try:
        return gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return None


async def test_a_member_that_was_taken_out_or_changed_is_missed(tmp_path: Path) -> None:
    """The file is well-formed, but not what was written."""
    file = tmp_path / "b"
    await written(filled(5), file)
    with tarfile.open(file) as archive:
        members = [
            (member, (archive.extractfile(member) or file.open("rb")).read())
            for member in archive.getmembers()
        ]
    for wrong in ("collections/memories/000001.jsonl", "sources/"):
        with tarfile.open(file, "w:gz") as archive:
            for member, data in members:
                if not member.name.startswith(wrong):
                    archive.addfile(member, gzip.io.BytesIO(data))  # type: ignore[attr-defined]
        with pytest.raises(Damaged, match="not what its manifest says"):
            await restored(Store(), file)


@pytest.mark.parametrize(
    "data",
    [b"", b"no backup at all", gzip.compress(b"neither", mtime=0)],
    ids=["empty", "text", "gzip"],
)
async def test_another_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "b").write_bytes(data)
    with pytest.raises(Damaged):
        await restored(Store(), tmp_path / "b")


async def test_a_newer_release_s_backup_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(filled(), tmp_path / "b")
    monkeypatch.setattr("shared.backup.restore_backup.SCHEMA", SCHEMA - 1)
    with pytest.raises(Permanent, match="made by a newer release"):
        await restored(Store(), tmp_path / "b")


async def test_a_system_that_is_in_use_is_not_overwritten(tmp_path: Path) -> None:
    await written(filled(), tmp_path / "b")
    used = Store()
    used.keep("memories", memory_point("of somebody"))
    used.sources.stored[digest(b"old")] = b"old"
    with pytest.raises(Permanent, match="not empty"):
        await restored(used, tmp_path / "b")
    assert len(used.points.stored["memories"]) == 1
    await restored(used, tmp_path / "b", force=True)
    assert used.points.stored == filled().points.stored
    assert used.sources.stored == filled().sources.stored


async def test_a_restore_that_was_cut_off_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(filled(), tmp_path / "b")
    await written(filled(2), tmp_path / "other")
    half = Store()
    put = half.points.put
    calls = 0

    async def fails(*given: object) -> None:
        nonlocal calls
        calls += 1
        if calls > 2:
            raise Unavailable("the store is gone")
        await put(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(half.points, "put", fails)
    with pytest.raises(Unavailable):
        await restored(half, tmp_path / "b")
    assert half.state.restoring[1]
    monkeypatch.undo()
    with pytest.raises(Permanent, match="restore of another backup"):
        await restored(half, tmp_path / "other")
    await restored(half, tmp_path / "b")
    assert half.points.stored == filled().points.stored


async def test_one_that_was_cut_off_while_it_removed_goes_on_removing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(filled(), tmp_path / "b")
    used = Store()
    used.keep("memories", memory_point("of somebody"))

    async def fails(_: str) -> None:
        raise Unavailable("the store is gone")

    monkeypatch.setattr(used.points, "clear", fails)
    with pytest.raises(Unavailable):
        await restored(used, tmp_path / "b", force=True)
    monkeypatch.undo()
    await restored(used, tmp_path / "b")
    assert used.points.stored == filled().points.stored
