"""What `souvenir init --agent NAME` writes: the configuration by which an agent reaches the
memory over MCP, in the files and the form of each agent.

The key is written nowhere where the agent can read it from the environment.
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
import sysconfig
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote

SERVER = "souvenir"
"""The name of the MCP server in every configuration."""

KEY_VARIABLE = "SOUVENIR_API_KEY"
PLUGIN = "memos-cloud-openclaw-plugin"
"""MemTensor's plugin of OpenClaw, by the id in its manifest."""
PLUGIN_KEY_VARIABLE = "MEMOS_API_KEY"
HOOKS = {"UserPromptSubmit": "recall", "Stop": "remember"}
"""Events of Claude Code, and the hook that is run at each."""
HOOK_S = 10
"""Seconds after which Claude Code ends a hook; ours ends by itself before."""


class Agent(StrEnum):
    """Agents whose configuration is known."""

    CLAUDE_CODE = "claude-code"
    CLAUDE_DESKTOP = "claude-desktop"
    CURSOR = "cursor"
    CODEX = "codex"
    OPENCLAW = "openclaw"


@dataclass(frozen=True, slots=True)
class Access:
    """How what an agent starts reaches the memory, wherever and by whomever it is started."""

    url: str

    user: str
    """Whose memory it is."""

    data: Path | None = None
    """The data folder with the key, where the server is one of this machine."""

    @property
    def mcp(self) -> str:
        """The address of the user's memory over MCP: the same that hooks and the command
        line have, whatever the model says.
        """
        return f"{self.url}/mcp/{quote(self.user, safe='')}"

    def environment(self) -> dict[str, str]:
        """The variables of a program of ours."""
        variables = {"SOUVENIR_URL": self.url, "SOUVENIR_USER": self.user}
        return variables | ({"SOUVENIR_DATA": str(self.data)} if self.data else {})

    def hook(self, name: str) -> str:
        """The command line of a hook, for a shell."""
        data = ["--data", str(self.data)] if self.data else []
        words = [command("souvenir-client"), *data, "--url", self.url]
        return shlex.join([*words, "hook", name, "--user", self.user])


def command(name: str) -> str:
    """Where a command of this installation is: neither a desktop program nor an agent in
    another environment has it on its PATH.
    """
    return shutil.which(name, path=sysconfig.get_path("scripts")) or (
        shutil.which(name) or name
    )


@dataclass(frozen=True, slots=True)
class Place:
    """One file of an agent's configuration."""

    path: Path
    """Relative to the project's folder, or below ~ for the user's own."""

    change: Callable[[str, Access], str]
    """From the file's text to its new text. Raises ValueError for a text that cannot be
    read.
    """


def set_up(agent: Agent, access: Access, folder: Path, home: Path) -> list[Path]:
    """Write the configuration; the files that were changed. What else they hold stays.
    Raises ValueError, naming the file, for one that cannot be read; then nothing is
    written.
    """
    changed = []
    for place in AGENTS[agent]:
        path = _located(place.path, folder, home)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        try:
            changed.append((path, place.change(text, access)))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    for path, text in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in changed]


def _located(path: Path, folder: Path, home: Path) -> Path:
    first, *rest = path.parts
    return home.joinpath(*rest) if first == "~" else folder / path


def _with_server(
    entry: Callable[[Access], dict[str, Any]],
) -> Callable[[str, Access], str]:
    """Puts an entry under `mcpServers` of a JSON file."""

    def change(text: str, access: Access) -> str:
        config = _object(text)
        servers = config.setdefault("mcpServers", {})
        if not isinstance(servers, dict):
            raise ValueError("mcpServers is not an object")
        servers[SERVER] = entry(access)
        return _json(config)

    return change


def _claude_code_entry(access: Access) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer ${{{KEY_VARIABLE}}}"}
    return {"type": "http", "url": access.mcp, "headers": headers}


def _cursor_entry(access: Access) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer ${{env:{KEY_VARIABLE}}}"}
    return {"url": access.mcp, "headers": headers}


