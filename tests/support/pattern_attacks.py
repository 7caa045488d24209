"""Texts on which a regular expression that can read the same in two ways takes time that
doubles with every repetition, and a child process that tries them; and expressions that
an older Python reads otherwise.

    python -m tests.support.pattern_attacks     prints the expressions that are amiss
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice, product
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from tests.support.processor_time import ends_within

ROOT = Path(__file__).parents[2]
PACKAGES = ("shared.language", "workers.pipeline", "services.gateway")
END = "\x00\n!"
"""What no expression goes on with."""
TIMES = 40
"""How often what may be repeated is repeated: 2 to the 40th is ten days."""
MOST_S = 1.0
"""Seconds of the processor for one text: what is not exponential takes milliseconds."""
MOST_SAMPLES = 40
"""Texts that are made of one part of an expression."""
RUNS = (
    *(" ", "\t", "\u3000", "\n", ",", ".", "、", "，", "请", "はい、", "1", "1,", "1."),
    *("(", "[", "{", '"', "“", "@", "-", "- ", "`", "a", "A", "a ", "A ", "a, ", "我"),
    *("!", "?", "...", ": ", "/", "I am ", "and ", "$1", "<", "|", "*", "_", "'"),
)
BEFORE = ("", "x", "Monday", "forget ", "把", "1")
_CATEGORIES = {
    "CATEGORY_SPACE": " ",
    "CATEGORY_DIGIT": "1",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_WORD": ",",
}
_LANGUAGES = "ar de en es fr hi it ja ko pt ru zh".split()


def attacks(pattern: str, flags: int) -> Iterator[str]:
    """A text for each part of an expression that may be repeated: what can stand before
    it, then the part again and again, then something that cannot follow.
    """
    parsed = _parser.parse(pattern, flags)
    for before, body in _repeated(list(parsed), ""):
        for sample in _samples(body):
            if sample:
                yield before + sample * TIMES + END


def _repeated(parts: Sequence[Any], before: str) -> Iterator[tuple[str, list[Any]]]:
    """The repeated parts within a sequence of parts, with what stands before each."""
    for part in parts:
        name, value = str(part[0]), part[1]
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            if value[1] > 1:
                yield before, list(value[2])
            yield from _repeated(list(value[2]), before)
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            inner = value[-1] if name == "SUBPATTERN" else value
            yield from _repeated(list(inner), before)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from _repeated(list(branch), before)
        before += next(_of_part(part), "")


def _samples(parts: Sequence[Any]) -> Iterator[str]:
    """Texts that a sequence of parts matches."""
    ways = product(*(list(islice(_of_part(part), MOST_SAMPLES)) for part in parts))
    return islice(("".join(way) for way in ways), MOST_SAMPLES)


def _of_part(part: Any) -> Iterator[str]:
    name, value = str(part[0]), part[1]
    if name == "LITERAL":
        yield chr(value)
    elif name in ("ANY", "NOT_LITERAL"):
        yield "a" if value != ord("a") else "b"
    elif name == "IN":
        yield from islice(_of_class(value), 4)
    elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        yield from (s * max(value[0], 1) for s in _samples(list(value[2])))
        if not value[0]:
            yield ""
    elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
        yield from _samples(list(value[-1] if name == "SUBPATTERN" else value))
    elif name == "BRANCH":
        for branch in value[1]:
            yield from islice(_samples(list(branch)), 4)
    else:  # places, looks ahead and back, what stood before
        yield ""


def _of_class(members: Sequence[Any]) -> Iterator[str]:
    """Characters of a class: one for each that it names, or some that it leaves out."""
    if str(members[0][0]) == "NEGATE":
        named = frozenset(_of_class(members[1:]))
        yield from (character for character in "a 1,我-" if character not in named)
        return
    for name, value in members:
        if str(name) == "CATEGORY":
            yield _CATEGORIES.get(str(value), "a")
        else:
            yield chr(value[0] if str(name) == "RANGE" else value)


def patterns_of_code() -> list[re.Pattern[str]]:
    """Every expression that the packages compile when they are imported, when a cached
    table is first asked for, or that stands as text in a call of `re`.
    """
    made: dict[re.Pattern[str], None] = {}
    compile_: Callable[..., Any] = re.compile

    def recorded(pattern: Any, flags: int = 0) -> Any:
        compiled = compile_(pattern, flags)
        if isinstance(compiled.pattern, str):
            made[compiled] = None
        return compiled

    re.compile = recorded  # type: ignore[assignment]
    try:
        for module in _modules():
            _call_cached(module)
            _compile_written(Path(module.__file__ or "").read_text("utf-8"))
    finally:
        re.compile = compile_  # type: ignore[assignment]
    return list(made)


def _modules() -> Iterator[Any]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        yield package
        for entry in pkgutil.walk_packages(package.__path__, f"{name}."):
            yield importlib.import_module(entry.name)


def _call_cached(module: Any) -> None:
    """Tables are made at first use, of no language or of one."""
    for function in list(vars(module).values()):
        if (
            not hasattr(function, "cache_info")
            or function.__module__ != module.__name__
        ):
            continue
        wanted = [*inspect.signature(function).parameters.values()]
        if not wanted:
            function()
        elif len(wanted) == 1 and wanted[0].name in ("language", "code"):
            for language in _LANGUAGES:
                with suppress(FileNotFoundError):  # not every table has all of them
                    function(language)


def _compile_written(source: str) -> None:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        first = node.args[0]
        is_re = (
            isinstance(node.func, ast.Attribute)
            and ast.unparse(node.func.value) == "re"
        )
        if is_re and isinstance(first, ast.Constant) and isinstance(first.value, str):
            re.compile(first.value)


def is_repeated_for_good(pattern: re.Pattern[str]) -> bool:
    """Whether more than a character is repeated possessively, "(?:ab|c)++": up to Python
    3.11.4, Debian's among them, that may match a character too few
    (https://github.com/python/cpython/issues/106052). "(?>(?:ab|c)+)" does not.
    """
    return _holds_such_a_repeat(_parser.parse(pattern.pattern, pattern.flags))


def _holds_such_a_repeat(part: Any) -> bool:
    if isinstance(part, tuple) and len(part) == 2:
        if str(part[0]) == "POSSESSIVE_REPEAT" and not _is_character(part[1][2]):
            return True
    elif not isinstance(part, (list, tuple, _parser.SubPattern)):
        return False
    return any(_holds_such_a_repeat(inner) for inner in part)


def _is_character(body: Sequence[Any]) -> bool:
    names = ("IN", "LITERAL", "NOT_LITERAL", "ANY")
    return len(body) == 1 and str(body[0][0]) in names


def endless(pattern: re.Pattern[str]) -> str | None:
    """A text on which an expression does not end, by the time of the processor."""
    runs = (first + run * TIMES + END for first in BEFORE for run in RUNS)
    for text in (*runs, *attacks(pattern.pattern, pattern.flags)):
        if not ends_within(MOST_S, partial(_tried, pattern, text)):
            return text
    return None


def _tried(pattern: re.Pattern[str], text: str) -> None:
    pattern.fullmatch(text)
    pattern.search(text)


def main() -> None:
    """Tries every expression."""
    patterns = patterns_of_code()
    print(f"{len(patterns)} expressions")
    for pattern in patterns:
        if is_repeated_for_good(pattern):
            print(f"repeated possessively: {pattern.pattern[:120]!r}")
        text = endless(pattern)
        if text is not None:
            print(f"endless: {pattern.pattern[:120]!r} on {text[:80]!r}")


if __name__ == "__main__":
    main()
