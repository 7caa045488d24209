"""Dates: what a chat_time means, which days a text speaks of, and that writing them in
is done once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.chat_time import parse_chat_time
from shared.language.dates import mentioned, resolve

MONDAY = datetime(2023, 5, 8, 13, 56, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-09-12 08:00:00", "2025-09-12T08:00:00+08:00"),
        ("2025-09-12 08:00:00.123", "2025-09-12T08:00:00.123000+08:00"),
        ("2025/09/12 08:00", "2025-09-12T08:00:00+08:00"),
        ("2023-05-08T10:00:00Z", "2023-05-08T10:00:00+00:00"),
        ("09:44 AM on 10 December, 2025 UTC", "2025-12-10T09:44:00+00:00"),
        ("1:56 pm on 8 May, 2023", "2023-05-08T13:56:00+08:00"),
        ("12:05 am on 1 Jan, 2024", "2024-01-01T00:05:00+08:00"),
        ("May 8, 2023", "2023-05-08T00:00:00+08:00"),
        ("10.12.2025", "2025-12-10T00:00:00+08:00"),
        ("13.12.2025", "2025-12-13T00:00:00+08:00"),
        ("1. 2. 2025", "2025-02-01T00:00:00+08:00"),
        ("10.12.25, 9:30 pm", "2025-12-10T21:30:00+08:00"),
        ("10.12.2025 14:30:05", "2025-12-10T14:30:05+08:00"),
        ("10.12.2025 14.30", "2025-12-10T14:30:00+08:00"),
        ("10.12.2025 14:30 UTC", "2025-12-10T14:30:00+00:00"),
        ("14:30, 10.12.2025.", "2025-12-10T14:30:00+08:00"),
        ("2025.12.10 14:30", "2025-12-10T14:30:00+08:00"),
        ("10/12/2025", "2025-10-12T00:00:00+08:00"),
        ("1699999999", "2023-11-14T22:13:19+00:00"),
        ("1699999999000", "2023-11-14T22:13:19+00:00"),
        ("2024年04月01日 周一 08:06", "2024-04-01T08:06:00+08:00"),
        ("2024年5月1日 星期三 晚上8点30分", "2024-05-01T20:30:00+08:00"),
        ("2024年5月1日", "2024-05-01T00:00:00+08:00"),
    ],
)
def test_times_are_read_as_clients_write_them(text: str, moment: str) -> None:
    assert parse_chat_time(text, "Asia/Shanghai") == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    ["", "garbage", "soon", "2023-99-99", "你好", "12.13.2025", "31.2.2025 14:30"],
)
def test_what_names_no_time_is_none(text: str) -> None:
    assert parse_chat_time(text) is None


@pytest.mark.parametrize(
    ("said", "resolved"),
    [
        ("I went yesterday.", "I went yesterday (7 May 2023)."),
        ("Last Friday was fun", "Last Friday (5 May 2023) was fun"),
        ("We camped last week", "We camped last week (the week before 8 May 2023)"),
        ("two weekends ago", "two weekends ago (29-30 April 2023)"),
        ("last May", "last May (May 2022)"),
        ("I painted it last year", "I painted it last year (2022)"),
        ("3 years ago", "3 years ago (2020)"),
        ("next month!", "next month (June 2023)!"),
        ("in two weeks", "in two weeks (22-28 May 2023)"),
        (
            "this Friday or next Friday",
            "this Friday (12 May 2023) or next Friday (19 May 2023)",
        ),
        ("昨天去了", "昨天（2023年5月7日）去了"),
        ("下下周三晚上七点开会", "下下周三晚上七点（2023年5月24日 周三 19:00）开会"),
        ("今晚8点半", "今晚8点半（2023年5月8日 周一 20:30）"),
        ("去年五月", "去年五月（2022年5月）"),
        ("上个月5号", "上个月5号（2023年4月5日）"),
        ("三天前", "三天前（2023年5月5日）"),
        ("大前天和大后天", "大前天（2023年5月5日）和大后天（2023年5月11日）"),
        ("这周末", "这周末（2023年5月13日至2023年5月14日）"),
        ("I am 12 years old and may go.", "I am 12 years old and may go."),
        ("On 3 June 2023", "On 3 June 2023"),
        ("2023年5月7日", "2023年5月7日"),
        ("a few days ago", "a few days ago"),
    ],
)
def test_relative_dates_are_written_into_the_text(said: str, resolved: str) -> None:
    assert resolve(said, MONDAY) == resolved
    assert resolve(resolved, MONDAY) == resolved


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ("What did I do last May?", (date(2022, 5, 1), date(2022, 5, 31))),
        ("on 3 June 2023", (date(2023, 6, 3), date(2023, 6, 3))),
        ("June 3rd", (date(2023, 6, 3), date(2023, 6, 3))),
        ("in December", (date(2022, 12, 1), date(2022, 12, 31))),
        ("in 2020", (date(2020, 1, 1), date(2020, 12, 31))),
        ("2022-03-04", (date(2022, 3, 4), date(2022, 3, 4))),
        ("去年五月我做了什么", (date(2022, 5, 1), date(2022, 5, 31))),
        ("12月15日", (date(2022, 12, 15), date(2022, 12, 15))),
    ],
)
def test_questions_name_days(asked: str, days: tuple[date, date]) -> None:
    assert mentioned(asked, MONDAY) == [days]


@given(
    st.text(
        alphabet="昨今明天上下周一月日号年前后0123456789 lastnexwkdyago()（）",
        max_size=40,
    ),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
)
def test_resolving_never_fails_and_twice_is_once(text: str, moment: datetime) -> None:
    once = resolve(text, moment)
    assert resolve(once, moment) == once


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("I saw her thıs frıday", "I saw her this friday"),
        ("12 APRİL 2025", "12 April 2025"),
        ("We met laſt week", "We met last week"),
        ("on 3 Auguſt", "on 3 August"),
        ("at Chriſtmas, ", "at Christmas, "),
        ("from 12 to 14 AUGUſT", "from 12 to 14 August"),
        ("nıne days ago", "nine days ago"),
    ],
)
def test_other_letters_for_i_and_s_name_the_same_days(text: str, plain: str) -> None:
    assert mentioned(text, MONDAY) == mentioned(plain, MONDAY) != []
    assert resolve(text, MONDAY).startswith(text.rstrip(", "))


def test_times_are_read_with_other_letters_for_i_and_s() -> None:
    assert parse_chat_time("12 Aprıl 2025 10:00") == datetime(
        2025, 4, 12, 10, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:59:59.9999999Z",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59-08:00",
        "2025年1月1日" + " " * 100 + "z",
    ],
)
def test_what_no_clock_shows_is_no_time(text: str) -> None:
    assert parse_chat_time(text, "Asia/Shanghai") is None


@given(st.text("ıİſK thisfrdaynexwkugob0123456789:.年月日 ", max_size=40))
def test_no_text_is_too_odd_for_its_days(text: str) -> None:
    mentioned(text, MONDAY)
    parse_chat_time(text)
