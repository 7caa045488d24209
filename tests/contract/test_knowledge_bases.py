"""Knowledge bases and the files on them."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from shared.domain.identity import computed_id
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from tests.contract.conftest import Stores


def knowledge_base(project: str, name: str, created_at: int = 1) -> KnowledgeBase:
    return KnowledgeBase(
        computed_id(project, name), project, name, f"about {name}", created_at
    )


def file(on: KnowledgeBase, name: str, created_at: int = 1) -> KnowledgeFile:
    return KnowledgeFile(
        computed_id(on.id, name), on.id, on.project, name, created_at=created_at
    )


def names(results: list[KnowledgeBase] | list[KnowledgeFile]) -> list[str]:
    return [record.name for record in results]


async def test_a_knowledge_base_comes_back_to_its_project_only(
    stores: Stores, project: str
) -> None:
    mine = knowledge_base(project, "手册", 1_760_000_000_000)
    await stores.knowledge_bases.put(mine)
    assert await stores.knowledge_bases.get(project, mine.id) == mine
    assert await stores.knowledge_bases.get("another", mine.id) is None
    assert await stores.knowledge_bases.get(project, str(uuid4())) is None
    assert await stores.knowledge_bases.get(project, "nonsense") is None


async def test_all_knowledge_bases_of_a_project_oldest_first(
    stores: Stores, project: str
) -> None:
    for name, at in (("b", 2), ("a", 3), ("c", 1)):
        await stores.knowledge_bases.put(knowledge_base(project, name, at))
    await stores.knowledge_bases.put(knowledge_base(f"{project}-2", "foreign"))
    assert names(await stores.knowledge_bases.all(project)) == ["c", "b", "a"]
    assert await stores.knowledge_bases.all("nobody") == []


async def test_a_file_comes_back_as_it_was(stores: Stores, project: str) -> None:
    mine = KnowledgeFile(
        id=str(uuid4()),
        knowledge_base=str(uuid4()),
        project=project,
        name="a.pdf",
        source="sha",
        url="http://x",
        size=5,
        status="failed",
        code=50107,
        message="no",
        job=str(uuid4()),
        kind="skill",
        created_at=9,
    )
    await stores.knowledge_bases.put_file(mine)
    assert await stores.knowledge_bases.files(project, [mine.id]) == [mine]
    await stores.knowledge_bases.put_file(replace(mine, status="completed"))
    assert [
        record.status
        for record in await stores.knowledge_bases.files(project, [mine.id])
    ] == ["completed"]


async def test_files_by_id_by_knowledge_base_and_by_both(
    stores: Stores, project: str
) -> None:
    first, second = knowledge_base(project, "one"), knowledge_base(project, "two")
    a, b, c = file(first, "a", 2), file(first, "b", 1), file(second, "c", 3)
    for record in (a, b, c, file(knowledge_base(f"{project}-2", "foreign"), "d")):
        await stores.knowledge_bases.put_file(record)
    assert names(await stores.knowledge_bases.files(project)) == ["b", "a", "c"]
    assert names(
        await stores.knowledge_bases.files(project, [c.id, "nonsense", a.id])
    ) == ["a", "c"]
    assert names(
        await stores.knowledge_bases.files(project, knowledge_base=first.id)
    ) == ["b", "a"]
    assert names(
        await stores.knowledge_bases.files(project, [c.id, a.id], first.id)
    ) == ["a"]
    assert await stores.knowledge_bases.files(project, ["nonsense"]) == []
    assert await stores.knowledge_bases.files("another", [a.id]) == []


async def test_files_are_deleted_from_their_project_only(
    stores: Stores, project: str
) -> None:
    on = knowledge_base(project, "one")
    a, b = file(on, "a"), file(on, "b")
    await stores.knowledge_bases.put_file(a)
    await stores.knowledge_bases.put_file(b)
    await stores.knowledge_bases.delete_files("another", [a.id])
    await stores.knowledge_bases.delete_files(project, ["nonsense"])
    await stores.knowledge_bases.delete_files(project, [])
    assert len(await stores.knowledge_bases.files(project)) == 2
    await stores.knowledge_bases.delete_files(project, [a.id, str(uuid4())])
    assert names(await stores.knowledge_bases.files(project)) == ["b"]


async def test_a_deleted_knowledge_base_takes_its_files_along(
    stores: Stores, project: str
) -> None:
    first, second = knowledge_base(project, "one"), knowledge_base(project, "two")
    for record in (first, second):
        await stores.knowledge_bases.put(record)
        await stores.knowledge_bases.put_file(file(record, f"of {record.name}"))
    await stores.knowledge_bases.delete("another", first.id)
    await stores.knowledge_bases.delete(project, "nonsense")
    assert len(await stores.knowledge_bases.all(project)) == 2
    await stores.knowledge_bases.delete(project, first.id)
    assert names(await stores.knowledge_bases.all(project)) == ["two"]
    assert names(await stores.knowledge_bases.files(project)) == ["of two"]


async def test_more_files_than_one_page(stores: Stores, project: str) -> None:
    on = knowledge_base(project, "full")
    for number in range(300):
        await stores.knowledge_bases.put_file(file(on, str(number), number))
    assert names(await stores.knowledge_bases.files(project, knowledge_base=on.id)) == [
        str(number) for number in range(300)
    ]


@pytest.mark.parametrize("id", ["kb1", ""])
async def test_an_id_must_be_a_uuid(stores: Stores, project: str, id: str) -> None:
    with pytest.raises(ValueError, match="UUID"):
        await stores.knowledge_bases.put(replace(knowledge_base(project, "a"), id=id))


async def test_a_file_is_updated_only_where_it_is_and_names_the_same_job(
    stores: Stores, project: str
) -> None:
    job = str(uuid4())
    mine = replace(file(knowledge_base(project, "one"), "a"), job=job, code=1)
    bases = stores.knowledge_bases
    await bases.update_file(mine)
    assert await bases.files(project) == []
    await bases.put_file(mine)
    await bases.update_file(replace(mine, status="completed", code=0))
    [updated] = await bases.files(project)
    assert (updated.status, updated.code) == ("completed", 0)
    await bases.update_file(replace(mine, status="failed", job=str(uuid4())))
    assert await bases.files(project) == [updated]
