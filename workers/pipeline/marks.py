"""What becomes of a known statement when some of it is outdated: it is marked, so that what else it tells stays, or it is spent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.domain.memory import Memory
from shared.language.concepts import concepts
from shared.language.words import is_chinese, terms
from workers.pipeline.claims import Claim, claims, names
from workers.pipeline.outdated import Outdated, outdated, telling

TOLD = "told"
"""Where in the detail of a marked memory the text stands as it was told."""
CHANGES = "changes"
"""Where it lists what it was marked with: `by` (the id of the newer memory), `at` and `said_at` (epoch milliseconds), `was` (the outdated words),
`end` (where they end in the text as told) and `note` (what stands there since)."""
LONGEST = 160
"""Characters up to which a newer memory is quoted whole in a mark."""
BRIEF, BRIEF_ZH = 16, 28
"""Words up to which a statement of a single claim is spent with it."""

_DATE = re.compile(r"[(（]([^()（）]*\b(?:19|20)\d\d(?:\b|年)[^()（）]*)[)）]\s*$")
_PREFIX = re.compile(r"^(?:User:\s|用户：|The user says:\s|用户说：|And )")


def told(memory: Memory) -> str:
    """The text of a memory without any marks."""
    return str(memory.detail.get(TOLD, memory.text))


def marked_by(memory: Memory, id: str) -> bool:
    """Whether a memory is marked with what the memory of this id says."""
    return any(change["by"] == id for change in memory.detail.get(CHANGES, ()))


def made_outdated(by: Memory, memory: Memory) -> list[Outdated]:
    """What a newer memory makes outdated of another one of the same speaker."""
    if by.speaker != memory.speaker and by.speaker and memory.speaker:
        return []
    return outdated(told(by), _time(by), told(memory), _time(memory), memory.context)


def _time(memory: Memory) -> datetime:
    return datetime.fromtimestamp((memory.said_at or memory.created_at) / 1000, UTC)


def tells_more(memory: Memory, by: Memory) -> bool:
    """Whether a memory makes several claims of some weight, or gives beside a day or an amount a name that the newer one leaves out."""
    own = claims(told(memory))
    if any(claim.when or claim.amounts for claim in own) and _names(own) - set(re.findall(r"\w+", by.text)):
        return True
    return sum(len(telling(claim.text)) > 1 for claim in own) > 1


def nearest(memory: Memory, by: Memory) -> Outdated:
    """The claim of a memory that a newer one, which is known to contradict it, is likeliest to mean: of the same things, else the last one."""
    about, words = concepts(told(by)), telling(told(by))
    own = claims(told(memory))
    best = max(reversed(own), key=lambda claim: (len(concepts(claim.text) & about) + len(telling(claim.text) & words)))
    return Outdated(best, told(by), whole=False)


def spent(memory: Memory, found: Sequence[Outdated], by: Memory) -> bool:
    """Whether nothing would be lost with a memory: one claim, outdated, and no name in it that the newer one leaves out."""
    own = claims(told(memory))
    if not found or not all(one.whole for one in found) or len(own) > len(found):
        return False
    text = " ".join(claim.text for claim in own)
    return len(terms(text)) <= (BRIEF_ZH if is_chinese(text) else BRIEF) and not _names(own) - set(re.findall(r"\w+", by.text))


def marked(memory: Memory, found: Sequence[Outdated], by: Memory, at: int) -> Memory:
    """The memory with what is known since then written behind what is outdated; the words as told stay in `detail`.

    Of two marks at one place the one that was said later stays.
    """
    text = told(memory)
    end = max(one.claim.end for one in found)
    there = next((change for change in memory.detail.get(CHANGES, ()) if change["end"] == end), None)
    if there is not None and there["said_at"] >= by.said_at:
        return memory
    change = {"by": by.id, "at": at, "said_at": by.said_at, "was": " ".join(one.claim.text for one in found), "end": end,
              "note": _note(found[0], by, is_chinese(text))}
    changes = sorted([*(one for one in memory.detail.get(CHANGES, ()) if one is not there), change], key=lambda one: -int(one["end"]))
    noted = text
    for one in changes:
        noted = f"{noted[:one['end']]}{one['note']}{noted[one['end']:]}"
    return replace(memory, text=noted, detail={**memory.detail, TOLD: text, CHANGES: changes}, updated_at=at)


def _names(own: Sequence[Claim]) -> set[str]:
    return {name for claim in own for name in names(claim.text)}


def _note(found: Outdated, by: Memory, chinese: bool) -> str:
    said = told(by)
    dated = _DATE.search(said)
    whole = _PREFIX.sub("", _DATE.sub("", said).strip()).rstrip(".。 ")
    news = whole if len(whole) <= LONGEST else found.news
    day = dated[1] if dated and is_chinese(dated[1]) is chinese else _day(by.said_at, chinese) if by.said_at else ""
    return f"［{day}有变：{news}］" if chinese else f" [changed {day or 'later'}: {news}]"


def _day(said_at: int, chinese: bool) -> str:
    day = datetime.fromtimestamp(said_at / 1000, UTC)
    return f"{day.year}年{day.month}月{day.day}日" if chinese else f"{day.day} {day:%B %Y}"

