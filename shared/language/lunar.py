"""The Chinese lunar calendar, for the days that talk names by it: 春节, 正月十五, 农历八月初三.

Months begin at new moons and every second or third year holds a thirteenth one, so the calendar is a table. It was printed from ICU's
Chinese calendar (CLDR `chinese`), 2000 to 2060.
"""

from __future__ import annotations

from datetime import date, timedelta

FIRST_YEAR = 2000
_YEARS = (
    (35, 0, 0x0693), (23, 4, 0x152b), (42, 0, 0x052b), (31, 0, 0x0a5b), (21, 2, 0x155a), (39, 0, 0x056a),
    (28, 7, 0x1b55), (48, 0, 0x0ba4), (37, 0, 0x0b49), (25, 5, 0x1a93), (44, 0, 0x0a95), (33, 0, 0x052d),
    (22, 4, 0x0a6d), (40, 0, 0x0ab5), (30, 9, 0x15aa), (49, 0, 0x05d2), (38, 0, 0x0da5), (27, 6, 0x1d4a),
    (46, 0, 0x0e4a), (35, 0, 0x0c95), (24, 4, 0x152e), (42, 0, 0x0556), (31, 0, 0x0ab5), (21, 2, 0x15b2),
    (40, 0, 0x06d2), (28, 6, 0x0ea5), (47, 0, 0x0f25), (37, 0, 0x064a), (25, 5, 0x0c97), (43, 0, 0x04ab),
    (32, 0, 0x055b), (22, 3, 0x0ad6), (41, 0, 0x0b69), (30, 11, 0x1752), (49, 0, 0x0b52), (38, 0, 0x0b25),
    (27, 6, 0x1a4b), (45, 0, 0x0a4b), (34, 0, 0x04ab), (23, 5, 0x055b), (42, 0, 0x05ad), (31, 0, 0x0b6a),
    (21, 2, 0x1b52), (40, 0, 0x0d92), (29, 7, 0x1d25), (47, 0, 0x0d25), (36, 0, 0x0a55), (25, 5, 0x14ad),
    (44, 0, 0x04b6), (32, 0, 0x05b5), (22, 3, 0x0daa), (41, 0, 0x0ec9), (31, 8, 0x1e92), (49, 0, 0x0e92),
    (38, 0, 0x0d26), (27, 6, 0x0a56), (45, 0, 0x0a57), (34, 0, 0x04d6), (23, 4, 0x06d5), (42, 0, 0x0755),
    (32, 0, 0x0749),
)
"""Of each year: days from 1 January to its first day, the month that comes twice (0: none), which of its months have 30 days (bit 0: the first)."""


def lunar_day(year: int, month: int, of_month: int) -> date:
    """The day of a lunar year, month (1 to 12) and day; of a month that comes twice the first. Raises ValueError where there is none."""
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
