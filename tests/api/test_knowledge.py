"""Knowledge bases and their files (contract 1.10)."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.memory import Origin
from shared.domain.scope import Scope
from tests.api.world import World

TEXT = base64.b64encode("使用说明".encode()).decode()
OTHER = base64.b64encode(b"something else").decode()
UNKNOWN = "00000000-0000-0000-0000-000000000000"


async def knowledge_base(world: World, name: str = "手册") -> str:
    return str(
        (
            await world.post(
                "create/knowledgebase",
                {"knowledgebase_name": name, "knowledgebase_description": None},
            )
        ).data["id"]
    )


async def put(
    world: World, knowledge_base: str, *files: dict[str, Any]
) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = (
        await world.post(
            "add/knowledgebase-file",
            {"knowledgebase_id": knowledge_base, "file": list(files)},
        )
    ).data
    return data


async def stand(world: World, **asked: Any) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (
        await world.post("get/knowledgebase-file", asked)
    ).data["file_detail_list"]
    return listed


async def test_a_knowledge_base_has_an_id_of_its_own(world: World, prefix: str) -> None:
    id = (
        await world.post(
            f"{prefix}/create/knowledgebase", {"knowledgebase_name": "手册"}
        )
    ).data["id"]
    (stored,) = world.knowledge_bases.knowledge_bases.values()
    assert stored.id == id
    assert (stored.name, stored.project) == ("手册", "one")


async def test_files_in_every_form_are_jobs(idle: World) -> None:
    id = await knowledge_base(idle)
    files = [
        {"content": TEXT, "name": "a.txt"},
        {
            "content": f"data:text/plain;base64,{OTHER}",
            "file_name": "b.txt",
            "mime_type": "text/plain",
        },
        {"content": "https://example.com/c d.pdf"},
    ]
    added = await put(idle, id, *files)
    assert [(file["name"], file["status"], file["type"]) for file in added] == [
        ("a.txt", "running", "document"),
        ("b.txt", "running", "document"),
        ("c d.pdf", "running", "document"),
    ]
    assert all(isinstance(file["sizeMB"], float) for file in added)
    assert set(idle.sources.stored.values()) == {"使用说明".encode(), b"something else"}
    jobs = [idle.jobs.stored[job] for job, _ in idle.queue.waiting]
    assert {queue for _, queue in idle.queue.waiting} == {"files"} and {
        job.work for job in jobs
    } == {"document"}
    assert [job.payload.file for job in jobs] == [file["id"] for file in added]
    assert [job.payload.knowledge_base for job in jobs] == [id] * 3
    assert [bool(job.payload.source) for job in jobs] == [True, True, False] and jobs[
        2
    ].payload.url == "https://example.com/c d.pdf"
    assert [
        (file["id"], file["status"])
        for file in await stand(idle, file_ids=[entry["id"] for entry in added])
    ] == [(entry["id"], "running") for entry in added]


async def test_of_a_form_an_empty_file_fails_and_the_others_are_read(
    idle: World,
) -> None:
    id = await knowledge_base(idle)
    answer = await idle.client.post(
        f"/add/knowledgebase-file?knowledgebase_id={id}",
        files=[("file", ("empty.txt", b"")), ("file", ("full.txt", b"words"))],
    )
    empty, full = answer.json()["data"]
    assert (empty["status"], full["status"]) == ("failed", "running")
    listed = {file["name"]: file for file in await stand(idle, knowledgebase_id=id)}
    assert listed["empty.txt"]["error_code"] == 50107
    assert [job.payload.name for job in idle.jobs.stored.values()] == ["full.txt"]


async def test_of_a_form_the_type_is_checked_as_of_json(idle: World) -> None:
    id = await knowledge_base(idle)
    for type, status in (("skills", 422), ("skill", 200), ("document", 200)):
        answer = await idle.client.post(
            f"/add/knowledgebase-file?knowledgebase_id={id}&type={type}",
            files=[("file", (f"{type}.md", type.encode()))],
        )
        assert answer.status_code == status, type
        if status != 200:
            body = answer.json()
            assert body["code"] == 40000 and body["message"].startswith("type: ")
    types = {file["type"] for file in await stand(idle, knowledgebase_id=id)}
    assert types == {"skill", "document"}


async def test_files_of_a_form(idle: World) -> None:
    id = await knowledge_base(idle)
    form = [
        ("file", ("a.txt", b"one", "text/plain")),
        ("file", ("b.txt", b"two", "text/plain")),
    ]
    answer = await idle.client.post(
        f"/api/openmem/v1/add/knowledgebase-file?knowledgebase_id={id}&type=skill",
        files=form,
    )
    added = answer.json()["data"]
    assert [(file["name"], file["status"], file["type"]) for file in added] == [
        ("a.txt", "running", "skill"),
        ("b.txt", "running", "skill"),
    ]
    assert set(idle.sources.stored.values()) == {b"one", b"two"}


@pytest.mark.parametrize(
    "query, files, code",
    [
        ("", [("file", ("a.txt", b"one"))], 40002),
        (f"?knowledgebase_id={UNKNOWN}", [("file", ("a.txt", b"one"))], 50120),
    ],
)
async def test_a_form_refused(idle: World, query: str, files: Any, code: int) -> None:
    assert (
        await idle.client.post(f"/add/knowledgebase-file{query}", files=files)
    ).json()["code"] == code


async def test_the_same_file_again_is_the_same_file(idle: World) -> None:
    id = await knowledge_base(idle)
    (first,), (second,) = (
        await put(idle, id, {"content": TEXT, "name": "a.txt"}),
        await put(idle, id, {"content": TEXT, "name": "a.txt"}),
    )
    assert first["id"] == second["id"] and len(idle.queue.waiting) == 1
    (other,) = await put(
        idle, await knowledge_base(idle, "other"), {"content": TEXT, "name": "a.txt"}
    )
    assert other["id"] != first["id"]


async def test_a_failed_file_can_be_sent_again(idle: World) -> None:
    id = await knowledge_base(idle)
    (file,) = await put(idle, id, {"content": TEXT, "name": "a.txt"})
    stored = idle.knowledge_bases.stored_files[file["id"]]
    await idle.knowledge_bases.put_file(
        replace(stored, status="failed", code=50107, message="unreadable")
    )
    (failed,) = await stand(idle, file_ids=[file["id"]])
    assert (failed["status"], failed["error_code"], failed["error_message"]) == (
        "failed",
        50107,
        "unreadable",
    )
    assert (await put(idle, id, {"content": TEXT, "name": "a.txt"}))[0][
        "status"
    ] == "running"
    assert len(idle.queue.waiting) == 2


async def test_the_twenty_first_file_fails_by_itself(idle: World) -> None:
    id = await knowledge_base(idle)
    added = await put(
        idle,
        id,
        *(
            {
                "content": base64.b64encode(b"x%d" % number).decode(),
                "name": f"{number}.txt",
            }
            for number in range(21)
        ),
    )
    assert [file["status"] for file in added] == ["running"] * 20 + ["failed"]
    assert (await stand(idle, file_ids=[added[20]["id"]]))[0]["error_code"] == 50103


async def test_files_page_by_page(idle: World) -> None:
    id = await knowledge_base(idle)
    added = await put(
        idle,
        id,
        *(
            {
                "content": base64.b64encode(b"%d" % number).decode(),
                "name": f"{number}.txt",
            }
            for number in range(5)
        ),
    )
    data = (
        await idle.post(
            "get/knowledgebase-file",
            {"knowledgebase_id": id, "page": 2, "page_size": 2},
        )
    ).data
    assert (
        data["total"],
        data["page"],
        data["page_size"],
        len(data["file_detail_list"]),
    ) == (5, 2, 2, 2)
    everything = await stand(idle, knowledgebase_id=id, page_size=100, type=None)
    assert {file["id"] for file in everything} == {file["id"] for file in added}
    assert all(isinstance(file["size"], str) for file in everything)
    assert await stand(idle, knowledgebase_id=id, type="skill") == []


async def test_a_removed_file_takes_its_memories_with_it(idle: World) -> None:
    id = await knowledge_base(idle)
    first, second = await put(
        idle,
        id,
        {"content": TEXT, "name": "a.txt"},
        {"content": OTHER, "name": "b.txt"},
    )
    for file, text in ((first, "of a"), (second, "of b")):
        source = idle.knowledge_bases.stored_files[file["id"]].source
        await idle.remember(
            text,
            scope=Scope("one", ""),
            knowledge_base=id,
            origins=(Origin(file=file["name"], source=source),),
        )
    assert (
        await idle.post(
            "delete/knowledgebase-file",
            {"file_ids": [first["id"]], "knowledgebase_id": id},
        )
    ).data == {"success": True}
    assert [entry.memory.text for entry in idle.memories.stored.values()] == ["of b"]
    assert idle.queue.waiting[0][0] not in idle.jobs.stored
    assert list(idle.sources.stored.values()) == [b"something else"]
    assert (
        await idle.post("get/knowledgebase-file", {"file_ids": [first["id"]]})
    ).code == 40001
    assert (await put(idle, id, {"content": TEXT, "name": "a.txt"}))[0][
        "status"
    ] == "running", "it may be added again"


async def test_a_deleted_knowledge_base_takes_everything_with_it(idle: World) -> None:
    id, stored = await knowledge_base(idle), await knowledge_base(idle, "kept")
    await put(idle, id, {"content": TEXT, "name": "a.txt"})
    await idle.remember("of it", scope=Scope("one", ""), knowledge_base=id)
    await idle.remember("of the other", scope=Scope("one", ""), knowledge_base=stored)
    assert (await idle.post("delete/knowledgebase", {"knowledgebase_id": id})).data == {
        "success": True
    }
    assert (
        list(idle.knowledge_bases.knowledge_bases) == [stored]
        and not idle.knowledge_bases.stored_files
    )
    assert [entry.memory.text for entry in idle.memories.stored.values()] == [
        "of the other"
    ]
    assert (
        await idle.post("delete/knowledgebase", {"knowledgebase_id": id})
    ).code == 50120


async def test_knowledge_bases_belong_to_the_project(idle: World) -> None:
    id = await knowledge_base(idle)
    other = {"Authorization": "Token mpg-other"}
    assert (
        await idle.post("delete/knowledgebase", {"knowledgebase_id": id}, headers=other)
    ).code == 50120
    assert (
        await idle.post(
            "get/knowledgebase-file", {"knowledgebase_id": id}, headers=other
        )
    ).code == 50120


async def test_what_is_added_may_go_to_a_knowledge_base_that_exists(
    idle: World,
) -> None:
    id = await knowledge_base(idle)
    body = {
        "user_id": "ann",
        "messages": [{"role": "user", "content": "x"}],
        "allow_knowledgebase_ids": [id],
    }
    task = (await idle.post("add/message", body)).data["task_id"]
    assert idle.jobs.stored[task].options.knowledge_bases == (id,)


@pytest.mark.parametrize(
    "route, body, status, code",
    [
        ("create/knowledgebase", {}, 422, 40002),
        ("create/knowledgebase", {"knowledgebase_name": " "}, 422, 40002),
        (
            "add/knowledgebase-file",
            {"knowledgebase_id": UNKNOWN, "file": [{"content": TEXT}]},
            404,
            50120,
        ),
        (
            "add/knowledgebase-file",
            {"knowledgebase_id": UNKNOWN, "file": []},
            422,
            40003,
        ),
        ("add/knowledgebase-file", {"knowledgebase_id": UNKNOWN}, 422, 40002),
        ("add/knowledgebase-file", {"file": [{"content": TEXT}]}, 422, 40002),
        (
            "add/knowledgebase-file",
            {"knowledgebase_id": UNKNOWN, "file": [{"name": "a"}]},
            422,
            40002,
        ),
        (
            "add/knowledgebase-file",
            {"knowledgebase_id": UNKNOWN, "file": [{"content": "%%%"}]},
            400,
            40008,
        ),
        (
            "add/knowledgebase-file",
            {"knowledgebase_id": UNKNOWN, "file": [{"content": TEXT, "type": "song"}]},
            422,
            40000,
        ),
        ("get/knowledgebase-file", {}, 422, 40002),
        ("get/knowledgebase-file", {"file_ids": [UNKNOWN]}, 404, 40001),
        ("get/knowledgebase-file", {"knowledgebase_id": UNKNOWN}, 404, 50120),
        ("delete/knowledgebase-file", {}, 422, 40002),
        ("delete/knowledgebase-file", {"file_ids": []}, 422, 40003),
        ("delete/knowledgebase-file", {"file_ids": [UNKNOWN]}, 404, 40001),
    ],
)
async def test_what_is_refused(
    idle: World, route: str, body: dict[str, Any], status: int, code: int
) -> None:
    refused = await idle.post(route, body)
    assert (refused.status, refused.code, refused.body["data"]) == (status, code, None)


async def test_the_query_counts_for_json_where_the_body_does_not_say_it(
    idle: World,
) -> None:
    id = await knowledge_base(idle)
    texts = [base64.b64encode(text).decode() for text in (b"one", b"two")]
    files = [
        {"content": texts[0], "filename": "a.md"},
        {"content": texts[1], "name": "b.md", "type": "document"},
    ]
    route = f"add/knowledgebase-file?knowledgebase_id={id}&type=skill"
    answer = await idle.post(route, {"file": files, "knowledgebase_id": None})
    added = [(file["name"], file["type"]) for file in answer.data]
    assert added == [("a.md", "skill"), ("b.md", "document")]
    assert "remarks" not in answer.body


async def test_what_means_nothing_in_an_upload_is_remarked(idle: World) -> None:
    id = await knowledge_base(idle)
    file = {"content": "aGVsbG8=", "name": "a.txt", "file_name": "b.txt", "tpye": 1}
    route = f"add/knowledgebase-file?knowledgebase_id={UNKNOWN}&tpye=skill"
    body = {"knowledgebase_id": id, "file": file}
    assert (await idle.post(route, body)).body["remarks"] == [
        "tpye: there is no such parameter",
        "file.0.file_name: beside name it means nothing",
        "file.0.tpye: there is no such field",
        "knowledgebase_id: beside that of the body that of the query means nothing",
    ]
    form = [("file", ("c.txt", b"three"))]
    answer = await idle.client.post(
        f"/add/knowledgebase-file?knowledgebase_id={id}&tpye=skill", files=form
    )
    assert answer.json()["remarks"] == ["tpye: there is no such parameter"]
