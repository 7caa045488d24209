"""What `souvenir up` prints when everything answers."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

from services.launcher.data_folder import DataFolder
from services.launcher.programs import Plan

PREFIX = "/api/openmem/v1"
BANNER = """
Souvenir is ready.

  URL      {url}
  API key  {key}{key_file}
  Console  {console}
  Docs     {docs}
  Data     {data}   (logs: {logs}){model}

Add a memory:

  {add}

Find it again:

  {search}

Or talk to it, on this machine:

  {chat}

{end}"""
ON_A_TERMINAL = "Ctrl-C stops everything. (souvenir up -d runs without a terminal.)"


def banner(plan: Plan, data: DataFolder, end: str = ON_A_TERMINAL) -> str:
    """One block: where, with which key, and two lines to paste; `end` says how it ends."""
    settings = plan.settings
    key = settings.api_key
    key_file = ""
    if data.key_file.exists() and data.key_file.read_text().strip() == key:
        key_file = f"   (kept in {data.key_file})"
    model = ""
    if settings.model_file:
        extractor = settings.extract_model or "the built-in extractor"
        model = (
            f"\n  Model    {settings.chat_model}"
            f"   (answers the chat; memories are extracted by {extractor})"
        )
    return BANNER.format(
        url=f"{plan.url}{PREFIX}",
        key=key,
        key_file=key_file,
        console=f"{plan.url}/console",
        docs=f"{plan.url}/docs",
        data=data.path,
        logs=data.logs,
        model=model,
        add=add_line(plan.url, key),
        search=search_line(plan.url, key),
        chat=chat_line(data),
        end=end,
    )


def add_line(url: str, key: str) -> str:
    """Waits until the memory can be found."""
    return _curl(
        url,
        key,
        "/add/message",
        {
            "user_id": "ana",
            "conversation_id": "hello",
            "async_mode": False,
            "messages": [
                {
                    "role": "user",
                    "content": "I live in Lisbon, and I only drink decaf coffee.",
                }
            ],
        },
    )


def search_line(url: str, key: str) -> str:
    """Asks for what `add_line` adds."""
    return _curl(
        url, key, "/search/memory", {"user_id": "ana", "query": "Where do I live?"}
    )


def chat_line(data: DataFolder) -> str:
    """The client's own command, which finds URL and key in the data folder."""
    command = Path(sys.executable).with_name("souvenir")
    if command.is_relative_to(Path.cwd()):
        command = command.relative_to(Path.cwd())
    line = shlex.join([str(command), "chat", "Where do I live?", "-u", "ana"])
    if data.path == Path("data").absolute():
        return line
    return f"SOUVENIR_DATA={shlex.quote(str(data.path))} {line}"


def _curl(url: str, key: str, path: str, body: dict[str, Any]) -> str:
    return shlex.join(
        [
            "curl",
            "-s",
            f"{url}{PREFIX}{path}",
            "-H",
            f"Authorization: Token {key}",
            "-H",
            "Content-Type: application/json",
            "-d",
            json.dumps(body),
        ]
    )
