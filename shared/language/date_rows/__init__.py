"""Relative dates, a file a language. `shared.language.date_tables` reads them.

Sections of words: [weekday] and [count] and [unit], a value and a pattern a line; [over],
[ahead] and [usual], patterns by which a clause tells of what is past, still comes, or is
so every week or was put on another day. [rows], with tabs between: a meaning, a pattern,
an example, what it means when said on Tuesday 10 March 2026 ("first..last", or a day),
and a counter-example.
"""
