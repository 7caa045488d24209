"""Patterns of what tools print: exit codes, HTTP status, stack traces, listings."""

from __future__ import annotations

import errno
import re
from http import HTTPStatus

DECORATION = re.compile(r"^[\s*_#>`\"'“”\-–—•❌✗✘✖⚠️🚫⛔🔴❗‼️]+")
BOLD = re.compile(r"(?<![*\s])\*\*(?!\*)|(?<!\*)\*\*(?![*\s])")
BRACKETED = re.compile(r"^[\[(【<](\w[\w ]{1,20})[\])】>]\s*[:：-]?\s*")
EXIT_CODE = re.compile(
    r"\b(?:exit(?:ed)?|process|command|return(?:ed)?|finished|returncode)\b"
    r"[^\n:=]{0,40}?(?:\b(?:code|status)\b|returncode)\s*[:=]?\s*(-?\d+)\b"
    r"|\bexit[_-](?:code|status)\s*[:=]?\s*(-?\d+)|\b(?:rc|returncode)\s*[:=]\s*(-?\d+)"
    r"|\[exit (-?\d+)\]"
    r"|(?:退出码|退出代码|退出状态|返回码|終了コード|종료 코드)\s*[:：=为]?\s*(-?\d+)"
    r"|\b(?:code de sortie|código de salida|Rückgabewert|Exitcode)\s*[:=]?\s*(-?\d+)",
    re.IGNORECASE,
)
STATUS_LINE = re.compile(
    r"\s*(?:HTTP/\d(?:\.\d)?\s+|(?:HTTP|response)?\s*(?:status|error)?(?:\s+code)?\s*[:：]?\s*"
    r"|(?:HTTP)?\s*(?:响应)?状态码?\s*[:：]?\s*)(\d{3})(?!\d)",
    re.IGNORECASE,
)
STATUS_INSIDE = re.compile(
    r"(?:\bstatus(?:\s+code)?|\bHTTP(?:\s+(?:error|status))?(?:\s+code)?|状态码)"
    r"\s*[:：=]?\s*[(（]?([45]\d\d)(?![\d.])(?!\s*[^\W\d_]+s\b)",
    re.IGNORECASE,
)
_NAMES = "|".join(
    re.escape(status.phrase) for status in HTTPStatus if status.value >= 400
)
NAMED_STATUS = re.compile(
    rf"(?<![\d.])[45]\d\d\s*[:(-]?\s*(?:{_NAMES})\b", re.IGNORECASE
)
ERROR_CODE = re.compile(
    rf"\b(?:{'|'.join(sorted(set(errno.errorcode.values()) - {'EDOM'}))}"
    r"|ENOTFOUND|EAI_AGAIN|ERR_[A-Z][A-Z_]+|ORA-\d{4,5}|SQLSTATE)\b|\[Errno \d+\]"
    r"|^\(\d{4}, [\"']"
)
EXCEPTION = re.compile(
    r"(?:^|[:：]\s)(?:Uncaught\s+|Unhandled\s+(?:exception[.:]?\s+)?)?(?:[\w$]+\.)*"
    r"[A-Z]\w*(?:Error|Exception|Fault)(?=[:：(]|$|\n|\s+[-–—]\s|\s+at\s)"
)
TRACE = re.compile(
    r"^(?:Traceback \(most recent call last\)|Exception in thread|panic: |"
    r"thread '.+?' panicked|Unhandled exception|PHP Fatal error|Fatal error:)",
    re.MULTILINE,
)
FRAME = re.compile(r"^\s+(?:at |File \"|\^+|from )|^(?:goroutine |stack backtrace)")
SENTENCE_END = re.compile(r"(?<=[^\W\d_A-Z])[.!]\s+(?=\S)|[。！]\s*(?=\S)|\n")
LISTING = re.compile(
    r"\d+[.)]\s|[-*•]\s.*\n\s*[-*•]\s|#{1,6}\s|\||commit [0-9a-f]{4,}\b|title:|subject:|from:|\(?\d+ of \d+"
    r"|[\w./-]+:\d+:(?!(?:\d+:)?\s*(?:fatal )?error\b)"  # of grep, not of a compiler
    r"|(?:found|showing|listing|returned)\s+\d+"
    r"|\d+\s+(?:\w+\s+){0,4}(?:found|results?|matches|rows|pages|hits)\b"
    r"|(?:找到|共|共有|查到)\s*\d+|\d+\s*件",
    re.IGNORECASE,
)
COUNT_AFTER = re.compile(r"\s*[:：=]\s*[±≈~+-]?\s*(\d[\d.,]*)")
COUNT_ENDS = re.compile(r"\s*%?(?:\s*[^\W\d_]+){0,2}\s*(?:$|[,;，；、()（。.|\n])")
ZERO_AFTER = re.compile(r"\s*0(?![\d_a-z.,:：])", re.I)
"""A count of nothing, without a colon: "errors 0", 오류 0건."""
COUNT_BEFORE = re.compile(
    r"(?:^|[,;(，；：、]\s*|:\s+)\d+\s*(?:[^\W\d_]{1,8}\s*)?$|\d\s*[个個条條项項次笔筆件]$"
)
COUNTED_BEFORE = re.compile(r"\b\d+\s+$")
"""Before a plural."""
QUOTES = re.compile(r"[\"“”„「」『』《》]")
SEE = re.compile(
    r"\b(?:see|refer|consult|check|visit|read|siehe|voir|ver)\b|参见|请参|请查看|参照",
    re.I,
)
CLAUSE = re.compile(r"(?:^|[:：]\s+(?:\*+\s*)?|：|[!！。)]\s*|[-–—]\s|(?<=[a-z])\.\s)")
PROGRAM_LINE = re.compile(r"^[a-z][\w./-]{0,30}: (?=.)", re.MULTILINE)
"""A message of a program: "cp: cannot stat ..."."""
