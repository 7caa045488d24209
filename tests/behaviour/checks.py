"""What must come back after the steps of a row, and what must not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.behaviour.items import (
    STATEMENTS,
    Item,
    Phrases,
    items_of,
    lines_of,
)
from tests.behaviour.rows import CHECKS, Json
from tests.behaviour.service import Service

PAGE = 50
LIMIT = 25
"""The most that a search gives back."""
UNRELATED = {"en": "How does a tide mill work?", "zh": "潮汐磨坊是怎么运作的？"}
"""Questions that no row says anything about."""
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Asker:
    """A user of the system."""

    service: Service
    user: str

    async def search(self, query: str, given: Json) -> Json:
        """A search; without `relativity` with the default of the wire."""
        options = {"relativity": given["relativity"]} if "relativity" in given else {}
        if given.get("relativity") == 0:
            options |= dict.fromkeys(
                ("memory_limit_number", "preference_limit_number"), LIMIT
            )
        return await self.service.post(
            "search/memory",
            user_id=self.user,
            query=query,
            include_tool_memory=True,
            return_instruction=True,
            return_full_instruction=True,
            **options,
        )

    async def stored(self) -> list[Item]:
        """All active memories, the newest first."""
        items: list[Item] = []
        async for data in self._pages():
            items += items_of(data)
        return items

    async def _pages(self) -> AsyncIterator[Json]:
        page = pages = 1
        while page <= pages:
            data = await self.service.post(
                "get/memory", user_id=self.user, page=page, size=PAGE
            )
            yield data
            pages, page = int(data["pages"]), page + 1


async def failures(asker: Asker, check: Json) -> list[str]:
    """What a check finds wrong; empty where all is well."""
    (name,) = CHECKS & check.keys()
    return [f"{name}: {problem}" for problem in await _CHECKS[name](asker, check)]


async def _ask(asker: Asker, check: Json) -> list[str]:
    query = check["ask"]
    kinds = [check["kind"]] if "kind" in check else STATEMENTS
    items = items_of(await asker.search(query, check), kinds)
    return [f"{query} {problem}" for problem in judged(items, check)]


async def _stored(asker: Asker, check: Json) -> list[str]:
    wanted = check["stored"]
    items = [
        item
        for item in await asker.stored()
        if item.kind == wanted.get("kind", item.kind)
    ]
    return list(judged(items, wanted))


async def _standing(asker: Asker, check: Json) -> list[str]:
    """The preferences that come with a question about something else."""
    wanted = check["standing"]
    query = UNRELATED[wanted.get("language", "en")]
    return list(judged(items_of(await asker.search(query, {}), ["preference"]), wanted))


async def _instruction(asker: Asker, check: Json) -> list[str]:
    data = await asker.search(check["instruction"], {})
    problems: list[str] = []
    for name in ("instruction", "full_instruction"):
        found = judged(lines_of(data[name]), check)
        problems += [f"{name} {problem}" for problem in found]
    return problems


async def _chat(asker: Asker, check: Json) -> list[str]:
    data = await asker.service.post(
        "chat",
        user_id=asker.user,
        conversation_id="chat",
        query=check["chat"],
        add_message_on_answer=False,
    )
    return list(judged(lines_of(data["response"]), check))


async def _tools(asker: Asker, check: Json) -> list[str]:
    uses = [
        use
        for item in await asker.stored()
        for use in item.fields.get("tool_used_status") or ()
    ]
    problems = []
    for tool, wanted in check["tools"].items():
        of_tool = [use for use in uses if use["used_tool"] == tool]
        fits = [use for use in of_tool if _fits(use, wanted)]
        if not fits:
            problems.append(f"{tool} should be {wanted}, is {of_tool}")
    return problems


def _fits(use: Json, wanted: Json) -> bool:
    if use["success_rate"] != wanted["rate"]:
        return False
    error = str(use["error_type"])
    if wanted["rate"] == 1.0:
        return not error
    (line,) = lines_of(error.replace("\n", " ")) or lines_of("-")
    return line.holds(wanted["error"]) if "error" in wanted else bool(error)


async def _titles(asker: Asker, check: Json) -> list[str]:
    wanted = check["titles"]
    items = await _facts_about(asker, wanted["of"])
    titles = [_text_item(item.fields["memory_key"]) for item in items]
    problems = list(judged(titles, wanted))
    if wanted.get("proper"):
        problems += [
            f"no title of {item.text!r}: {item.fields['memory_key']!r}"
            for item in items
            if not is_proper_title(item)
        ]
    return problems if items else [f"no memory holds {wanted['of']}"]


async def _tags(asker: Asker, check: Json) -> list[str]:
    wanted = check["tags"]
    items = await _facts_about(asker, wanted["of"])
    problems: list[str] = []
    for item in items:
        tags = [str(tag) for tag in item.fields["tags"]]
        problems += judged([_text_item(tag) for tag in tags], wanted)
        if wanted.get("proper"):
            problems += [f"no tag: {tag!r}" for tag in tags if not is_proper_tag(tag)]
    return problems if items else [f"no memory holds {wanted['of']}"]


async def _facts_about(asker: Asker, phrases: Phrases) -> list[Item]:
    return [
        item
        for item in await asker.stored()
        if item.kind == "fact" and item.holds(phrases)
    ]


def _text_item(text: str) -> Item:
    return Item("text", text, False, 0, {})


def is_proper_title(item: Item) -> bool:
    """A few words on one line, none of them cut, and no list of the tags."""
    title = str(item.fields["memory_key"])
    tags = {str(tag).casefold() for tag in item.fields["tags"]}
    parts = [part.strip().casefold() for part in re.split(r"[,，、]", title)]
    listed = len(parts) > 1 and set(parts) <= tags
    words = re.findall(r"[A-Za-zÀ-ÿ]+", item.text)
    last = re.search(r"([A-Za-zÀ-ÿ]+)…?$", title)
    cut = bool(last) and any(
        word.startswith(last[1]) and len(word) > len(last[1]) + 2 for word in words
    )
    complete = not cut or last[1] in words
    return bool(
        title.strip()
        and "\n" not in title
        and len(title) <= LONGEST_TITLE
        and not listed
        and complete
    )


def is_proper_tag(tag: str) -> bool:
    """One line that is no sentence and no number."""
    has_letters = bool(re.search(r"[^\W\d_]", tag))
    return has_letters and "\n" not in tag and len(tag) <= 30


def judged(items: Sequence[Item], wanted: Json) -> Iterator[str]:
    """What is wrong with these memories."""
    yield from _missing(items, wanted)
    current = [item for item in items if not item.outdated]
    for name, among in (("absent", current), ("gone", items)):
        for phrases in wanted.get(name, ()):
            for item in among:
                if item.holds(phrases):
                    yield f"should not come ({phrases}): {item.text}"
    if wanted.get("nothing") and items:
        yield f"nothing should come: {_shortened(items)}"
    if len(items) > wanted.get("at_most", len(items)):
        yield f"more than {wanted['at_most']}: {_shortened(items)}"
    if len(items) < wanted.get("at_least", 0):
        yield f"fewer than {wanted['at_least']}: {_shortened(items)}"


def _missing(items: Sequence[Item], wanted: Json) -> Iterator[str]:
    if "first" in wanted:
        if not items:
            yield f"should come first: {wanted['first']}; nothing came"
        elif not items[0].holds(wanted["first"]):
            yield f"should come first: {wanted['first']}; came: {_shortened(items)}"
    for phrases in wanted.get("contains", ()):
        if not any(item.holds(phrases) for item in items):
            yield f"missing: {phrases}; came: {_shortened(items)}"


def _shortened(items: Sequence[Item]) -> str:
    texts = [
        f"{item.relativity:.2f} {item.kind[0]}{'*' if item.outdated else ''} {item.text}"
        for item in items[:6]
    ]
    return " | ".join(texts) or "nothing"


_CHECKS: dict[str, Callable[[Asker, Json], Awaitable[list[str]]]] = {
    "ask": _ask,
    "stored": _stored,
    "standing": _standing,
    "instruction": _instruction,
    "chat": _chat,
    "tools": _tools,
    "titles": _titles,
    "tags": _tags,
}
