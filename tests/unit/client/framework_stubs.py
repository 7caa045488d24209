"""Adapters of frameworks that are not installed here: what they import is there, and does
nothing. tests/integrations runs them in the frameworks themselves.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

import pytest


class Anything:
    """Any class of a framework: a base class, or a value with the fields it is given."""

    def __init__(self, *args: Any, **fields: Any) -> None:
        self.args = args
        self.__dict__.update(fields)

    def __class_getitem__(cls, item: Any) -> Any:
        return cls


class StubModule(ModuleType):
    """A module that has every name."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (Anything,), {})
        setattr(self, name, made)
        return made


def adapter(name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of an adapter, for one test."""
    path = f"souvenir_client.integrations.{name}"
    monkeypatch.delitem(sys.modules, path, raising=False)
    while True:
        try:
            module = importlib.import_module(path)
        except ModuleNotFoundError as missing:
            assert missing.name
            stub = StubModule(missing.name)
            monkeypatch.setitem(sys.modules, missing.name, stub)
        else:
            monkeypatch.delitem(sys.modules, path)
            return module
