"""Whether a tool's result in words tells that it failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from workers.pipeline.extract.tools.failure_phrases import failure_phrases
from workers.pipeline.extract.tools.result_patterns import (
    BOLD,
    BRACKETED,
    CLAUSE,
    COUNT_AFTER,
    COUNT_BEFORE,
    COUNTED_BEFORE,
    DECORATION,
    ERROR_CODE,
    EXCEPTION,
    EXIT_CODE,
    FRAME,
    LISTING,
    NAMED_STATUS,
    QUOTES,
    SEE,
    SENTENCE_END,
    STATUS_INSIDE,
    STATUS_LINE,
    TRACE,
)

HEAD = 300
"""Characters in which a text says at once that it is about a failure."""
SHORT = 200
"""Characters of a text that is read whole, not only its first sentence."""
LONGEST_REFUSAL = 100
"""Characters of a sentence by which a tool that reads says that it could not."""
LAST_LINES = 3
"""Lines at the end of an output in which a command says that it failed."""
MOST_WORDS_BEFORE = 3
"""Words that may stand before a label ("Remote server error: ...")."""
MOST_LETTERS_BEFORE = 12
"""The same for languages without spaces (网络错误：...)."""


def text_failure(text: str, reads: bool = False) -> str:
    """The words that tell the failure, "" where none does. `reads`: the tool gives back
    what others have written, so that only the beginning counts.
    """
    plain = text.strip()
    exit_failure = None if reads else _exit_failure(plain)
    if exit_failure is not None:
        return exit_failure
    status = _status_failure(plain)
    if status is not None:
        return status
    return (
        _trace_failure(plain, reads)
        or _head_failure(plain, reads)
        or ("" if reads else _tail_failure(plain))
    )


def without_label(words: str) -> str:
    """The words less "Error:" before them."""
    plain = _plain(words)
    bracketed = BRACKETED.match(plain)
    if bracketed and failure_phrases().label.fullmatch(bracketed[1]):
        plain = plain[bracketed.end() :]
    label = failure_phrases().label.match(plain)
    if label is None:
        return plain
    rest = re.match(r"[*_`]*\s*[:：!！]+[*_`]*\s*|\s+[-–—]\s+", plain[label.end() :])
    return plain[label.end() + rest.end() :] if rest else plain


def _plain(text: str) -> str:
    """The text without marks and quotes around it."""
    stripped = text.strip()
    plain = DECORATION.sub("", BOLD.sub("", stripped))
    if stripped[:1] in "\"'`" and stripped[-1:] == stripped[:1]:
        plain = plain[:-1]
    return plain.rstrip()


def _exit_failure(text: str) -> str | None:
    """None where there is no exit code, "" where it is 0."""
    lines = text.splitlines()
    ends = "\n".join(lines if len(lines) < 7 else lines[:3] + lines[-3:])
    code = EXIT_CODE.search(ends)
    if code is None:
        return None
    number = next(group for group in code.groups() if group)
    if int(number) == 0:
        return ""
    return _said_beside(lines) or (text if len(lines) == 1 else f"exit code {number}")


def _said_beside(lines: list[str]) -> str:
    """What a command said beside its exit code: a line that tells a failure, or else the
    last line.
    """
    others = []
    for line in lines:
        said = re.sub(r"^\s*\W*std(?:err|out)\W*\s*", "", line, flags=re.IGNORECASE)
        if said.strip() and not EXIT_CODE.search(line):
            others.append(said.strip())
    failing = [line for line in others if _head_failure(line)]
    return (failing or others or [""])[-1]


def _status_failure(text: str) -> str | None:
    """None where no HTTP status opens the text, "" where it is none of a failure."""
    line = text.split("\n", 1)[0]
    match = STATUS_LINE.match(line)
    if match is None:
        return None
    named = line.upper().startswith("HTTP/") or bool(NAMED_STATUS.match(line))
    alone = match.end() == len(line) and match.start(1) > 0
    if not (named or alone):
        return None
    code = int(match[1])
    if code >= 400:
        return re.sub(r"^HTTP/\S+\s+", "", line)
    return "" if "\n\n" not in text.replace("\r", "") else None


def _trace_failure(text: str, reads: bool) -> str:
    """The last words of a stack trace: the exception that was raised."""
    trace = TRACE.search(text)
    raised = EXCEPTION.match(text)
    if trace is None or (reads and trace.start() > 0):
        return text.split("\n", 1)[0] if raised else ""
    lines = text[trace.start() :].splitlines()
    if not lines[0].startswith("Traceback"):
        return lines[0]
    raising = [line for line in lines[1:] if line.strip() and line[0] not in " \t"]
    return raising[-1] if raising else lines[0]


def _head_failure(text: str, reads: bool = False) -> str:
    """The words of a text that begins by telling a failure."""
    phrases = failure_phrases()
    if LISTING.match(text):
        return ""
    head = _head(text)
    if phrases.success.match(head):
        return ""
    if label := _labelled(head):
        return label
    if phrases.nothing.search(head):
        return ""
    topic = phrases.topic.search(head)
    if topic and not SEE.search(head, 0, topic.start()):
        return ""
    if ERROR_CODE.search(head) or EXCEPTION.search(head):
        return head
    if NAMED_STATUS.search(head) or STATUS_INSIDE.search(head):
        return head
    return head if _opens(head) or _predicated(head, reads) else ""


def _head(text: str) -> str:
    """The beginning of a text: all of a short one, else its first sentence or line."""
    plain = _plain(text)
    if len(plain) <= SHORT and "\n" not in plain:
        return plain
    return SENTENCE_END.split(plain, maxsplit=1)[0][:HEAD]


def _labelled(line: str) -> str:
    """The line when it begins with a label such as "Error:"."""
    bracketed = BRACKETED.match(line)
    inner = bracketed[1] if bracketed else ""
    phrases = failure_phrases()
    if inner and phrases.label.fullmatch(inner):
        return line
    for match in phrases.label.finditer(line, 0, HEAD):
        before = line[: match.start()]
        if not _only_names(before) or _taken_back(line, match):
            continue
        if phrases.topic.search(before) or phrases.nothing.match(line):
            continue
        return line
    return ""


def _only_names(before: str) -> bool:
    """Whether what stands before a label only says where it happened."""
    clause = CLAUSE.split(before)[-1]
    if not clause.isascii() and len(clause) > MOST_LETTERS_BEFORE:
        return len(clause.split()) <= MOST_WORDS_BEFORE and " " in clause
    return len(clause.split()) <= MOST_WORDS_BEFORE


def _opens(head: str) -> bool:
    opening = failure_phrases().opening
    for clause in CLAUSE.finditer(head):
        match = opening.match(head, clause.end())
        if match is not None and not _counted(head, match):
            return True
    return False


def _predicated(head: str, reads: bool) -> bool:
    """Whether a sentence tells a failure. A long one that was read is about something
    else; and that nothing is left ("sold out") is what some tools are asked for.
    """
    phrases = failure_phrases()
    if reads and len(head) > LONGEST_REFUSAL:
        return False
    kinds = [phrases.predicate, phrases.anywhere, *([] if reads else [phrases.unmet])]
    matches = chain.from_iterable(kind.finditer(head) for kind in kinds)
    return any(not _taken_back(head, match) for match in matches)


def _taken_back(text: str, match: re.Match[str]) -> bool:
    """Whether a phrase is negated, only supposed, quoted or counted: "no errors", "if the
    payment failed", "Errors: 0".
    """
    before, rest = text[: match.start()], text[match.end() :]
    phrases = failure_phrases()
    if phrases.negation.search(before) or phrases.condition.search(before):
        return True
    if COUNT_BEFORE.search(before) or len(QUOTES.findall(before)) % 2:
        return True
    if match[0].lower().endswith("s") and COUNTED_BEFORE.search(before):
        return True
    after = re.match(r"\s*[:：=]\s*(.+)", rest)
    if after and phrases.none.fullmatch(after[1]):
        return True
    return _counted(text, match)


def _counted(text: str, match: re.Match[str]) -> bool:
    """Whether a number follows that is no HTTP status: "失败：3", "Invalid votes: 12"."""
    clause = re.match(r"[^:：=\n]{0,40}", text[match.end() :])
    number = COUNT_AFTER.match(text, match.end() + (clause.end() if clause else 0))
    if number is None:
        return False
    follows = text[number.end() :].lstrip()
    if follows[:1].isalpha() and len(follows.split()) > 2:
        return False
    return not re.fullmatch(r"[45]\d\d", number[1].strip(",."))


def _tail_failure(text: str) -> str:
    """The words of an output that ends by telling a failure."""
    for line in reversed(list(_last_lines(text))):
        plain = DECORATION.sub("", line)
        label = failure_phrases().label.search(plain)
        named = label is not None and len(plain[: label.start()].split()) <= 1
        if label is not None and named and not _taken_back(plain, label):
            return plain
        if EXCEPTION.match(plain):
            return plain
    return ""


def _last_lines(text: str) -> Iterator[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    yield from (line for line in lines[1:][-LAST_LINES:] if not FRAME.match(line))
