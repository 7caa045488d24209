"""The file behind a skill_url."""

from __future__ import annotations

from services.gateway.knowledge.skill_download import skill_markdown, skill_path
from shared.domain.memory import Memory, Type
from shared.domain.scope import Scope

SKILL = Memory(
    "m",
    Scope("p", "u"),
    Type.SKILL,
    "search_then_book: how to book",
    title="search_then_book",
    detail={
        "skill_value": {
            "name": "search_then_book",
            "description": 'Books a "room"\nfast',
            "procedure": "1. Call search.\n2. Call book.",
            "experience": ["avoid\nnight"],
            "examples": [],
        }
    },
)


def test_a_skill_is_a_file_with_front_matter() -> None:
    text = skill_markdown(SKILL)
    head, body = text.split("---\n\n", 1)
    assert (
        head
        == '---\nname: "search_then_book"\ndescription: "Books a \\"room\\"\\nfast"\n'
    )
    assert (
        "## Procedure\n\n1. Call search.\n2. Call book." in body
        and "- avoid night" in body
        and "Examples" not in body
    )


def test_its_path_names_it() -> None:
    assert skill_path("abc") == "/skills/abc/SKILL.md"
