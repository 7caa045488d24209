"""Rules for Chinese: 昨天, 上个月5号, 下下周三晚上七点, 周五, 月底, 春节, 农历八月初三, 2023年5月7日."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from shared.language.calendar import (
    MONTHS_ZH,
    WEEKDAYS_ZH,
    Days,
    any_of,
    away,
    day,
    hour_of_day,
    month,
    nearest_year,
    number,
    shifted_month,
    week,
    written_date,
    year,
)
from shared.language.date_mention import ISO_DAY, Meant, Rule, clause_of
from shared.language.date_periods import PERIODS_ZH
from shared.language.lunar import lunar_day, new_years_eve

_COUNT_ZH = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|几)"
_DAY_WORDS_ZH = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "昨夜": -1,
    "後天": 2,
    "大後天": 3,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "今早": 0,
    "今晨": 0,
    "明天": 1,
    "明日": 1,
    "明晚": 1,
    "明早": 1,
    "后天": 2,
    "大后天": 3,
}
_STEP_ZH = {"上": -1, "这": 0, "這": 0, "本": 0, "下": 1}
_YEAR_WORDS_ZH = {
    "大前年": -3,
    "前年": -2,
    "去年": -1,
    "今年": 0,
    "明年": 1,
    "后年": 2,
    "後年": 2,
}
_CLOCK_ZH = (
    r"(?:的?(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚)?(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点|时)(?:钟)?"
    r"(?P<minute>半|一刻|三刻|\d{1,2}分?)?)?"
)


def meant(days: Days, match: re.Match[str] | None = None, to: str = "至") -> Meant:
    """What days mean, with how they are written. `to`: between the first and the last."""
    first, last = days.first, days.last
    if first == last:
        written = written_date(first, True)
    elif days == month(first.year, first.month):
        written = f"{first.year}年{first.month}月"
    elif days == year(first.year):
        written = f"{first.year}年"
    else:
        written = f"{written_date(first, True)}{to}{written_date(last, True)}"
    return Meant(days, f"（{written}{_clock(match)}）")


def _clock(match: re.Match[str] | None) -> str:
    """The time of day that stands behind a day, with the weekday: " 周三 19:00"; "" where
    none is said.
    """
    if match is None or not match.groupdict().get("hour"):
        return ""
    half = {"晚": "晚上", "清晨": "早上", "早晨": "早上"}.get(
        match["half"] or "", match["half"] or ("晚上" if "晚" in match[0] else "")
    )
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(
        match["minute"] or "", int(re.sub(r"\D", "", match["minute"] or "") or 0)
    )
    return f" {hour_of_day(number(match['hour']), half):02d}:{minute:02d}"


def _with_weekday(meant: Meant) -> Meant:
    days, said = meant
    if " " not in said:
        return meant
    return Meant(days, said.replace(" ", f" 周{_WEEK_ZH[days.first.weekday()]} ", 1))


_WEEK_ZH = "一二三四五六日"


def day_word(match: re.Match[str], today: date) -> Meant:
    """昨天, 明晚七点"""
    return _with_weekday(
        meant(day(today + timedelta(_DAY_WORDS_ZH[match["word"]])), match)
    )


def near_weekday(match: re.Match[str], today: date) -> Meant:
    """上周三, 下下周三晚上七点; 上周末 is two days."""
    monday = today - timedelta(today.weekday())
    weeks = _STEP_ZH[match["step"][0]] * len(match["step"]) if match["step"] else 0
    if match["day"] == "末":
        saturday = monday + timedelta(5 + 7 * weeks)
        return meant(Days(saturday, saturday + timedelta(1)), match)
    return _with_weekday(
        meant(day(monday + timedelta(WEEKDAYS_ZH[match["day"]] + 7 * weeks)), match)
    )


def near_unit(match: re.Match[str], today: date) -> Meant:
    """这周, 上个月, 上个月5号"""
    step = _STEP_ZH[match["step"][0]] * len(match["step"])
    if match["unit"] in ("周", "星期", "礼拜", "禮拜", "週"):
        return meant(week(today + timedelta(7 * step)))
    shifted = shifted_month(today, step)
    return (
        meant(day(shifted.first.replace(day=number(match["of_month"]))))
        if match["of_month"]
        else meant(shifted)
    )


def near_year(match: re.Match[str], today: date) -> Meant:
    """去年, 去年5月, 明年5月7日"""
    of = today.year + _YEAR_WORDS_ZH[match["word"]]
    if not match["month"]:
        return meant(year(of))
    named = _month(match["month"])
    return (
        meant(day(date(of, named, number(match["day"]))))
        if match["day"]
        else meant(month(of, named))
    )


def _month(text: str) -> int:
    return MONTHS_ZH.get(text) or number(text)


def time_away(match: re.Match[str], today: date) -> Meant | None:
    """三天前, 两周后; 几天前 names no day."""
    if match["count"] == "几":
        return None
    units = {
        "天": "day",
        "日": "day",
        "周": "week",
        "个星期": "week",
        "星期": "week",
        "个礼拜": "week",
        "個禮拜": "week",
        "個星期": "week",
        "個月": "month",
        "个月": "month",
        "年": "year",
    }
    count = number(match["count"]) * (
        -1 if match["side"] in ("前", "以前", "之前") else 1
    )
    return meant(away(count, units[match["unit"]], today))


def named_date(match: re.Match[str], today: date) -> Meant:
    """2023年5月7日, 5月7号, 5月"""
    of, named = int(match["year"] or 0), _month(match["month"])
    if match["day"]:
        of_month = number(match["day"])
        on = date(of or nearest_year(named, of_month, today), named, of_month)
        if not of and on < today and _TO_COME.search(clause_of(match, _ENDS)):
            on = on.replace(year=on.year + 1)
            return Meant(day(on), f"（{on.year}年）")
        return Meant(day(on))
    return Meant(month(of or today.year - (named > today.month), named))


def numbered_year(match: re.Match[str], today: date) -> Meant:
    """2019年"""
    return Meant(year(int(match[1])))


_PAST = re.compile(
    r"(?<![不得为除])了(?![解不])|(?<![不通经超])过(?![敏来去程年节期于分]|\w{0,4}(?:生日(?![会派聚])|[大整]?寿)"
    r"|满月|百日|百天|周岁|情人节|七夕|中秋|端午|元宵|春节|圣诞|元旦|六一|国庆|纪念日|周末|[寒暑]假|户)|刚|已经|曾|昨|上次"
    r"|(?:买|订|去|来|办|拍|搬|结婚|认识|做|送|收到?|拿到?|领|学|吃|考|见|装|换)的(?=[，,。！!？?\s]|$)"
    r"|没有?(?:[来去做吃买看见睡写交拿收接打说找赶]|上班|上课|出门|参加|回[家来去])"
)
"""Not 来不了, 为了, 了解, 过敏, 过年, 过生日; 双十一买的 tells when it was bought, 周一没来 that it is over
as 周五没课 does not.
"""
_NO_MORE = re.compile(
    r"(?:不(?:[成上动到起完下住着去回来了]|能|想|打算)?|没法|没办法)"
    r"(?:[去回来办开考结搬见做上聚]|参加|过来|回家|回去|聚会|上班|上课)?了(?![解])"
    r"|(?:取消|泡汤|作罢|告吹|黄)了"
)
"""What will not be: 国庆结不成了, 周三不上课了, 聚会取消了; no 不小心摔了."""
_NOT_FORGOTTEN = re.compile(
    r"(?:[别別勿]|不要|不能|不可以?)(?:再|又|让我|叫我)?忘(?:记|記)?了"
)
"""What is still to be done: 别忘了周五交房租."""
_AHEAD = re.compile(
    r"改到|改在|改成|推迟|延到|延期|提前到|定在|定于|约在|约了|安排|打算|计划|将|(?<![重主])要"
    r"|(?<![开聚约例周晚年机社班教协展酒宴工家司])(?<!生日)会(?![议员计场所客面])|之?前"
    r"|预计|预期|估计|争取|有望|[年月天周]之?后"
)
_USUALLY = re.compile(
    r"只(?:有|能|在|上)|每|(?<![成首古京故])都|总[是会要]|[经常]常|一般|通常|平时|固定|习惯|一直"
    r"|以后|从此|长期|轮休|休息日"
    r"|(?:课|訓練|训练|例会|周会|排练|合唱团?|瑜伽|健身|值班|晚班|早班)[^，。！？]{0,6}(?:改到|改成|改在|调到|换到)"
)
"""What is so every week: 以后只能周五在家办公, 周三是我的休息日, 瑜伽课改到周五."""
_TO_COME = re.compile(
    r"(?:别|別|不要|不能)(?:让我|叫我)?忘|提醒|記得|记得(?!那|上次|去年)|必须|必須|务必|截止|到期"
)
"""Words by which a clause certainly speaks of the future, whichever day is nearer."""
_ENDS = "，。！？；,.!?;\n"


def _is_over(match: re.Match[str]) -> bool:
    """Whether the clause tells of what has happened, and plans nothing."""
    clause = _NOT_FORGOTTEN.sub("", _NO_MORE.sub("", clause_of(match, _ENDS)))
    return bool(_PAST.search(clause)) and not _is_ahead(match)


def _is_ahead(match: re.Match[str]) -> bool:
    """Whether the clause tells of what is planned."""
    return bool(_AHEAD.search(_NO_MORE.sub("", clause_of(match, _ENDS))))


def bare_weekday(match: re.Match[str], today: date) -> Meant | None:
    """周五 alone is the one before where something has happened, else the one to come;
    several in a sentence are a timetable, and no days, nor is what is so every week.
    """
    sentence = clause_of(match, "。！？!?\n")
    is_timetable = len(set(_WEEKDAY_ZH.findall(sentence))) > 1
    if is_timetable or _USUALLY.search(clause_of(match, _ENDS)):
        return None
    wanted = WEEKDAYS_ZH[match["day"]]
    if _is_over(match):
        on = today - timedelta((today.weekday() - wanted - 1) % 7 + 1)
    else:
        on = today + timedelta((wanted - today.weekday()) % 7)
    return _with_weekday(meant(day(on), match))


_WEEKDAY_ZH = re.compile(r"(?:周|星期|礼拜|禮拜|週)([一二三四五六日天])")
_EDGES = {"初": "初", "底": "底", "末": "底", "中旬": "中旬"}


def edge_of_month(match: re.Match[str], today: date) -> Meant:
    """月底, 下个月初: the month, and which end of it."""
    step = _STEP_ZH[(match["step"] or "这")[0]] * len(match["step"] or "这")
    edge = _EDGES[match["edge"]]
    days = shifted_month(today, step)
    first, last = {"初": (1, 10), "中旬": (11, 20), "底": (21, days.last.day)}[edge]
    return Meant(
        Days(days.first.replace(day=first), days.first.replace(day=last)),
        f"（{days.first.year}年{days.first.month}月{edge}）",
    )


def edge_of_year(match: re.Match[str], today: date) -> Meant:
    """年底, 明年初: its last or first month."""
    of, edge = (
        today.year + _YEAR_WORDS_ZH[match["word"] or "今年"],
        _EDGES[match["edge"]],
    )
    return Meant(month(of, 1 if edge == "初" else 12), f"（{of}年{edge}）")


_FEASTS = {
    "元旦": (1, 1),
    "情人节": (2, 14),
    "妇女节": (3, 8),
    "劳动节": (5, 1),
    "五一": (5, 1),
    "儿童节": (6, 1),
    "六一": (6, 1),
    "教师节": (9, 10),
    "国庆": (10, 1),
    "国庆节": (10, 1),
    "十一假期": (10, 1),
    "双十一": (11, 11),
    "平安夜": (12, 24),
    "圣诞": (12, 25),
    "圣诞节": (12, 25),
}
_LUNAR_FEASTS = {
    "春节": (1, 1),
    "大年初一": (1, 1),
    "元宵": (1, 15),
    "元宵节": (1, 15),
    "端午": (5, 5),
    "端午节": (5, 5),
    "七夕": (7, 7),
    "七夕节": (7, 7),
    "中元节": (7, 15),
    "中秋": (8, 15),
    "中秋节": (8, 15),
    "重阳": (9, 9),
    "重阳节": (9, 9),
    "腊八": (12, 8),
    "腊八节": (12, 8),
}
SOON = 30
"""Days before a feast in which talk of it means the coming one, whatever has happened: 五一的机票太贵了."""
JUST_OVER = 21
"""Days after a feast in which talk of it means that one, unless something is planned: 我五一在敦煌带团,
said on 10 May.
"""

_NO_PLACE = r"(?!(?:新?村|[东西南北中]?[大一二三四]?(?:路|街|道)|大桥|广场|廣場|公园|公園|商场|商厦|小[区学]|中学|幼儿园|站))"
"""What is named after a feast is no day: 五一广场, 国庆路."""

_EVES = ("除夕", "大年三十", "年三十")
_EVE_NAMES = (
    r"除夕|大年三十|(?<![今去明前后每多])年三十(?![一二三四五六七八九十岁块元多个])"
)
"""今年三十 begins 三十岁 or 三十六岁."""


def feast_day(match: re.Match[str], today: date) -> Meant:
    """春节, 去年国庆, 除夕"""
    name = match["feast"]
    if name in _EVES:
        return _yearly(match, today, new_years_eve)
    if name in _LUNAR_FEASTS:
        return _yearly(match, today, lambda of: lunar_day(of, *_LUNAR_FEASTS[name]))
    return _yearly(match, today, lambda of: date(of, *_FEASTS[name]))


def _yearly(match: re.Match[str], today: date, falls: Callable[[int], date]) -> Meant:
    """The day that comes every year: of the year that is said, else the last one where
    something has happened or it is just over, else the next one.
    """
    if match["of_year"]:
        given = match["of_year"]
        return meant(
            day(
                falls(
                    today.year + _YEAR_WORDS_ZH[given]
                    if given in _YEAR_WORDS_ZH
                    else int(given[:4])
                )
            )
        )
    days = [falls(today.year + step) for step in (-1, 0, 1)]
    coming = min(on for on in days if on >= today)
    last = max(on for on in days if on <= today)
    is_just_over = (today - last).days <= JUST_OVER and not _is_ahead(match)
    is_over = _is_over(match) and (coming - today).days > SOON
    return meant(day(last if is_just_over or is_over else coming))


_TENS = {"初": 0, "十": 10, "廿": 20, "二十": 20}
_LUNAR_DAYS = {"初十": 10, "二十": 20, "三十": 30}
for _tens, _before in _TENS.items():
    for _place, _digit in enumerate("一二三四五六七八九", 1):
        _LUNAR_DAYS[f"{_tens}{_digit}"] = _before + _place
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def lunar_date(match: re.Match[str], today: date) -> Meant:
    """农历八月初三, 正月十五, 大年初二"""
    said = match["month"] or match["alone"] or match["begun"] or "正"
    named = _LUNAR_MONTHS.get(said) or _month(said)
    return _yearly(
        match, today, lambda of: lunar_day(of, named, _LUNAR_DAYS[match["day"]])
    )


_NUMBER_ZH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_OF_YEAR = rf"(?:(?P<of_year>{any_of(_YEAR_WORDS_ZH)}|\d{{4}}年)的?)?"
RULES: tuple[Rule, ...] = (
    ISO_DAY,
    *PERIODS_ZH,
    (
        re.compile(
            rf"{_OF_YEAR}(?P<feast>{any_of((*_FEASTS, *_LUNAR_FEASTS))}|{_EVE_NAMES}){_NO_PLACE}"
        ),
        feast_day,
    ),
    (
        re.compile(
            rf"{_OF_YEAR}(?:(?:农历|阴历)的?(?P<month>{_NUMBER_ZH}|正|冬|腊)月|(?P<alone>正|冬|腊)月|(?P<begun>{_NUMBER_ZH})月(?=初[一二三四五六七八九十]|廿)|大年)"
            rf"(?P<day>{any_of(_LUNAR_DAYS)})"
        ),
        lunar_date,
    ),
    (
        re.compile(
            rf"(?:(?P<word>{any_of(_YEAR_WORDS_ZH)})年?|(?<![0-9一二三四五六七八九十前去今明后])年)"
            r"(?P<edge>底|末|初(?![一二三四五六七八九十]))"
        ),
        edge_of_year,
    ),
    (
        re.compile(
            rf"(?P<word>{any_of(_YEAR_WORDS_ZH)})的?(?:(?P<month>{_NUMBER_ZH})月(?:(?P<day>{_NUMBER_ZH})[日号])?)?"
        ),
        near_year,
    ),
    (
        re.compile(
            rf"(?:(?P<year>\d{{4}})年)?(?<![个個])(?<!\d)(?P<month>{_NUMBER_ZH})月(?!前|后|以)(?:(?P<day>{_NUMBER_ZH})[日号])?"
        ),
        named_date,
    ),
    (re.compile(r"(?<!\d)((?:19|20)\d{2})年"), numbered_year),
    (re.compile(rf"(?P<word>{any_of(_DAY_WORDS_ZH)}){_CLOCK_ZH}"), day_word),
    (
        re.compile(
            r"(?P<step>上+|下+|这|這|本)?[个個]?月(?P<edge>底|末|初(?![一二三四五六七八九十])|中旬)"
        ),
        edge_of_month,
    ),
    (
        re.compile(
            rf"(?P<step>上+|(?<!一)下+|这|這|本)[个個]?(?:周|星期|礼拜|禮拜|週)(?P<day>[一二三四五六日天末]){_CLOCK_ZH}"
        ),
        near_weekday,
    ),
    (
        re.compile(
            rf"(?P<step>上+|(?<!一)下+|这|這|本)[个個]?(?P<unit>周|星期|礼拜|月)(?!末)(?:(?P<of_month>{_NUMBER_ZH})[日号])?"
        ),
        near_unit,
    ),
    (
        re.compile(
            rf"(?P<count>{_COUNT_ZH})(?P<unit>天|日|周|个星期|星期|个礼拜|個禮拜|個星期|个月|個月|年)(?:之|以)?(?P<side>前|后|後)"
        ),
        time_away,
    ),
    (
        re.compile(
            rf"(?<![个個])(?<![每逢上和、及])(?<!(?<!一)下)(?<![一二三四五六日天][到至])(?<![日号] )(?<![日号])(?:周|星期|礼拜|禮拜|週)(?P<day>[一二三四五六日天])"
            rf"(?![到至、和\-—~]){_CLOCK_ZH}"
        ),
        bare_weekday,
    ),
)
_OF_JAPANESE = (near_year, named_date, numbered_year)
JAPANESE_RULES: tuple[Rule, ...] = (
    ISO_DAY,
    *(rule for rule in RULES if rule[1] in _OF_JAPANESE),
)
"""Those that Japanese writes like Chinese: 5月7日, 来年5月."""
