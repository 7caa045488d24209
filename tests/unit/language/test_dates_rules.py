"""Dates that people name without a number: weekdays alone, feasts, the ends of months,
the lunar calendar; two scripts and two languages.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shared.language.dates import resolve
from shared.language.lunar import lunar_day, new_years_eve

WEDNESDAY = datetime(2025, 6, 18, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "resolved"),
    [
        (
            "The parcel arrived on Monday.",
            "The parcel arrived on Monday (16 June 2025).",
        ),
        ("We have guests on Saturday.", "We have guests on Saturday (21 June 2025)."),
        ("I swim on Mondays.", "I swim on Mondays."),
        ("Open from Monday to Friday.", "Open from Monday to Friday."),
        ("Last Christmas I was ill.", "Last Christmas (25 December 2024) I was ill."),
        (
            "We leave on New Year's Eve.",
            "We leave on New Year's Eve (31 December 2025).",
        ),
        ("She bought a Christmas tree.", "She bought a Christmas tree."),
        (
            "It ends at the end of next month.",
            "It ends at the end of next month (July 2025).",
        ),
        ("today's meeting was long", "today's (18 June 2025) meeting was long"),
        ("The shop closes on 3 January", "The shop closes on 3 January"),
        ("We met on 24 December.", "We met on 24 December (2024)."),
        ("审核预计周五能过", "审核预计周五（2025年6月20日）能过"),
        ("周五下午三点开会", "周五下午三点（2025年6月20日 周五 15:00）开会"),
        ("周一看了电影", "周一（2025年6月16日）看了电影"),
        (
            "会议改到周五上午十点了",
            "会议改到周五上午十点（2025年6月20日 周五 10:00）了",
        ),
        ("瑜伽课改到周五", "瑜伽课改到周五"),
        ("每周三上课，周一到周五上班", "每周三上课，周一到周五上班"),
        ("月底搬家", "月底（2025年6月底）搬家"),
        ("去年年底结婚了", "去年年底（2024年底）结婚了"),
        ("春节回老家", "春节（2026年2月17日）回老家"),
        ("双十一买的", "双十一（2024年11月11日）买的"),
        ("毎週日曜に会いに行ってる", "毎週日曜に会いに行ってる"),
        ("月末に払う", "月末に払う"),
        ("我明天去猫の咖啡馆", "我明天（2025年6月19日）去猫の咖啡馆"),
        (
            "明天去看《となりのトトロ》",
            "明天（2025年6月19日）去看《となりのトトロ》",
        ),
        (
            "先週、番台で眠ったまま逝った",
            "先週（2025年6月9日〜2025年6月15日）、番台で眠ったまま逝った",
        ),
        ("来年5月に引っ越す", "来年（2026年）5月に引っ越す"),
        ("国庆结不成了", "国庆（2025年10月1日）结不成了"),
        ("国庆不回家了", "国庆（2025年10月1日）不回家了"),
        ("中秋聚会取消了", "中秋（2025年10月6日）聚会取消了"),
        ("周一来不了了", "周一（2025年6月23日）来不了了"),
        ("周二不小心摔了", "周二（2025年6月17日）不小心摔了"),
        ("周一没来开会", "周一（2025年6月16日）没来开会"),
        ("周五没课", "周五（2025年6月20日）没课"),
        ("双十一要买的东西", "双十一（2025年11月11日）要买的东西"),
        ("总结一下周五的会", "总结一下周五（2025年6月20日）的会"),
        ("公司又改了，只能周五在家了", "公司又改了，只能周五在家了"),
        ("我周五去成都出差", "我周五（2025年6月20日）去成都出差"),
        ("周三是我的休息日", "周三是我的休息日"),
        ("我周日通常去爬山", "我周日通常去爬山"),
        ("别忘了周五交房租", "别忘了周五（2025年6月20日）交房租"),
        ("千万不要忘记了周五接孩子", "千万不要忘记了周五（2025年6月20日）接孩子"),
        (
            "别忘了提醒我周五交房租，房租是3200",
            "别忘了提醒我周五（2025年6月20日）交房租，房租是3200",
        ),
        ("我忘了周一交作业", "我忘了周一（2025年6月16日）交作业"),
        ("别忘了周一他来过", "别忘了周一（2025年6月16日）他来过"),
        ("周日我爸过生日", "周日（2025年6月22日）我爸过生日"),
        ("周日给奶奶过八十大寿", "周日（2025年6月22日）给奶奶过八十大寿"),
        ("周一给我爸过了生日", "周一（2025年6月16日）给我爸过了生日"),
        ("周一我去过生日会", "周一（2025年6月16日）我去过生日会"),
        ("我周五去不了", "我周五（2025年6月20日）去不了"),
        ("去年中秋节在家", "去年中秋节（2024年9月17日）在家"),
        ("除夕那天他喝醉了", "除夕（2025年1月28日）那天他喝醉了"),
        ("正月十五之前回来", "正月十五（2026年3月3日）之前回来"),
        ("农历八月初三是我生日", "农历八月初三（2025年9月24日）是我生日"),
        (
            "我上個月搬家，下週三開會",
            "我上個月（2025年5月）搬家，下週三（2025年6月25日）開會",
        ),
        (
            "老王 wants it 明天之前, next Friday is too late",
            "老王 wants it 明天（2025年6月19日）之前, next Friday (27 June 2025) is too late",
        ),
    ],
)
def test_days_are_named_and_naming_them_twice_changes_nothing(
    said: str, resolved: str
) -> None:
    assert resolve(said, WEDNESDAY) == resolved
    assert resolve(resolved, WEDNESDAY) == resolved


@pytest.mark.parametrize(
    ("said", "resolved"),
    [
        ("我端午在敦煌带团，晒成炭", "我端午（2025年5月31日）在敦煌带团，晒成炭"),
        ("端午打算再去一趟", "端午（2026年6月19日）打算再去一趟"),
        ("国庆在家躺着", "国庆（2025年10月1日）在家躺着"),
    ],
)
def test_a_feast_that_is_just_over_is_meant_unless_one_is_planned(
    said: str, resolved: str
) -> None:
    assert resolve(said, WEDNESDAY) == resolved


@pytest.mark.parametrize(
    "said",
    [
        "在腾讯做了十年后端开发",
        "做了三年前端，干了两年後端",
        "我后天性耳聋",
        "这是后天养成的习惯",
        "当了十天后勤",
        "踢过两年后卫",
        "帮厨三年后厨",
        "那是两年前妻的车",
        "以前天天加班",
        "饭后天天散步",
        "以后天气都报摄氏",
        "婚后年薪三十万",
        "这周边的餐厅",
        "两周一次例会",
        "一周三天去健身",
        "每斤二十五一位",
        "垃圾周一三五我倒",
        "我在看今日头条",
        "搬到五一广场边上了",
        "国庆路口那家店关了",
        "我住六一小区",
    ],
)
def test_what_is_part_of_a_chinese_word_is_no_date(said: str) -> None:
    assert resolve(said, WEDNESDAY) == said


@pytest.mark.parametrize(
    ("said", "resolved"),
    [
        ("两年前台湾很热", "两年前（2023年）台湾很热"),
        ("三年后端午节办婚礼", "三年后（2028年）端午节（2026年6月19日）办婚礼"),
        ("前天下楼梯摔了", "前天（2025年6月16日）下楼梯摔了"),
        ("我后天才到", "我后天（2025年6月20日）才到"),
        ("从今天起休假", "从今天（2025年6月18日）起休假"),
        ("我下周转去儿科", "我下周（2025年6月23日至2025年6月29日）转去儿科"),
        ("医生说明年二月拆钉", "医生说明年二月（2026年2月）拆钉"),
        ("帮我理一下下个月的账", "帮我理一下下个月（2025年7月）的账"),
        ("今早就我自己", "今早（2025年6月18日）就我自己"),
    ],
)
def test_what_stands_beside_a_chinese_word_is_a_date(said: str, resolved: str) -> None:
    assert resolve(said, WEDNESDAY) == resolved


@pytest.mark.parametrize(
    ("year", "month", "day", "is_on"),
    [
        (2000, 1, 1, "2000-02-05"),
        (2024, 1, 1, "2024-02-10"),
        (2025, 1, 1, "2025-01-29"),
        (2026, 1, 1, "2026-02-17"),
        (2023, 8, 15, "2023-09-29"),
        (2025, 5, 5, "2025-05-31"),
        (2025, 8, 15, "2025-10-06"),
        (2033, 12, 8, "2034-01-27"),
        (2060, 1, 1, "2060-02-02"),
    ],
)
def test_the_lunar_calendar_is_that_of_the_almanac(
    year: int, month: int, day: int, is_on: str
) -> None:
    assert lunar_day(year, month, day) == date.fromisoformat(is_on)


def test_a_lunar_day_that_there_is_not_is_refused() -> None:
    assert new_years_eve(2026) == date(2026, 2, 16)
    for wrong in (
        (1999, 1, 1),
        (2061, 1, 1),
        (2025, 13, 1),
        (2025, 2, 30),
        (2025, 1, 0),
    ):
        with pytest.raises(ValueError, match="lunar month"):
            lunar_day(*wrong)


TUESDAY = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "resolved"),
    [
        (
            "The invoice is due Thursday.",
            "The invoice is due Thursday (12 March 2026).",
        ),
        ("Vet Friday 9.30", "Vet Friday (13 March 2026) 9.30"),
        (
            "My viva got moved to Monday.",
            "My viva got moved to Monday (16 March 2026).",
        ),
        ("See you Sunday!", "See you Sunday (15 March 2026)!"),
        ("Lunch with Bo on Fri", "Lunch with Bo on Fri (13 March 2026)"),
        ("Flight Sat 14:20", "Flight Sat (14 March 2026) 14:20"),
        ("Haircut tmrw 9am", "Haircut tmrw (11 March 2026) 9am"),
        ("I swam 2k on Sunday", "I swam 2k on Sunday (8 March 2026)"),
        ("She taught us on Monday", "She taught us on Monday (9 March 2026)"),
        ("I got paid Friday", "I got paid Friday (6 March 2026)"),
        (
            "I need to ring them on Friday.",
            "I need to ring them on Friday (13 March 2026).",
        ),
        (
            "He said he'll come on Friday.",
            "He said he'll come on Friday (13 March 2026).",
        ),
        (
            "I've got the dentist on Friday.",
            "I've got the dentist on Friday (13 March 2026).",
        ),
        ("She's coming Saturday", "She's coming Saturday (14 March 2026)"),
        ("I won't be in on Thursday", "I won't be in on Thursday (12 March 2026)"),
        ("Party this coming Sunday", "Party this coming Sunday (15 March 2026)"),
        (
            "The ball is on Saturday week",
            "The ball is on Saturday week (21 March 2026)",
        ),
        (
            "We sail the weekend after next",
            "We sail the weekend after next (28-29 March 2026)",
        ),
        ("It's back in a fortnight", "It's back in a fortnight (23-29 March 2026)"),
        (
            "I'm off in a week and a half",
            "I'm off in a week and a half (20-21 March 2026)",
        ),
        ("Half a year ago I quit", "Half a year ago (September 2025) I quit"),
        ("The wedding is a week today", "The wedding is a week today (17 March 2026)"),
        ("Party on the 28th", "Party on the 28th (28 March 2026)"),
        ("We met on the 4th", "We met on the 4th (4 March 2026)"),
        (
            "I'm away from the 3rd to the 9th",
            "I'm away from the 3rd to the 9th (3-9 April 2026)",
        ),
    ],
)
def test_days_of_english_notes_are_named(said: str, resolved: str) -> None:
    assert resolve(said, TUESDAY) == resolved
    assert resolve(resolved, TUESDAY) == resolved


@pytest.mark.parametrize(
    "said",
    [
        "My day off is Tuesday.",
        "I usually swim on Sunday.",
        "I work Monday to Friday.",
        "Yoga Monday 6pm, pilates Thursday 7pm",
        "Sunday roast is the best.",
        "Good Friday we fast.",
        "We sat on the bench in the sun.",
        "I live on the 2nd floor.",
        "Rent is due on the 1st.",
        "I booked us in on Friday",
        "Thanks for Friday.",
        "The Friday before was odd.",
        "They let them go on the 25th in the end",
        "Choir practice was moved to Thursday",
        "Deploy window got moved to Wednesday",
        "My gym sessions are on Tuesday",
    ],
)
def test_what_names_no_certain_day_in_english_is_left_alone(said: str) -> None:
    assert resolve(said, TUESDAY) == said


@pytest.mark.parametrize(
    ("said", "resolved"),
    [
        (
            "we're moving the wedding from Sept 12 to Sept 19 cause the venue flooded",
            "we're moving the wedding from Sept 12 to Sept 19 cause the venue flooded",
        ),
        ("The trip moved to October 4", "The trip moved to October 4"),
        ("I was born on Sept 12", "I was born on Sept 12"),
        ("the concert is on Sept 12", "the concert is on Sept 12"),
        ("Sept 12, nothing yet", "Sept 12, nothing yet"),
        ("we got married on Sept 12", "we got married on Sept 12 (2025)"),
        ("Dec 3, nothing yet", "Dec 3 (2025), nothing yet"),
        ("my knee is getting scoped on Nov 4", "my knee is getting scoped on Nov 4"),
        ("I'm having my knee scoped on Nov 4", "I'm having my knee scoped on Nov 4"),
        ("I had my knee scoped on Nov 4", "I had my knee scoped on Nov 4 (2025)"),
    ],
)
def test_a_year_is_written_beside_a_day_only_where_it_is_certain(
    said: str, resolved: str
) -> None:
    assert resolve(said, datetime(2026, 3, 2, 10, tzinfo=UTC)) == resolved
