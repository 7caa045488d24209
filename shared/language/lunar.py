"""The Chinese lunar calendar, for the days that talk names by it: 春节, 正月十五, 农历八月初三.

Months begin at new moons and every second or third year holds a thirteenth one, so the
calendar is a table. It was printed from ICU's Chinese calendar (CLDR `chinese`), 2000
to 2060, but for the new moon of 6 February 2027, four minutes before midnight in China,
which ICU puts on the 7th.
"""

from __future__ import annotations

from datetime import date, timedelta

FIRST_YEAR = 2000
_YEARS = (
    (35, 0, 0x0693),
    (23, 4, 0x152B),
    (42, 0, 0x052B),
    (31, 0, 0x0A5B),
    (21, 2, 0x155A),
    (39, 0, 0x056A),
    (28, 7, 0x1B55),
    (48, 0, 0x0BA4),
    (37, 0, 0x0B49),
    (25, 5, 0x1A93),
    (44, 0, 0x0A95),
    (33, 0, 0x052D),
    (22, 4, 0x0A6D),
    (40, 0, 0x0AB5),
    (30, 9, 0x15AA),
    (49, 0, 0x05D2),
    (38, 0, 0x0DA5),
    (27, 6, 0x1D4A),
    (46, 0, 0x0E4A),
    (35, 0, 0x0C95),
    (24, 4, 0x152E),
    (42, 0, 0x0556),
    (31, 0, 0x0AB5),
    (21, 2, 0x15B2),
    (40, 0, 0x06D2),
    (28, 6, 0x0EA5),
    (47, 0, 0x0725),
    (36, 0, 0x064B),
    (25, 5, 0x0C97),
    (43, 0, 0x04AB),
    (32, 0, 0x055B),
    (22, 3, 0x0AD6),
    (41, 0, 0x0B69),
    (30, 11, 0x1752),
    (49, 0, 0x0B52),
    (38, 0, 0x0B25),
    (27, 6, 0x1A4B),
    (45, 0, 0x0A4B),
    (34, 0, 0x04AB),
    (23, 5, 0x055B),
    (42, 0, 0x05AD),
    (31, 0, 0x0B6A),
    (21, 2, 0x1B52),
    (40, 0, 0x0D92),
    (29, 7, 0x1D25),
    (47, 0, 0x0D25),
    (36, 0, 0x0A55),
    (25, 5, 0x14AD),
    (44, 0, 0x04B6),
    (32, 0, 0x05B5),
    (22, 3, 0x0DAA),
    (41, 0, 0x0EC9),
    (31, 8, 0x1E92),
    (49, 0, 0x0E92),
    (38, 0, 0x0D26),
    (27, 6, 0x0A56),
    (45, 0, 0x0A57),
    (34, 0, 0x04D6),
    (23, 4, 0x06D5),
    (42, 0, 0x0755),
    (32, 0, 0x0749),
)
"""Of each year: days from 1 January to its first day, the month that comes twice (0:
none), which of its months have 30 days (bit 0: the first).
"""


def lunar_day(year: int, month: int, of_month: int) -> date:
    """The day of a lunar year, month (1 to 12) and day; of a month that comes twice the
    first. Raises ValueError where there is none.
    """
    if not FIRST_YEAR <= year < FIRST_YEAR + len(_YEARS) or not 1 <= month <= 12:
        raise ValueError(f"the lunar month {year}-{month} is not in the table")
    start, twice, long_months = _YEARS[year - FIRST_YEAR]
    place = month - 1 + (0 < twice < month)
    lengths = [29 + (long_months >> number & 1) for number in range(place + 1)]
    if not 1 <= of_month <= lengths[place]:
        raise ValueError(f"the lunar month {year}-{month} has {lengths[place]} days")
    return date(year, 1, 1) + timedelta(start + sum(lengths[:place]) + of_month - 1)


def new_years_eve(year: int) -> date:
    """The last day before a lunar year (除夕)."""
    return lunar_day(year, 1, 1) - timedelta(1)
