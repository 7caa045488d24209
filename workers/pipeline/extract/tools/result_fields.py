"""The fields of a tool's result in JSON: what they are called and how they say yes, no and
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

DEEPEST_EMPTY = 5
"""Levels of nesting in which an error may say nothing."""

Fields = Mapping[str, Any]
"""Values by their names in one spelling."""

FAILED_FLAGS = frozenset({"iserror", "haserror", "haserrors", "failed", "isfailed"})
SUCCESS_FLAGS = frozenset(
    "success ok succeeded successful issuccess issuccessful 成功 是否成功".split()
)
DONE_FLAGS = frozenset(
    """
    sent created booked saved updated deleted executed delivered accepted approved
    completed done confirmed reserved processed paid refunded uploaded
    """.split()
)
HAPPENED_FLAGS = frozenset({"timedout", "timeout", "ratelimited"})
EXIT_CODES = frozenset(
    {"exitcode", "exitstatus", "returncode", "rc", "退出码", "返回码"}
)
ERROR_CODES = frozenset(
    {"errcode", "errno", "errorcode", "错误码", "errornumber", "ret", "retcode"}
)
STATUS_CODES = frozenset(
    {"status", "statuscode", "httpstatus", "httpcode", "httpstatuscode", "responsecode"}
)
CODES = frozenset(
    {
        "code",
        "cod",
        "resultcode",
        "rescode",
        "respcode",
        "bizcode",
        "状态码",
        "statuscode",
    }
)
STATES = frozenset(
    {"status", "state", "result", "outcome", "resultstatus", "状态", "结果"}
)
ERRORS = (
    "error", "errors", "err", "exception", "exceptions", "fault", "failure", "failures",
    "errormessage", "errormsg", "errmsg", "errordetail", "errordetails", "errorinfo",
    "faultstring", "nonfielderrors", "validationerrors", "validationerror", "fielderrors",
    "apierror", "错误", "异常", "错误信息",
)  # fmt: skip
KINDS = ("errortype", "type", "name", "code", "errorcode", "errcode", "status")
MESSAGES = (
    "message", "msg", "detail", "details", "errordescription", "description", "reason",
    "cause", "why", "errormessage", "errmsg", "errormsg", "faultstring", "statustext", "title",
    "resultmsg", "resultmessage", "retmsg", "returnmsg", "respmsg", "statusmessage",
    "text", "info", "消息", "信息", "原因", "提示",
)  # fmt: skip
NESTED = (
    "result",
    "results",
    "data",
    "response",
    "output",
    "content",
    "body",
    "value",
)
_HEADS = ("meta", "head", "header")
_NESTED_ENDINGS = ("status", "response", "result", "output")
ENVELOPE = frozenset(
    {
        *FAILED_FLAGS, *SUCCESS_FLAGS, *HAPPENED_FLAGS, *EXIT_CODES, *ERROR_CODES,
        *STATUS_CODES, *CODES, *STATES, *ERRORS, *MESSAGES, *NESTED, *KINDS,
        *"""
        timestamp time requestid traceid tool toolname toolcallid tooluseid duration
        durationms elapsed elapsedms path method url hint help documentationurl docs
        docurl param kind infocode why messages head header retryafter retryable stdout
        stderr meta metadata object jsonrpc id
        role version warnings field loc stack stacktrace trace logid subcode submsg
        """.split(),
    }
)  # fmt: skip
"""Fields that wrap a result, and say nothing of whatever it is about."""
BAD_STATES = frozenset(
    """
    error failed failure fail timeout timedout denied unauthorized forbidden rejected
    aborted exception nok ko notok unsuccessful declined invalidrequest requestdenied
    overquerylimit notfound unavailable refused fatal 失败 错误 异常 fehler
    fehlgeschlagen erreur échec fallo fallido エラー 失敗 오류 실패 ошибка
    """.split()
)
ERROR_STATES = frozenset({"error", "exception", "fatal", "错误", "エラー", "fehler"})
EMPTY = frozenset(
    """
    none null nil no noerror noerrors na n/a 0 00 0000 00000 000000 200 false ok success
    undefined - 无 没有 空 なし 없음 keine keiner aucun aucune ninguno ninguna nessuno
    нет nothing empty
    """.split()
)
FAILING_CODE = re.compile(
    r"(?:\bERR_|.*(?:error|fail|invalid|not_?found|denied|unauth|forbidden|exceeded|"
    r"exhausted|time_?d?_?out|expired|missing|unavailable|reject|refused))\w*",
    re.IGNORECASE,
)
"""Names of codes such as INVALID_ARGUMENT."""
YES = frozenset({"true", "yes", "1", "y", "是", "ok", "success"})
NO = frozenset({"false", "no", "0", "n", "否", "failed", "error", "fail"})
GENERIC = frozenset(
    {"error", "failed", "failure", "fail", "true", "exception", "1", "-1", "err"}
)


def normalised(value: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields by their names in one spelling: "isError" and "is_error" are the same."""
    return {
        re.sub(r"[\W_]+", "", str(key)).lower(): item for key, item in value.items()
    }


def is_envelope(fields: Fields) -> bool:
    """Whether an object only wraps a result, with no fields of what it is about."""
    return fields.keys() <= ENVELOPE


def is_nesting(name: str) -> bool:
    """Whether a field of this name holds what a call gave back."""
    return name in NESTED or name in _HEADS or name.endswith(_NESTED_ENDINGS)


def truth_of(value: Any) -> bool | None:
    """A truth value however it is written; None for something else."""
    if isinstance(value, str):
        plain = value.strip().lower()
        return True if plain in YES else False if plain in NO else None
    return bool(value) if isinstance(value, bool | int) else None


def number_of(value: Any) -> int | None:
    """A whole number, also one written as a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    plain = value.strip() if isinstance(value, str) else ""
    return int(plain) if re.fullmatch(r"-?\d{1,9}", plain) else None


def is_empty(value: Any, depth: int = 0) -> bool:
    """Whether an error field says that there is none."""
    if depth > DEEPEST_EMPTY:
        return not value
    if isinstance(value, Mapping):
        return _is_empty_object(normalised(value), depth + 1)
    if isinstance(value, list):
        return all(is_empty(item, depth + 1) for item in value)
    if isinstance(value, str):
        return not value.strip() or plain_word(value) in EMPTY
    return not value or value == 200


def _is_empty_object(fields: Fields, depth: int) -> bool:
    """Whether its code is 0, or it says nothing."""
    codes = [fields[name] for name in ("code", *ERROR_CODES) if name in fields]
    if codes and all(is_empty(code, depth) for code in codes):
        return True
    if all(is_empty(item, depth) for item in fields.values()):
        return True
    messages = [item for name, item in fields.items() if name in MESSAGES]
    named = bool(codes) or "type" in fields
    return (
        bool(messages) and not named and all(is_empty(item, depth) for item in messages)
    )


def plain_word(value: Any) -> str:
    """A state or message without capitals, spaces and stops, to be compared."""
    return re.sub(r"[\s_.!。！-]+", "", str(value)).lower() or str(value).strip()


def message_of(fields: Fields) -> str:
    """The first text that says what happened."""
    for name in MESSAGES:
        item = fields.get(name)
        if isinstance(item, str) and not is_empty(item):
            return item.strip()
    return ""
