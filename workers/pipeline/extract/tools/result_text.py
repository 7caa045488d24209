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
    COUNT_ENDS,
    COUNTED_BEFORE,
    DECORATION,
    ERROR_CODE,
    EXCEPTION,
    EXIT_CODE,
    FRAME,
    LISTING,
    NAMED_STATUS,
    PROGRAM_LINE,
    QUOTES,
    SEE,
    SENTENCE_END,
    STATUS_INSIDE,
    STATUS_LINE,
    TRACE,
    ZERO_AFTER,
)

_HOST = re.compile(r"(?:\d\.\d+|localhost|\w\.[a-z]{2,})$", re.I)
HEAD = 300
"""Characters in which a text says at once that it is about a failure."""
SHORT = 200
"""Characters of a text that is read whole, not only its first sentence."""
LONGEST_END = 4000
"""Characters at both ends of a long text that are looked at."""
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
    plain = _ends(text.strip())
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


def _ends(text: str) -> str:
    """The beginning and the end of a long text: a failure stands nowhere else."""
    if len(text) <= 2 * LONGEST_END:
        return text
    return f"{text[:LONGEST_END]}\n{text[-LONGEST_END:]}"


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
    if LISTING.match(text):
        return ""
    head = _head(text)
    phrases = failure_phrases()
    if phrases.success.match(head):
        return ""
    if _is_labelled(head):
        return head
    if phrases.nothing.search(head):
        return ""
    refused = phrases.opening.match(head) and _opens(head)
    return head if refused or _tells_failure(head, text, reads) else ""


def _tells_failure(head: str, text: str, reads: bool) -> bool:
    """Whether a sentence tells a failure, and is not about failures in general."""
    phrases = failure_phrases()
    topic = phrases.topic.search(head)
    if topic and not SEE.search(head, 0, topic.start()):
        return False
    codes = (ERROR_CODE, EXCEPTION, NAMED_STATUS, STATUS_INSIDE)
    if any(code.search(head) for code in codes) or _opens(head):
        return True
    if reads and (len(head) > LONGEST_REFUSAL or "\n" in text.strip()):
        return False
    apologises = not reads and bool(phrases.apology.match(head))
    return apologises or _predicated(head, reads)


def _head(text: str) -> str:
    """The beginning of a text: all of a short one, else its first sentence or line."""
    plain = _plain(text)
    if len(plain) <= SHORT and "\n" not in plain:
        return plain
    return SENTENCE_END.split(plain, maxsplit=1)[0][:HEAD]


def _is_labelled(line: str) -> bool:
    """Whether a line begins with a label such as "Error:"."""
    phrases = failure_phrases()
    bracketed = BRACKETED.match(line)
    if bracketed and phrases.label.fullmatch(bracketed[1]):
        return True
    labels = phrases.label.finditer(line, 0, HEAD)
    return any(_begins_with(line, label) for label in labels)


def _begins_with(line: str, label: re.Match[str]) -> bool:
    """Whether a label stands at the beginning, and means that something failed."""
    phrases = failure_phrases()
    before = line[: label.start()]
    if not _only_names(before) or _taken_back(line, label):
        return False
    if phrases.topic.search(before) or phrases.nothing.match(line):
        return False
    is_object = label[0].endswith("s") and label.end() == len(line)
    return not (before and is_object)  # "handle errors"


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
    """Whether a sentence tells a failure. That nothing is left ("sold out") is what tools
    that read are asked for.
    """
    phrases = failure_phrases()
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
    if ZERO_AFTER.match(rest):
        return True
    after = re.match(r"\s*[:：=]\s*(.+)", rest)
    if after and phrases.none.fullmatch(after[1]):
        return True
    return _counted(text, match)


def _counted(text: str, match: re.Match[str]) -> bool:
    """Whether a number follows that is no HTTP status: "失败：3", "Invalid votes: 12"."""
    clause = re.match(r"[^:：=\n]{0,40}", text[match.end() :])
    if clause and _HOST.search(clause[0]):  # "at 10.0.0.5:5432"
        return False
    number = COUNT_AFTER.match(text, match.end() + (clause.end() if clause else 0))
    if number is None:
        return False
    if not COUNT_ENDS.match(text, number.end()):
        return False
    return not re.fullmatch(r"[45]\d\d", number[1].strip(",."))


def _tail_failure(text: str) -> str:
    """The words of an output that ends by telling a failure."""
    for line in reversed(list(_last_lines(text))):
        plain = DECORATION.sub("", line[:HEAD])
        if _is_labelled_end(plain) or EXCEPTION.match(plain):
            return plain
        if PROGRAM_LINE.match(plain) and _head_failure(plain):
            return plain
    return ""


def _is_labelled_end(line: str) -> bool:
    """Whether a line begins with a label, after at most one word; a label alone in capitals
    only, since names of files stand alone too.
    """
    label = failure_phrases().label.search(line)
    if label is None or len(line[: label.start()].split()) > 1:
        return False
    if not line[label.end() :].strip() and not label[0].isupper():
        return False
    return not _taken_back(line, label)


def _last_lines(text: str) -> Iterator[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    yield from (line for line in lines[1:][-LAST_LINES:] if not FRAME.match(line))
