"""Word's formulas (OMML) -> LaTeX, as far as formulas in documents go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from workers.parsers.text.xml import local

_NAMES = {
    "×": r"\times ",
    "±": r"\pm ",
    "π": r"\pi ",
    "∑": r"\sum ",
    "∞": r"\infty ",
    "≤": r"\leq ",
    "≥": r"\geq ",
    "≠": r"\neq ",
    "α": r"\alpha ",
    "β": r"\beta ",
    "γ": r"\gamma ",
    "δ": r"\delta ",
    "θ": r"\theta ",
    "λ": r"\lambda ",
    "μ": r"\mu ",
    "σ": r"\sigma ",
    "φ": r"\phi ",
    "ω": r"\omega ",
    "→": r"\rightarrow ",
    "∈": r"\in ",
    "∂": r"\partial ",
    "∇": r"\nabla ",
    "·": r"\cdot ",
    "…": r"\ldots ",
    "−": "-",
}
_FUNCTIONS = {
    "sin",
    "cos",
    "tan",
    "log",
    "ln",
    "lim",
    "exp",
    "min",
    "max",
    "cot",
    "sec",
    "csc",
    "sinh",
    "cosh",
    "tanh",
    "det",
    "arg",
}
_BIG = {
    "∑": r"\sum",
    "∫": r"\int",
    "∏": r"\prod",
    "⋃": r"\bigcup",
    "⋂": r"\bigcap",
    "∮": r"\oint",
}
_ACCENTS = {
    "\u0302": r"\hat",
    "\u0303": r"\tilde",
    "\u0305": r"\overline",
    "\u0304": r"\bar",
    "\u20d7": r"\vec",
    "\u0307": r"\dot",
}


def latex(element: Any, depth: int = 0) -> str:
    """The formula of an oMath element, between single dollar signs."""
    text = "".join(_children(element, 0)).strip()
    return f"${text}$" if text else ""


def _children(element: Any, depth: int) -> Iterator[str]:
    if depth > 60:
        return
    for child in element:
        yield _render(child, depth + 1)


def _render(element: Any, depth: int) -> str:
    tag = local(element)
    if tag in ("t", "delText"):
        return "".join(_NAMES.get(letter, letter) for letter in element.text or "")
    if tag.endswith("Pr"):
        return ""
    maker = _MAKERS.get(tag)
    return maker(element, depth) if maker else "".join(_children(element, depth))


def _arm(element: Any, tag: str, depth: int) -> str:
    """What one arm of a construct (num, den, e, sub, sup, deg) holds."""
    return "".join(
        "".join(_children(child, depth)) for child in element if local(child) == tag
    ).strip()


def _setting(element: Any, name: str, default: str) -> str:
    for properties in element:
        if local(properties).endswith("Pr"):
            for item in properties:
                if local(item) == name:
                    return next(
                        (
                            value
                            for key, value in item.attrib.items()
                            if key.rsplit("}", 1)[-1] == "val"
                        ),
                        "",
                    )
    return default


def _fraction(element: Any, depth: int) -> str:
    return rf"\frac{{{_arm(element, 'num', depth)}}}{{{_arm(element, 'den', depth)}}}"


def _base(element: Any, depth: int) -> str:
    base = _arm(element, "e", depth)
    return f"{{{base}}}" if base.startswith("\\frac") else base


def _superscript(element: Any, depth: int) -> str:
    return f"{_base(element, depth)}^{{{_arm(element, 'sup', depth)}}}"


def _subscript(element: Any, depth: int) -> str:
    return f"{_base(element, depth)}_{{{_arm(element, 'sub', depth)}}}"


def _both(element: Any, depth: int) -> str:
    return f"{_base(element, depth)}_{{{_arm(element, 'sub', depth)}}}^{{{_arm(element, 'sup', depth)}}}"


def _radical(element: Any, depth: int) -> str:
    degree = _arm(element, "deg", depth)
    return (
        rf"\sqrt[{degree}]{{{_arm(element, 'e', depth)}}}"
        if degree
        else rf"\sqrt{{{_arm(element, 'e', depth)}}}"
    )


def _big(element: Any, depth: int) -> str:
    sign = _BIG.get(_setting(element, "chr", "∫"), _setting(element, "chr", "∫"))
    low, high = _arm(element, "sub", depth), _arm(element, "sup", depth)
    return f"{sign}{f'_{{{low}}}' if low else ''}{f'^{{{high}}}' if high else ''} {_arm(element, 'e', depth)}"


def _delimited(element: Any, depth: int) -> str:
    inner = _setting(element, "sepChr", ",").join(
        "".join(_children(child, depth)).strip()
        for child in element
        if local(child) == "e"
    )
    return (
        f"{_setting(element, 'begChr', '(')}{inner}{_setting(element, 'endChr', ')')}"
    )


def _function(element: Any, depth: int) -> str:
    name = _arm(element, "fName", depth)
    bare = name.split("_")[0].split("^")[0]
    return (
        f"{chr(92) if bare in _FUNCTIONS else ''}{name}{{{_arm(element, 'e', depth)}}}"
    )


def _matrix(element: Any, depth: int) -> str:
    rows = [
        " & ".join(
            "".join(_children(cell, depth)).strip()
            for cell in row
            if local(cell) == "e"
        )
        for row in element
        if local(row) == "mr"
    ]
    return r"\begin{matrix} " + r" \\ ".join(rows) + r" \end{matrix}"


def _accent(element: Any, depth: int) -> str:
    return f"{_ACCENTS.get(_setting(element, 'chr', chr(0x302)), chr(92) + 'hat')}{{{_arm(element, 'e', depth)}}}"


def _limit(element: Any, depth: int) -> str:
    mark = "_" if local(element) == "limLow" else "^"
    return f"{_arm(element, 'e', depth)}{mark}{{{_arm(element, 'lim', depth)}}}"


_MAKERS: dict[str, Callable[[Any, int], str]] = {
    "f": _fraction,
    "sSup": _superscript,
    "sSub": _subscript,
    "sSubSup": _both,
    "rad": _radical,
    "nary": _big,
    "d": _delimited,
    "func": _function,
    "m": _matrix,
    "acc": _accent,
    "limLow": _limit,
    "limUpp": _limit,
}
