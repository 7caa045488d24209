"""The text of a variable becomes the value of a setting, or is refused by name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, replace
from pathlib import Path
from typing import Any

from shared.domain.key_strength import weakness
from shared.domain.model_role import ModelRole
from shared.settings.role_variables import ROLE_VARIABLES
from shared.settings.rules import quoted, require_fit, rule_of

_TRUE = dict.fromkeys(("1", "true", "on", "yes"), True)
_FALSE = dict.fromkeys(("0", "false", "off", "no"), False)
_BOOLEANS = _TRUE | _FALSE
"""How a variable may say yes or no, in any case of letters."""

_KINDS = {"bool": "on or off", "int": "a whole number", "float": "a number"}
"""Types, in words."""


def read_setting(env: Mapping[str, str], item: Field[Any]) -> Any:
    """What the environment says of a setting; None where it says nothing. Raises
    ValueError, naming the variable.
    """
    name = item.metadata["env"]
    text = env.get(name, "")
    if not item.metadata.get("verbatim"):
        text = text.strip()
    if not text:
        return None
    value = _read(name, str(item.type), text)
    if words := item.metadata.get("one_of"):
        _require_one_of(name, value, words)
    if item.name == "api_key":
        _require_strong_key(value)
    require_fit(name, text, value)
    return value


def read_role(env: Mapping[str, str], prefix: str, default: ModelRole) -> ModelRole:
    """A model's role with what the environment says of it. Raises ValueError, naming the
    variable.
    """
    given: dict[str, Any] = {}
    for item in fields(ModelRole):
        name = f"{prefix}_{ROLE_VARIABLES[item.name][0]}"
        text = env.get(name, "").strip()
        if text:
            given[item.name] = _read(name, str(item.type), text)
            require_fit(name, text, given[item.name])
    return replace(default, **given)


def _require_strong_key(key: str) -> None:
    problem = weakness(key) if key else ""
    if problem:
        raise ValueError(
            f"SOUVENIR_API_KEY {problem}: choose another (openssl rand -hex 24), or leave"
            " it empty and `souvenir up` makes one of 192 random bits, in the file"
            " api_key of its data folder"
        )


def _require_one_of(
    name: str, value: str | tuple[str, ...], words: Sequence[str]
) -> None:
    for text in (value,) if isinstance(value, str) else value:
        if text not in words:
            raise ValueError(f"{quoted(name, text)} is not one of {', '.join(words)}")


def _read(name: str, kind: str, text: str) -> Any:
    """The text of a variable as a value of a field's type, which is given by its name."""
    try:
        if kind == "bool":
            return _BOOLEANS[text.lower()]
        if kind.startswith("tuple"):
            return tuple(part.strip() for part in text.split(",") if part.strip())
        if kind.startswith("Mapping"):
            return json.loads(text)
        return {"int": int, "float": float, "str": str, "Path": Path}[kind](text)
    except (KeyError, ValueError, RecursionError) as error:
        takes = rule_of(name, {"int": int, "float": float}.get(kind, type(None))).takes
        words = _KINDS.get(kind, "JSON")
        more = f": it takes {takes}" if takes else ""
        raise ValueError(f"{quoted(name, text)} is not {words}{more}") from error
