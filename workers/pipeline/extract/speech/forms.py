"""Forms, questionnaires and tables: every value stays with its label, every answer with
its question, since neither says anything alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from shared.language.sentences import ANSWER_LABEL, is_question, labelled
from shared.language.words import is_chinese

LONGEST_ANSWER = 60
"""Characters of an answer in a questionnaire; Chinese ones count thrice."""
FEWEST = 2
"""Pairs of question and answer, or of label and value, that make a form."""
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_MARK = re.compile(r"\*\*|__|`")
_INLINE = re.compile(
    r"^(?P<question>[^?？\n]{2,120}[?？])\s*(?P<answer>[^?？\s–—][^?？\n]*)$"
)


def is_form(text: str) -> bool:
    """Whether most lines of a text are a label with its value."""
    lines = [line for line in text.splitlines() if line.strip()]
    rows = [line for line in lines if labelled(line)]
    return len(rows) >= FEWEST and 2 * len(rows) > len(lines)


def readable(text: str) -> str:
    """The text with a line for each row of a table, its headings beside its cells, and
    with each question of a questionnaire on the line of its answer.
    """
    return _with_answers(_with_rows(text))


def _with_rows(text: str) -> str:
    lines = text.split("\n")
    out: list[str] = []
    number = 0
    while number < len(lines):
        is_table = number + 1 < len(lines) and _is_heading(
            lines[number], lines[number + 1]
        )
        if not is_table:
            out.append(lines[number])
            number += 1
            continue
        head, number = _cells(lines[number]), number + 2
        while number < len(lines) and "|" in lines[number]:
            out.append(_row(head, _cells(lines[number])))
            number += 1
    return "\n".join(out)


def _is_heading(line: str, below: str) -> bool:
    return "|" in line and "|" in below and bool(_RULE.match(below))


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [_MARK.sub("", cell).strip() for cell in re.split(r"(?<!\\)\|", inner)]


def _row(head: Sequence[str], cells: Sequence[str]) -> str:
    """ "Day: Monday; Plan: legs"; where the first column has no heading, its cell is one."""
    colon, semicolon = ("：", "；") if is_chinese("".join(cells)) else (": ", "; ")
    first, rest = "", list(zip(head, cells, strict=False))
    if head and not head[0] and len(cells) > 1:
        first, rest = cells[0] + colon, rest[1:]
    pairs = [f"{label}{colon}{cell}" if label else cell for label, cell in rest if cell]
    return first + semicolon.join(pairs)


def _with_answers(text: str) -> str:
    """A questionnaire without labels gets a dash between question and answer."""
    lines = text.split("\n")
    inline = [number for number, line in enumerate(lines) if _INLINE.match(line)]
    below = list(_answered_below(lines))
    if len(inline) >= FEWEST:
        for number in inline:
            lines[number] = _INLINE.sub(_dashed, lines[number])
    elif len(below) >= FEWEST:
        for number in reversed(below):
            lines[number : number + 2] = [_with_dash(*lines[number : number + 2])]
    return "\n".join(lines)


def _answered_below(lines: Sequence[str]) -> Iterator[int]:
    """The lines that ask what the next one answers shortly."""
    for number, (line, answer) in enumerate(pairwise(lines)):
        is_answer = answer.strip() and not is_question(answer) and _size(answer)
        is_labelled = ANSWER_LABEL.match(answer) or labelled(answer)
        if is_question(line) and is_answer and not is_labelled:
            yield number


def _size(answer: str) -> bool:
    width = 3 if is_chinese(answer) else 1
    return width * len(answer) <= LONGEST_ANSWER


def _dashed(match: re.Match[str]) -> str:
    return _with_dash(match["question"], match["answer"])


def _with_dash(question: str, answer: str) -> str:
    space = "" if is_chinese(question) else " "
    return f"{question.rstrip()}{space}–{space}{answer.strip()}"