def _stdio_entry(access: Access) -> dict[str, Any]:
    """For agents that start a program: it finds the key of this machine's server."""
    return {"command": command("souvenir-mcp"), "env": access.environment()}


def _with_hooks(text: str, access: Access) -> str:
    """Recall before a turn of Claude Code and remember after it."""
    config = _object(text)
    hooks = _inner(config, "hooks")
    for event, name in HOOKS.items():
        entries = hooks.setdefault(event, [])
        if not isinstance(entries, list):
            raise ValueError(f"hooks.{event} is not a list")
        hook = {"type": "command", "command": access.hook(name), "timeout": HOOK_S}
        others = [entry for entry in entries if not _is_ours(entry, name)]
        hooks[event] = [*others, {"hooks": [hook]}]
    return _json(config)


def _is_ours(entry: Any, name: str) -> bool:
    """Whether an entry runs our hook and no other: it may name an older address."""
    hooks = entry.get("hooks") if isinstance(entry, dict) else None
    if not isinstance(hooks, list) or len(hooks) != 1:
        return False
    words = str(hooks[0].get("command") if isinstance(hooks[0], dict) else "")
    return "souvenir" in words and f"hook {name}" in words


def _codex(text: str, access: Access) -> str:
    """A table at the end of Codex' configuration, unless there is one already."""
    config = tomllib.loads(text)
    if SERVER in config.get("mcp_servers", {}):
        return text
    table = [
        f"[mcp_servers.{SERVER}]",
        f"url = {json.dumps(access.mcp)}",
        f'bearer_token_env_var = "{KEY_VARIABLE}"',
    ]
    return "\n".join([*text.splitlines(), *([""] if text.strip() else []), *table, ""])


def _openclaw(text: str, access: Access) -> str:
    """OpenClaw's plugin is on and asks this server. In its configuration and not in
    ~/.openclaw/.env: where that file exists, the plugin reads the key from there only.
    Without a user the plugin remembers for one of its own; one that is named there stays.
    """
    config = _object(text)
    entry = config
    for name in ("plugins", "entries", PLUGIN):
        entry = _inner(entry, name)
    entry["enabled"] = True
    settings = _inner(entry, "config")
    settings["baseUrl"] = f"{access.url}/api/openmem/v1"
    settings.setdefault("userId", access.user)
    return _json(config)


def _inner(config: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under a name, new where there is none. Raises ValueError."""
    inner = config.setdefault(name, {})
    if not isinstance(inner, dict):
        raise ValueError(f"{name} is not an object")
    return inner


def _object(text: str) -> dict[str, Any]:
    """A JSON object; of an empty text an empty one. Raises ValueError."""
    config = json.loads(text) if text.strip() else {}
    if not isinstance(config, dict):
        raise ValueError("a JSON object is expected")
    return config


def _json(config: dict[str, Any]) -> str:
    return json.dumps(config, indent=2, ensure_ascii=False) + "\n"


CLAUDE_DESKTOP = {
    "darwin": Path("~/Library/Application Support/Claude"),
    "win32": Path("~/AppData/Roaming/Claude"),
}
"""Where Claude Desktop looks, by platform; elsewhere in ~/.config."""


def claude_desktop(platform: str) -> Path:
    """The file of Claude Desktop's configuration on a platform."""
    folder = CLAUDE_DESKTOP.get(platform, Path("~/.config/Claude"))
    return folder / "claude_desktop_config.json"


AGENTS: dict[Agent, tuple[Place, ...]] = {
    Agent.CLAUDE_CODE: (
        Place(Path(".mcp.json"), _with_server(_claude_code_entry)),
        Place(Path(".claude/settings.json"), _with_hooks),
    ),
    Agent.CLAUDE_DESKTOP: (
        Place(claude_desktop(sys.platform), _with_server(_stdio_entry)),
    ),
    Agent.CURSOR: (Place(Path(".cursor/mcp.json"), _with_server(_cursor_entry)),),
    Agent.CODEX: (Place(Path("~/.codex/config.toml"), _codex),),
    Agent.OPENCLAW: (Place(Path("~/.openclaw/openclaw.json"), _openclaw),),
}
