"""A system with something of everything, for tests that copy or delete it."""

from __future__ import annotations

import base64
from typing import Any

from tests.support.system import System, until

USER, OTHER = "ana", "ben"
SAID = (
    "I live in Lisbon with my sister Marta.",
    "I moved from Lisbon to Porto yesterday.",
    "I can't stand pork.",
    "I only drink decaf coffee because of my heart.",
    "My dentist is called Doctor Almeida.",
    "Please keep answers short.",
    "我下周三晚上七点去看牙医。",
    "I work as a marine biologist at the aquarium.",
)
QUESTIONS = (
    "Where do I live?",
    "Who is my sister?",
    "What should I not cook?",
    "What coffee should I order?",
    "What is my dentist called?",
    "How long should answers be?",
    "我什么时候去看牙医？",
    "What is my job?",
    "Where did I live before?",
    "Where is the key to the wine cellar?",
)
"""Asked by two users: twenty answers."""
DOCUMENT = (
    b"The key to the wine cellar hangs behind the kitchen door of the boat house."
)
WEATHER: list[dict[str, Any]] = [
    {"role": "user", "content": "What is the weather in Turin?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "weather", "arguments": '{"city": "Turin"}'},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": '{"sky": "clear", "c": 21}'},
    {"role": "assistant", "content": "It is clear in Turin, 21 degrees."},
]


def add(system: System, user: str, text: str, **more: Any) -> str:
    """Have something said; the id of the task."""
    added = system.post(
        "add/message",
        user_id=user,
        messages=[{"role": "user", "content": text}],
        **{"conversation_id": "talk", "async_mode": False, **more},
    )
    return str(added["task_id"])


def fill(system: System) -> str:
    """Memories of all kinds, superseded and forgotten ones, messages, tasks, a knowledge
    base with a file, a profile, settings; the id of the knowledge base.
    """
    for user in (USER, OTHER):
        for text in SAID:
            add(system, user, text)
    add(system, OTHER, "My locker number is 4711.")
    add(system, OTHER, "Forget my locker number.")
    system.post("add/message", user_id=USER, messages=WEATHER, async_mode=False)
    template = system.post(
        "add/profile_template", name="health", metadata={"blood": {"value": None}}
    )["profile_template_id"]
    system.post(
        "bind/profile_template",
        bind_list=[{"user_id": USER, "profile_template_id": template}],
    )
    system.post(
        "edit/profile",
        user_id=USER,
        profile_template_id=template,
        metadata={"blood": {"value": "AB"}},
    )
    system.request(
        "PUT",
        "/project/settings",
        json={"extract_instructions": {"all": "Boats matter."}},
    ).raise_for_status()
    base = str(
        system.post(
            "create/knowledgebase",
            knowledgebase_name="house",
            knowledgebase_description="",
        )["id"]
    )
    upload(system, base, "cellar.txt", DOCUMENT)
    return base


def upload(system: System, base: str, name: str, data: bytes) -> None:
    """Add a file to a knowledge base and wait until it is read."""
    content = base64.b64encode(data).decode()
    system.post(
        "add/knowledgebase-file",
        knowledgebase_id=base,
        file=[{"content": content, "name": name}],
    )

    def is_read() -> bool:
        files = system.post("get/knowledgebase-file", knowledgebase_id=base)
        return all(file["status"] != "running" for file in files["file_detail_list"])

    until(is_read, "the end of reading")


def answers(system: System, base: str) -> list[list[tuple[str, str, float]]]:
    """What twenty searches find: ids, texts and how well they answer."""
    found = []
    for user in (USER, OTHER):
        for question in QUESTIONS:
            data = system.post(
                "search/memory",
                user_id=user,
                query=question,
                knowledgebase_ids=[base],
                include_tool_memory=True,
                relativity=0,
            )
            lists = [data["memory_detail_list"], data["preference_detail_list"]]
            found.append(
                [
                    (
                        memory["id"],
                        memory.get("memory_value") or memory.get("preference", ""),
                        round(memory["relativity"], 3),
                    )
                    for memories in lists
                    for memory in memories
                ]
            )
    return found
