"""The command `souvenir`. Its own subcommands are a function each; all others are those
of the client: `souvenir add`, `souvenir search` ...
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from services.launcher.doctor import doctor
from services.launcher.settings_listing import env_example
from services.launcher.start_refused import BAD_SETTING, FAILED, Refused
from services.launcher.up import up
from shared.settings import Settings

Command = Callable[[Settings], int]
LAUNCHER_COMMANDS = ("up", "doctor", "settings", "-h", "--help")
CLIENT_COMMANDS = (
    "add, search, chat, upload, get, memories, delete, status, tasks, export, import"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 failed, 2 a setting that cannot be read, 3 the port is
    taken, 4 the data folder is in use.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] not in LAUNCHER_COMMANDS:
        return _run_client(given)
    chosen = _parser().parse_args(given)
    try:
        settings = _settings(chosen)
    except ValueError as error:
        return _fail(str(error), BAD_SETTING)
    try:
        command: Command = chosen.run
        return command(settings)
    except Refused as refused:
        return _fail(str(refused), refused.code)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="souvenir",
        description="A self-hosted memory service for AI agents.",
        epilog=f"And, to a server that runs: {CLIENT_COMMANDS}. See souvenir add --help.",
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    _add(
        commands,
        "up",
        _up,
        "start everything on this machine and keep it running until Ctrl-C",
    )
    _add(
        commands,
        "doctor",
        _doctor,
        "say what is wrong with this set-up and how to put it right",
    )
    _add(
        commands, "settings", _list, "list every setting, what it means and its default"
    )
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Command,
    says: str,
) -> None:
    command = commands.add_parser(
        name,
        help=says,
        description=says[0].upper() + says[1:] + ".",
        epilog="All other settings are environment variables: see deploy/env.example.",
    )
    command.add_argument(
        "--port", type=int, help="port of the gateway (SOUVENIR_PORT, default 8000)"
    )
    command.add_argument(
        "--host", help="address it listens on (SOUVENIR_HOST, default 127.0.0.1)"
    )
    command.add_argument(
        "--data", type=Path, help="the data folder (SOUVENIR_DATA, default ./data)"
    )
    command.add_argument(
        "--model",
        dest="model_file",
        metavar="FILE",
        help="a GGUF file to serve and to chat with (SOUVENIR_MODEL_FILE)",
    )
    command.set_defaults(run=run)


def _settings(chosen: argparse.Namespace) -> Settings:
    given = {
        name: getattr(chosen, name)
        for name in ("port", "host", "data", "model_file")
        if getattr(chosen, name) is not None
    }
    return replace(Settings.from_env(), **given)


def _up(settings: Settings) -> int:
    up(settings, os.environ, _say)
    return 0


def _doctor(settings: Settings) -> int:
    return doctor(settings, _say)


def _list(_: Settings) -> int:
    _say(env_example())
    return 0


def _run_client(arguments: Sequence[str]) -> int:
    """The client's command line, which is a package of its own."""
    try:
        from souvenir_client.cli import run
    except ModuleNotFoundError as missing:
        return _fail(
            f"{arguments[0]} is the client's, which is not all installed ({missing}): "
            "pip install './clients/python[cli]'",
            FAILED,
        )
    return run("souvenir", arguments)


def _say(line: str) -> None:
    print(line, flush=True)


def _fail(line: str, code: int) -> int:
    print(f"souvenir: {line}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
