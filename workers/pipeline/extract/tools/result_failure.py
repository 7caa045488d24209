"""What went wrong in a tool call, from what the tool gave back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workers.pipeline.extract.tools.error_words import (
    NO_REASON,
    failure_words,
    says_why,
)
from workers.pipeline.extract.tools.parsed_result import parsed
from workers.pipeline.extract.tools.result_fields import normalised
from workers.pipeline.extract.tools.result_json import (
    FINE,
    UNSAID,
    Finding,
    json_finding,
)
from workers.pipeline.extract.tools.result_text import text_failure, without_label

LONGEST_ERROR = 80
"""Characters of an error type."""

_READING = frozenset(
    """
    get read fetch list search find query lookup look check show view describe open cat
    grep status history log logs load retrieve browse inspect monitor snapshot news
    weather report count stats
    """.split()
)
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ERROR_TAG = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<((?:\w+:)?(?:\w+_)?(?:error|exception|fault)\w*)\b[^>]*>(.*?)(?:</\1>|$)",
    re.IGNORECASE | re.DOTALL,
)
_FLAG_TAG = re.compile(
    r"<(is_?error|success|status|exit_?code|return_?code|faultstring)>\s*([^<]{1,200}?)\s*</\1>",
    re.IGNORECASE,
)
_PAGE_TITLE = re.compile(r"<title>\s*([45]\d\d\b[^<]*)</title>", re.IGNORECASE)
_PAGE = re.compile(r"\s*<(?:!doctype )?html\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{1,200}>")
_FENCE = re.compile(r"\s*```\w*\n(.*?)\n?```\s*", re.DOTALL)
_FIELD_LINE = re.compile(r"\s*([^\W\d][\w .-]{0,30}?)\s*[:=：]\s*(\S.*|)")
MOST_FIELD_LINES = 12
_BODY = re.compile(r"HTTP/\d\S* [123]\d\d[^\n]*\n.*?\r?\n\r?\n(.*)", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[a-z])[.!]\s|\n")


def error_type(
    result: str, tool: str = "", marks: Mapping[str, Any] | None = None
) -> str:
    """What went wrong, in the result's own words (at most `LONGEST_ERROR` characters), or
    "" for a success.

    `marks` are further fields of the message that the result came in, such as `is_error`;
    that they tell of no failure says nothing, since many clients always send the same.
    A tool whose name says that it reads (get_, search_, ...) gives back records and texts
    that may be about failures.
    """
    reads = _reads(tool)
    finding = _finding(result, reads)
    if not finding.failed:
        marked = json_finding(dict(marks or {}))
        words = marked.words if says_why(marked.words) else result
        finding = Finding(marked.failed, words)
    return short_error(_plain_words(finding.words)) if finding.failed else ""


def _plain_words(words: str) -> str:
    """The words in JSON that a failure was wrapped around, or the words as they are."""
    value = parsed(words)
    inner = failure_words(normalised(value)) if isinstance(value, dict) else ""
    return inner or words


def short_error(words: str) -> str:
    """The first sentence of an error, without "Error:" before it."""
    plain = without_label(words) or words
    plain = _SENTENCE.split(plain.strip(), maxsplit=1)[0]
    line = " ".join(_TAG.sub(" ", plain).split()).strip(" .。")
    if len(line) > LONGEST_ERROR:
        line = line[: LONGEST_ERROR - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return line or NO_REASON


def _reads(tool: str) -> bool:
    """Whether the first or last word of a tool's name says that it only reads."""
    parts = [part.lower() for part in _NAME_PARTS.findall(tool)]
    return bool(parts) and bool({parts[0], parts[-1]} & _READING)


def _finding(result: str, reads: bool) -> Finding:
    fenced = _FENCE.fullmatch(result)
    plain = fenced[1] if fenced else result
    value = parsed(plain)
    if value is not None:
        return json_finding(value, reads)
    body = _BODY.match(plain)
    if body is not None:
        return _finding(body[1], True)
    tagged = _tagged(plain)
    if tagged is not None:
        return tagged
    fields = _field_lines(plain)
    if fields:
        finding = json_finding(fields, reads)
        if finding.failed is not None:
            return finding
    said = text_failure(plain, reads)
    return _with_json(said) if said else FINE


def _with_json(said: str) -> Finding:
    """A failure whose words hold JSON: 'Error: 401 {"error": ...}'."""
    start = said.find("{")
    inner = parsed(said[start:]) if start > 0 else None
    finding = json_finding(inner) if inner is not None else UNSAID
    before = without_label(said[:start]).strip(" :-") if start > 0 else ""
    words = ": ".join(filter(None, (before, finding.words)))
    return Finding(True, words if finding.failed and words else said)


def _tagged(text: str) -> Finding | None:
    """What tags of XML say; None where there are none that do."""
    error = _ERROR_TAG.match(text)
    if error is not None:
        message = re.search(r"<message>(.*?)</message>", error[2], re.I | re.S)
        return Finding(
            True, (message or error)[1 if message else 2].strip() or NO_REASON
        )
    if not text.lstrip().startswith("<"):
        return None
    title = _PAGE_TITLE.search(text)
    if title is not None:
        return Finding(True, title[1])
    if _PAGE.match(text):
        return FINE
    flags = {name.lower(): value for name, value in _FLAG_TAG.findall(text)}
    finding = json_finding(flags) if flags else UNSAID
    if not finding.failed:
        return finding if finding.failed is False else None
    words = [line for line in _TAG.sub("\n", text).splitlines() if line.strip()]
    said = [word for word in words if word.strip() not in flags.values()]
    return Finding(True, flags.get("faultstring") or (said or words)[-1])


def _field_lines(text: str) -> dict[str, str]:
    """The fields of a text that holds nothing but lines "name: value"."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not 0 < len(lines) <= MOST_FIELD_LINES:
        return {}
    matches = [_FIELD_LINE.fullmatch(line) for line in lines]
    if not all(matches):
        return {}
    return {match[1]: match[2] for match in matches if match is not None}
