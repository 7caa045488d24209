"""Dify: the plugin, loaded by Dify's own loader, its tools run as Dify runs them."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

from dify_plugin import DifyPluginEnv
from dify_plugin.core.plugin_registration import PluginRegistration
from dify_plugin.errors.tool import ToolProviderCredentialValidationError

from tests.integrations.said import FACT, QUESTION, WORD, ids, knows, tell

PLUGIN = Path(__file__).parents[3] / "clients" / "dify"


@cache
def _registration() -> PluginRegistration:
    before = Path.cwd()
    os.chdir(PLUGIN)  # as Dify runs a plugin: in its folder
    sys.path.insert(0, str(PLUGIN))
    try:
        return PluginRegistration(DifyPluginEnv())
    finally:
        os.chdir(before)


def _credentials() -> dict[str, str]:
    return {
        "url": os.environ["SOUVENIR_URL"],
        "api_key": os.environ["SOUVENIR_API_KEY"],
    }


def _run(user: str, name: str, **parameters: Any) -> list[Any]:
    """The messages of a tool, as plain values."""
    _, _, tools = _registration().tools_mapping["souvenir"]
    _, tool = tools[name]
    messages = tool.from_credentials(_credentials(), user).invoke(parameters)
    return [message.message.model_dump() for message in messages]


def stores(user: str) -> None:
    (answer,) = _run(user, "remember", text=FACT)
    assert answer["json_object"]["status"] == "completed"
    assert knows(user)


def recalls(user: str) -> None:
    tell(user)
    text, memories = _run(user, "recall", query=QUESTION)
    assert WORD in text["text"]
    assert memories["json_object"]["memories"][0]["id"] in ids(user)


def deletes(user: str) -> None:
    tell(user)
    for memory_id in ids(user):
        _run(user, "forget", memory_id=memory_id)
    assert not knows(user)


def a_wrong_key_is_refused(user: str) -> None:
    _, provider, _ = _registration().tools_mapping["souvenir"]
    provider().validate_credentials(_credentials())
    try:
        provider().validate_credentials({**_credentials(), "api_key": "wrong"})
    except ToolProviderCredentialValidationError:
        return
    raise AssertionError("a wrong key was taken")
