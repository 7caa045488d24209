"""Notes on a memory of what has changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from shared.domain.memory import Memory, Type
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES
from shared.domain.scope import Scope
from shared.language.change_notes import with_news
from workers.pipeline.merge.annotations import annotated, annotated_by
from workers.pipeline.merge.bearings import Bearing
from workers.pipeline.merge.clauses import clauses


def memory(text: str, id: str = "old", said_at: int = 0) -> Memory:
    return Memory(id, Scope("p", "ann"), Type.WORKING, text, said_at=said_at)


OLD = memory("User: Rent is 940, internet 35, phone 20. (3 March 2025)")
RENT, INTERNET, PHONE = clauses(OLD.text)
NEW = memory("User: Rent is 1,020 now. (10 April 2025)", "new", 7)


def on(*outdated: tuple[int, int], said: str = "") -> Bearing:
    return Bearing(change=0.99, not_same=0.99, outdated=outdated, said=said)


def shown(old: Memory, *newer: Memory, zone: tzinfo = UTC) -> str:
    return with_news(old, {each.id: each for each in newer}, zone).text


def test_the_day_of_a_change_is_that_of_the_users_zone() -> None:
    evening = 1_746_835_200_000 + 17 * 3_600_000  # 10 May 2025, 17:00 in UTC
    by = replace(NEW, said_at=evening, text="The rent is 900 now")
    marked = annotated(OLD, on(RENT), by)
    assert "[changed 10 May 2025: " in shown(marked, by)
    assert "[changed 11 May 2025: " in shown(marked, by, zone=ZoneInfo("Asia/Shanghai"))


def test_the_day_of_what_was_changed_by_hand_is_that_of_the_edit() -> None:
    said, edited = 1_746_835_200_000, 1_749_600_000_000  # 10 May and 11 June 2025
    by = replace(NEW, said_at=said, valid_from=edited, text="The rent is 900 now")
    marked = annotated(OLD, on(RENT), by)
    assert "[changed 11 June 2025: The rent is 900 now]" in shown(marked, by)
    again = replace(by, said_at=edited, valid_from=said)  # it was said twice
    assert "[changed 11 June 2025: " in shown(marked, again)


def test_the_note_stands_behind_what_holds_no_more() -> None:
    marked = annotated(OLD, on(RENT), NEW)
    assert marked.text == OLD.text
    assert annotated_by(marked, "new") and not annotated_by(OLD, "new")
    assert shown(marked, NEW) == (
        "User: Rent is 940 [changed 10 April 2025: Rent is 1,020 now], internet 35,"
        " phone 20. (3 March 2025)"
    )


def test_of_several_clauses_it_stands_behind_the_last() -> None:
    assert "internet 35 [changed" in shown(annotated(OLD, on(RENT, INTERNET), NEW), NEW)


def test_it_stands_in_no_name_and_no_number() -> None:
    old = memory("The user works at 10 Baker St. in London. (3 March 2025)")
    new = memory("The user works in Leeds. (10 April 2025)", "new", 7)
    (span,) = clauses(old.text)
    assert shown(annotated(old, on(span), new), new) == (
        "The user works at 10 Baker St. in London [changed 10 April 2025: The user works"
        " in Leeds]. (3 March 2025)"
    )


def test_without_a_clause_it_stands_at_the_end() -> None:
    marked = annotated(memory("..."), on(), NEW)
    assert shown(marked, NEW).startswith("... [changed")
    assert shown(annotated(memory(""), on(), NEW), NEW).startswith(" [changed")


def test_notes_of_several_memories_stand_beside_each_other() -> None:
    other = memory("Phone is 25 now.", "other", 8)
    marked = annotated(annotated(OLD, on(RENT), NEW), on(PHONE), other)
    assert [note["by"] for note in marked.detail[CHANGES]] == ["new", "other"]
    assert shown(marked, NEW, other).count("[changed") == 2


def test_of_a_long_newer_memory_its_telling_sentence_is_quoted() -> None:
    chatter = "We talked for a long time about gardens, boats and the weather. " * 3
    long = memory(f"{chatter}The rent is 1,020 now. Then we left.", "long", 7)
    text = shown(annotated(OLD, on(RENT), long), long)
    assert "The rent is 1,020 now" in text and "gardens" not in text


def test_the_sentence_that_was_found_is_quoted_and_no_question() -> None:
    asked = "(Does the new lease change the rent, the internet and the phone at all?) "
    chatter = "We talked for a long time about gardens and boats. " * 3
    long = memory(f"User: {asked}{chatter}It goes up by 80.", "long", 7)
    text = shown(annotated(OLD, on(RENT, said="It goes up by 80."), long), long)
    assert "It goes up by 80.]" in text and "lease" not in text
    text = shown(annotated(OLD, on(RENT), long), long)
    assert "lease" not in text


def test_a_likely_change_is_told_as_said_later_and_hides_no_sure_one() -> None:
    later = memory("The landlord wrote about the rent again.", "later", 8)
    noted = annotated(OLD, on(RENT), later, LIKELY_CHANGES)
    told = "[later, 1 January 1970: The landlord wrote about the rent again]"
    assert f"Rent is 940 {told}, internet" in shown(noted, later)
    marked = annotated(noted, on(RENT), NEW)
    assert "[changed" in shown(marked, NEW, later)
    assert "[later" not in shown(marked, NEW, later)
    assert "[later" in shown(marked, later)  # the sure one was deleted
