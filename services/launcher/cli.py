"""The command `souvenir`. Its own subcommands are LAUNCHER_COMMANDS; all others are those
of the client: `souvenir add`, `souvenir search` ...
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from services.launcher.doctor import doctor
from services.launcher.settings_listing import env_example
from services.launcher.start_refused import BAD_SETTING, FAILED, Refused
from services.launcher.stores import check_file, copy_store
from services.launcher.up import up
from shared.settings import Settings

LAUNCHER_COMMANDS = {
    "up": "start everything on this machine and keep it running until Ctrl-C",
    "doctor": "say what is wrong with this set-up and how to put it right",
    "backup": "copy everything into one file, while the system runs or while it does not",
    "restore": "bring a backup into an empty system, or see whether it is whole",
    "settings": "list every setting, what it means and its default",
}
"""What the help says of each."""
FILE_COMMANDS = ("backup", "restore")
CLIENT_COMMANDS = (
    "add, search, chat, upload, get, memories, delete, status, tasks, export, import, "
    "reindex, keys, audit, quota, init"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 failed, 2 a setting that cannot be read, 3 the port is
    taken, 4 the data folder is in use.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] not in (*LAUNCHER_COMMANDS, "-h", "--help"):
        return _run_client(given)
    options = vars(_parser().parse_args(given))
    command = options.pop("command")
    copying = {name: options.pop(name, None) for name in ("file", "force", "check")}
    try:
        settings = Settings.from_env(_environment(options))
    except ValueError as error:
        return _fail(str(error), BAD_SETTING)
    try:
        if command in FILE_COMMANDS:
            return _copy(command, settings, copying)
        if command == "doctor":
            return doctor(settings, _say)
        if command == "up":
            up(settings, os.environ, _say)
        else:
            _say(env_example())
        return 0
    except Refused as refused:
        return _fail(str(refused), refused.code)
    except KeyboardInterrupt:
        return 130


def _environment(options: Mapping[str, Any]) -> dict[str, str]:
    """Options win over the variables of the same settings."""
    variables = {item.name: item.metadata["env"] for item in fields(Settings)}
    given = {
        variables[name]: str(value)
        for name, value in options.items()
        if value is not None
    }
    return {**os.environ, **given}


def _copy(command: str, settings: Settings, options: Mapping[str, Any]) -> int:
    """The exit code of a backup or a restore."""
    file = Path(options["file"]).expanduser().absolute()
    if options["check"]:
        return check_file(os.environ, file)
    arguments = [command, str(file), *(["--force"] if options["force"] else ())]
    return copy_store(settings, os.environ, _say, arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="souvenir",
        description="A self-hosted memory service for AI agents.",
        epilog=f"And, to a server that runs: {CLIENT_COMMANDS}. See souvenir add --help.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, says in LAUNCHER_COMMANDS.items():
        command = commands.add_parser(
            name,
            help=says,
            description=says[0].upper() + says[1:] + ".",
            epilog="All other settings are environment variables: see deploy/env.example.",
        )
        command.add_argument(
            "--data", type=Path, help="the data folder (SOUVENIR_DATA, default ./data)"
        )
        if name in FILE_COMMANDS:
            command.add_argument("file", type=Path, metavar="FILE")
            _add_restore_options(command, name)
            continue
        command.add_argument(
            "--port", type=int, help="port of the gateway (SOUVENIR_PORT, default 8000)"
        )
        command.add_argument(
            "--host", help="address it listens on (SOUVENIR_HOST, default 127.0.0.1)"
        )
        command.add_argument(
            "--model",
            dest="model_file",
            metavar="FILE",
            help="a GGUF file to serve and to chat with (SOUVENIR_MODEL_FILE)",
        )
    return parser


def _add_restore_options(command: argparse.ArgumentParser, name: str) -> None:
    if name != "restore":
        return
    command.add_argument(
        "--force", action="store_true", help="remove first what the system has"
    )
    command.add_argument(
        "--check", action="store_true", help="only see whether the file is whole"
    )


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
