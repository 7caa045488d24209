"""Sources: bytes under the name of their content, whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from shared.adapters.sources import FsspecSources
from shared.domain.identity import digest
from shared.errors import NotFound, Unavailable
from shared.ports import Sources
from tests.fakes.sources import FakeSources

MAKERS: dict[str, Callable[[Path], Sources]] = {
    "fake": lambda folder: FakeSources(),
    "folder": lambda folder: FsspecSources(str(folder / "sources")),
    "file url": lambda folder: FsspecSources((folder / "sources").as_uri()),
    "object store": lambda folder: FsspecSources(f"memory://{uuid4().hex}/sources"),
}
WRONG = (
    "",
    "abc",
    "../../etc/passwd",
    "/etc/passwd",
    f"../{'a' * 61}",
    "A" * 64,
    "a" * 63,
    "a" * 65,
    f"{'a' * 64}\n",
    "a" * 32 + "/" + "a" * 31,
)


@pytest.fixture(params=MAKERS)
def sources(request: pytest.FixtureRequest, tmp_path: Path) -> Sources:
    return MAKERS[request.param](tmp_path)


@pytest.mark.parametrize("data", [b"", b"words", bytes(range(256)) * 5_000])
async def test_bytes_come_back_under_their_hash(sources: Sources, data: bytes) -> None:
    name = await sources.put(data)
    assert name == digest(data)
    assert await sources.get(name) == data


async def test_putting_twice_is_putting_once(sources: Sources) -> None:
    assert await sources.put(b"words") == await sources.put(b"words")
    await sources.delete(digest(b"words"))
    with pytest.raises(NotFound):
        await sources.get(digest(b"words"))


async def test_many_put_the_same_at_once(sources: Sources) -> None:
    data = b"x" * 500_000
    assert set(await asyncio.gather(*(sources.put(data) for _ in range(8)))) == {
        digest(data)
    }
    assert await sources.get(digest(data)) == data


async def test_an_unknown_name_is_not_found_and_may_be_deleted(
    sources: Sources,
) -> None:
    with pytest.raises(NotFound):
        await sources.get(digest(b"never put"))
    await sources.delete(digest(b"never put"))


@pytest.mark.parametrize("name", WRONG)
async def test_only_a_hash_is_a_name(sources: Sources, name: str) -> None:
    with pytest.raises(NotFound):
        await sources.get(name)
    with pytest.raises(NotFound):
        await sources.delete(name)


async def test_what_is_left_of_a_broken_write_is_written_again(tmp_path: Path) -> None:
    sources = FsspecSources(str(tmp_path))
    name = await sources.put(b"the whole")
    stored = next(path for path in tmp_path.rglob("*") if path.is_file())
    stored.write_bytes(b"the")
    assert await sources.put(b"the whole") == name
    assert await sources.get(name) == b"the whole"


async def test_nothing_but_the_sources_is_left_in_the_folder(tmp_path: Path) -> None:
    sources = FsspecSources(str(tmp_path))
    names = {await sources.put(bytes([number])) for number in range(20)}
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == names


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "sources").write_text("a file where the folder should be")
    sources = FsspecSources(str(tmp_path / "sources"))
    with pytest.raises(Unavailable):
        await sources.put(b"words")


async def test_two_see_the_same_folder(tmp_path: Path) -> None:
    name = await FsspecSources(str(tmp_path)).put(b"shared")
    assert await FsspecSources(tmp_path.as_uri()).get(name) == b"shared"


async def test_the_size_of_what_is_there_and_of_what_is_not(sources: Sources) -> None:
    name = await sources.put(b"words")
    assert await sources.size(name) == 5
    await sources.delete(name)
    assert await sources.size(name) == 0
    with pytest.raises(NotFound):
        await sources.size("../../etc/passwd")


async def test_all_names_are_listed(sources: Sources) -> None:
    assert [name async for name in sources.names()] == []
    names = sorted([await sources.put(b"%d" % number) for number in range(20)])
    assert [name async for name in sources.names()] == names
    await sources.delete(names[3])
    assert [name async for name in sources.names()] == names[:3] + names[4:]
