"""Word's formulas (OMML) -> LaTeX, as far as formulas in documents go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workers.parsers.xml_tree import attribute, children, tag_of

MAX_DEPTH = 60
"""Of constructs in each other; what is nested more deeply is left out."""
_CHARACTERS = {
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
_FUNCTIONS = frozenset(
    "sin cos tan log ln lim exp min max cot sec csc sinh cosh tanh det arg".split()
)
"""That have a command of their own."""
_OPERATORS = {
    "∑": r"\sum",
    "∫": r"\int",
    "∏": r"\prod",
    "⋃": r"\bigcup",
    "⋂": r"\bigcap",
    "∮": r"\oint",
}
_HAT = "\u0302"
_ACCENTS = {
    _HAT: r"\hat",
    "\u0303": r"\tilde",
    "\u0305": r"\overline",
    "\u0304": r"\bar",
    "\u20d7": r"\vec",
    "\u0307": r"\dot",
}


def latex(element: Any) -> str:
    """The formula of an oMath element, between single dollar signs."""
    text = _content(element, 0).strip()
    return f"${text}$" if text else ""


def _content(element: Any, depth: int) -> str:
    """The LaTeX of all that is in an element."""
    if depth > MAX_DEPTH:
        return ""
    content = ""
    for child in element:
        tag = tag_of(child)
        if tag in ("t", "delText"):
            text = child.text or ""
            content += "".join(_CHARACTERS.get(letter, letter) for letter in text)
        elif not tag.endswith("Pr"):
            construct = CONSTRUCTS.get(tag, _content)
            content += construct(child, depth + 1)
    return content


def _arm(element: Any, tag: str, depth: int) -> str:
    """What one arm of a construct (num, den, e, sub, sup, deg) holds, in braces."""
    return f"{{{_bare_arm(element, tag, depth)}}}"


def _bare_arm(element: Any, tag: str, depth: int) -> str:
    """What one arm of a construct holds."""
    texts = [_content(child, depth) for child in children(element, tag)]
    return "".join(texts).strip()


def _setting(element: Any, name: str, default: str) -> str:
    """A property of a construct."""
    for properties in element:
        if tag_of(properties).endswith("Pr"):
            for item in children(properties, name):
                return attribute(item, "val")
    return default


def _base(element: Any, depth: int) -> str:
    """What an index stands at; a fraction in braces."""
    base = _bare_arm(element, "e", depth)
    return f"{{{base}}}" if base.startswith("\\frac") else base


def fraction(element: Any, depth: int) -> str:
    """f"""
    return rf"\frac{_arm(element, 'num', depth)}{_arm(element, 'den', depth)}"


def superscript(element: Any, depth: int) -> str:
    """sSup"""
    return f"{_base(element, depth)}^{_arm(element, 'sup', depth)}"


def subscript(element: Any, depth: int) -> str:
    """sSub"""
    return f"{_base(element, depth)}_{_arm(element, 'sub', depth)}"


def subscript_and_superscript(element: Any, depth: int) -> str:
    """sSubSup"""
    return f"{subscript(element, depth)}^{_arm(element, 'sup', depth)}"


def radical(element: Any, depth: int) -> str:
    """rad"""
    degree = _bare_arm(element, "deg", depth)
    root = f"[{degree}]" if degree else ""
    return rf"\sqrt{root}{_arm(element, 'e', depth)}"


def operator_with_limits(element: Any, depth: int) -> str:
    """nary: a sum, an integral and the like."""
    sign = _setting(element, "chr", "∫")
    text = _OPERATORS.get(sign, sign)
    if low := _bare_arm(element, "sub", depth):
        text += f"_{{{low}}}"
    if high := _bare_arm(element, "sup", depth):
        text += f"^{{{high}}}"
    return f"{text} {_bare_arm(element, 'e', depth)}"


def delimited(element: Any, depth: int) -> str:
    """d: something in brackets."""
    separator = _setting(element, "sepChr", ",")
    arms = [_content(child, depth).strip() for child in children(element, "e")]
    opening, closing = (
        _setting(element, "begChr", "("),
        _setting(element, "endChr", ")"),
    )
    return f"{opening}{separator.join(arms)}{closing}"


def function(element: Any, depth: int) -> str:
    """func"""
    name = _bare_arm(element, "fName", depth)
    without_limits = name.split("_")[0].split("^")[0]
    command = f"\\{name}" if without_limits in _FUNCTIONS else name
    return f"{command}{_arm(element, 'e', depth)}"


def matrix(element: Any, depth: int) -> str:
    """m"""
    rows = []
    for row in children(element, "mr"):
        cells = [_content(cell, depth).strip() for cell in children(row, "e")]
        rows.append(" & ".join(cells))
    return r"\begin{matrix} " + r" \\ ".join(rows) + r" \end{matrix}"


def accent(element: Any, depth: int) -> str:
    """acc"""
    command = _ACCENTS.get(_setting(element, "chr", _HAT), r"\hat")
    return f"{command}{_arm(element, 'e', depth)}"


def limit(element: Any, depth: int) -> str:
    """limLow and limUpp: something below or above a function."""
    mark = "_" if tag_of(element) == "limLow" else "^"
    return f"{_bare_arm(element, 'e', depth)}{mark}{_arm(element, 'lim', depth)}"


CONSTRUCTS: dict[str, Callable[[Any, int], str]] = {
    "f": fraction,
    "sSup": superscript,
    "sSub": subscript,
    "sSubSup": subscript_and_superscript,
    "rad": radical,
    "nary": operator_with_limits,
    "d": delimited,
    "func": function,
    "m": matrix,
    "acc": accent,
    "limLow": limit,
    "limUpp": limit,
}
"""Tag -> the function that writes it as LaTeX."""
