"""Real files through the real system: sent, read, found by what is on a page."""

from __future__ import annotations

import base64
from typing import Any

import pymupdf
import pytest

from tests.support.system import System

PAGES = [
    (
        "The lighthouse",
        "The lighthouse of Cabo Verdelho was built in 1887 by the engineer Tomás Ferraz out of grey granite.",
    ),
    (
        "The keepers",
        "Until 1963 three keepers lived in the tower. The last of them, "
        "Amélia Nunes, wrote down the weather every evening.",
    ),
    (
        "The lamp",
        "The lamp burns with a Fresnel lens of the second order. Its glass "
        "was ground in Marseille in four weeks.",
    ),
    (
        "The fog horn",
        "A fog horn driven by compressed air was added in 1922. Fishermen "
        "hear it eleven miles from the coast.",
    ),
    (
        "The museum",
        "Since 2008 the tower is a museum. It opens on Saturdays, and pupils "
        "of the village show the visitors around.",
    ),
]


def pdf(pages: list[tuple[str, str]]) -> bytes:
    """A document with a heading and a paragraph on each page."""
    with pymupdf.open() as made:
        for heading, text in pages:
            page = made.new_page()
            page.insert_text((72, 90), heading, fontsize=20)
            page.insert_textbox(pymupdf.Rect(72, 120, 520, 700), text, fontsize=11)
        return bytes(made.tobytes())


def send(
    system: System, user: str, *parts: dict[str, Any], **options: Any
) -> dict[str, Any]:
    """Add one message of these parts and wait for its end."""
    message = {"role": "user", "content": list(parts)}
    added = system.post(
        "add/message",
        user_id=user,
        conversation_id="files",
        messages=[message],
        **options,
    )
    assert added["status"] == "running", "a file is always asynchronous"
    return system.finished(added["task_id"])


def file(data: str) -> dict[str, Any]:
    return {"type": "file", "file": {"file_data": data}}


@pytest.mark.parametrize("form", ["raw", "data URI"])
def test_a_question_about_page_three_finds_page_three(
    system: System, user: str, form: str
) -> None:
    raw = base64.b64encode(pdf(PAGES)).decode()
    data = raw if form == "raw" else f"data:application/pdf;base64,{raw}"
    assert (
        send(
            system,
            user,
            {"type": "text", "text": "Please read this brochure."},
            file(data),
            async_mode=False,
        )["status"]
        == "completed"
    )
    found = system.post(
        "search/memory",
        user_id=user,
        query="Where was the glass of the lamp's lens ground?",
    )["memory_detail_list"]
    assert "Marseille" in found[0]["memory_value"], found
    every = system.post("get/memory", user_id=user, size=50)["memory_detail_list"]
    told = " ".join(memory["memory_value"] for memory in every)
    for word in ("1887", "Nunes", "Marseille", "1922", "Saturdays"):
        assert word in told, f"no page is lost: {word}"


def test_a_text_file_in_chinese(system: System, user: str) -> None:
    text = "会议纪要\n\n项目代号为海鸥，负责人是林晓梅。\n\n下一次评审定在3月18日，地点是杭州办公室。\n"
    assert (
        send(system, user, file(base64.b64encode(text.encode("gb18030")).decode()))[
            "status"
        ]
        == "completed"
    )
    found = system.post(
        "search/memory", user_id=user, query="海鸥项目的负责人是谁？", relativity=0
    )["memory_detail_list"]
    assert any("林晓梅" in memory["memory_value"] for memory in found)


def test_a_bad_file_fails_its_task_and_the_text_is_kept(
    system: System, user: str
) -> None:
    ended = send(
        system,
        user,
        {"type": "text", "text": "My passport number is kept in the blue folder."},
        file(base64.b64encode(b"%PDF-1.7 this is no document").decode()),
    )
    assert ended["status"] == "failed"
    assert str(ended["error_code"]).startswith("50107")
    assert ended["error_message"]
    found = system.post(
        "search/memory",
        user_id=user,
        query="Where do I keep my passport number?",
        relativity=0,
    )["memory_detail_list"]
    assert any("blue folder" in memory["memory_value"] for memory in found)


def test_more_pages_than_allowed_fail_the_task_not_the_request(
    system: System, user: str
) -> None:
    many = pdf([("Page", f"This is page number {number}.") for number in range(201)])
    ended = send(system, user, file(base64.b64encode(many).decode()))
    assert ended["status"] == "failed"
    assert ended["error_code"]
