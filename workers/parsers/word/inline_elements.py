"""What single elements in the text of a DOCX stand for: breaks, symbols, fields and
controls of forms.
"""

from __future__ import annotations

from typing import Any

from workers.parsers.symbol_fonts import (
    EMPTY,
    TICKED,
    private_symbols,
    symbol_font,
    symbols,
)
from workers.parsers.word.formulas import latex
from workers.parsers.word.run_properties import font_of_run
from workers.parsers.xml_tree import attribute, children, first_child, tag_of, value_of

_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-", "ptab": "\t"}
_OFF = ("0", "false", "off")


def inline_text(element: Any, tag: str) -> str | None:
    """What an element adds to the text of its paragraph by itself; None for one that
    only holds others, or stands for something else. `tag` is its tag.
    """
    if tag == "t":
        return _text(element)
    if tag in _BREAKS:
        return _BREAKS[tag]
    if tag in ("oMath", "oMathPara"):
        return f" {latex(element)} "
    if tag == "sym":
        return symbol(element)
    if tag in ("checkBox", "checkbox"):
        return f"{box_state(element)} "
    if tag == "ddList":
        return chosen_entry(element)
    return control_value(element) if tag == "sdt" else None


def is_page_break(element: Any) -> bool:
    """Whether a page ends here, as Word rendered it or the writer asked for it. Where
    the break that Word rendered for a page break stands right behind it, only that
    counts.
    """
    tag = tag_of(element)
    if tag == "lastRenderedPageBreak":
        return True
    if tag != "br" or attribute(element, "type") != "page":
        return False
    following = element.getnext()
    return following is None or tag_of(following) != "lastRenderedPageBreak"


def symbol(element: Any) -> str:
    """The character that a symbol shows in its font; "" for what is no number."""
    try:
        character = chr(int(attribute(element, "char"), 16))
    except (ValueError, OverflowError):
        return ""
    font = symbol_font(attribute(element, "font"))
    return symbols(character, font) if font else private_symbols(character)


def box_state(box: Any) -> str:
    """A box to tick, as it is: by its state, or the default where it has none."""
    states = {tag_of(child): attribute(child, "val") for child in box}
    state = states.get("checked", states.get("default", "0"))
    return EMPTY if state in _OFF else TICKED


def chosen_entry(menu: Any) -> str:
    """The entry of a drop-down field that is shown; "" where it has none."""
    entries = [attribute(entry, "val") for entry in children(menu, "listEntry")]
    chosen = value_of(menu, "result") or value_of(menu, "default")
    index = int(chosen) if chosen.isdigit() else 0
    return entries[index] if index < len(entries) else ""


def control_value(control: Any) -> str | None:
    """The state of a content control that is a box to tick, "" for a control that shows
    only the words that ask for an entry; None for others, whose value is their text.
    """
    properties = first_child(control, "sdtPr")
    box = first_child(properties, "checkbox")
    if box is not None:
        return box_state(box)
    asks = first_child(properties, "showingPlcHdr")
    is_asking = asks is not None and attribute(asks, "val") not in _OFF
    return "" if is_asking else None


def _text(element: Any) -> str:
    """The text of a run, in the characters that its font shows."""
    text = element.text or ""
    font = symbol_font(font_of_run(element.getparent()))
    return symbols(text, font) if font else private_symbols(text)
