"""What `souvenir up` prints when everything answers."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

from services.launcher.data_folder import Home
from services.launcher.programs import Plan
from shared.settings import Settings

PREFIX = "/api/openmem/v1"


def banner(plan: Plan, home: Home) -> str:
    """One block: where, with which key, and two lines to paste."""
    key = plan.settings.api_key
    kept = (
        f"   (kept in {home.key_file})"
        if home.key_file.exists() and home.key_file.read_text().strip() == key
        else ""
    )
    model = [
        f"  Model    {plan.settings.chat_model}   (answers the chat; memories are extracted by {_extractor(plan.settings)})"
    ]
    return "\n".join(
        [
            "",
            "Souvenir is ready.",
            "",
            f"  URL      {plan.url}{PREFIX}",
            f"  API key  {key}{kept}",
            f"  Docs     {plan.url}/docs",
            f"  Data     {home.path}   (logs: {home.logs})",
            *(model if plan.settings.model_file else []),
            "",
            "Add a memory:",
            "",
            f"  {add_line(plan.url, key)}",
            "",
            "Find it again:",
            "",
            f"  {search_line(plan.url, key)}",
            "",
            "Or talk to it, on this machine:",
            "",
            f"  {talk_line(home)}",
            "",
            "Ctrl-C stops everything.",
        ]
    )


def _extractor(settings: Settings) -> str:
    return settings.extract_model or "rules"


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
    """Asks for what `add_line` told."""
    return _curl(
        url, key, "/search/memory", {"user_id": "ana", "query": "Where do I live?"}
    )


def talk_line(home: Home) -> str:
    """The client's own command, which finds URL and key in the data folder."""
    command = Path(sys.executable).with_name("souvenir")
    shown = (
        command.relative_to(Path.cwd())
        if command.is_relative_to(Path.cwd())
        else command
    )
    folder = (
        ""
        if home.path == Path("data").absolute()
        else f"SOUVENIR_DATA={shlex.quote(str(home.path))} "
    )
    return (
        f"{folder}{shlex.join([str(shown), 'chat', 'Where do I live?', '-u', 'ana'])}"
    )


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
