"""The command `souvenir`. Its own subcommands are LAUNCHER_COMMANDS; all others are those
of the client: `souvenir add`, `souvenir search` ...
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from services.launcher import background
from services.launcher.background import IN_BACKGROUND
from services.launcher.data_folder import DataFolder
from services.launcher.doctor import doctor
from services.launcher.server_check import check_server
from services.launcher.settings_listing import env_example
from services.launcher.show_logs import LEVELS, show_logs
from services.launcher.start_refused import (
    ASKED_TO_STOP,
    BAD_SETTING,
    FAILED,
    Refused,
)
from services.launcher.stores import check_file, copy_store
from services.launcher.up import up
from shared.settings import Settings

LAUNCHER_COMMANDS = {
    "up": "start everything on this machine and keep it running until Ctrl-C; -d: in the background",
    "down": "end what runs on this machine, and wait for it",
    "logs": "what the programs on this machine have logged, and with -f what they go on to log",
    "doctor": "say what is wrong with this set-up and how to put it right",
    "backup": "copy everything into one file, while the system runs or while it does not",
    "restore": "bring a backup into an empty system, or see whether it is whole",
    "settings": "list every setting, what it means and its default",
}
"""What the help says of each."""
OWN_OPTIONS = (
    *("file", "force", "check", "detach", "in_background", "url"),
    *("programs", "follow", "lines", "level"),
)
"""Options that are no settings, by the name that they are parsed to."""
CLIENT_OPTIONS = ("--url", "--key", "--data")
"""Those that stand before a command of the client, each with a value."""
DETACH = ("-d", "--detach")
FILE_COMMANDS = ("backup", "restore")
NETWORK_COMMANDS = ("up", "doctor", "settings")
"""Those that take another port, address or model."""
PACKAGE = "souvenir-memory"
HELP = (["-h"], ["--help"])


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 failed, 2 a setting that cannot be read, 3 the port is
    taken, 4 the data folder is in use, 130 a signal asked to stop.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] not in (*LAUNCHER_COMMANDS, "-h", "--help", "--version"):
        return _run_client(given)
    options = vars(_parser(whole=given[:1] in HELP).parse_args(given))
    command = options.pop("command")
    own = {name: options.pop(name, None) for name in OWN_OPTIONS}
    try:
        settings = Settings.from_env(_environment(options))
    except ValueError as error:
        return _fail(str(error), BAD_SETTING)
    try:
        return _run(command, settings, own, given[1:])
    except Refused as refused:
        return _fail(str(refused), refused.code)
    except KeyboardInterrupt:
        return ASKED_TO_STOP


def _run(
    command: str, settings: Settings, own: Mapping[str, Any], given: Sequence[str]
) -> int:
    """The exit code of a command; `own` are its options that are no settings. Raises
    `Refused`, KeyboardInterrupt.
    """
    match command:
        case "backup" | "restore":
            return _copy(command, settings, own)
        case "doctor" if own["url"]:
            return check_server(own["url"], _say)
        case "doctor":
            return doctor(settings, _say)
        case "down":
            return background.stop(settings, _say)
        case "logs":
            _logs(settings, own)
        case "settings":
            _say(env_example())
        case "up" if own["detach"]:
            rest = [word for word in given if word not in DETACH]
            return background.start(settings, os.environ, rest, _say)
        case _:
            up(settings, os.environ, _say, bool(own["in_background"]))
    return 0


def _logs(settings: Settings, own: Mapping[str, Any]) -> None:
    show_logs(
        DataFolder(settings.data.expanduser().absolute()),
        _say,
        programs=own["programs"],
        count=own["lines"],
        follow=own["follow"],
        level=own["level"],
    )


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


def _parser(whole: bool) -> argparse.ArgumentParser:
    """`whole`: its help names the client's commands too, which takes a moment."""
    parser = argparse.ArgumentParser(
        prog="souvenir",
        description="A self-hosted memory service for AI agents.",
        epilog=client_help() if whole else "",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"souvenir {version(PACKAGE)}"
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="command", title="on this machine"
    )
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
        _add_own_options(command, name)
        if name in NETWORK_COMMANDS:
            _add_network_options(command)
    return parser


def client_help() -> str:
    """The commands that go to a server, in their groups; where the client is not
    installed, how to get it.
    """
    try:
        from souvenir_client.cli import command_groups
    except ModuleNotFoundError:
        return (
            "for the commands that go to a server: pip install './clients/python[cli]'"
        )
    lines = [
        "to a server that runs (souvenir COMMAND --help says more):",
        "  --url URL, --key KEY before the command name it; default: SOUVENIR_URL and",
        "  SOUVENIR_API_KEY, or what runs on this machine's data folder",
    ]
    for group, commands in command_groups().items():
        lines.append(f"\n{group.lower()}:")
        for name, says in commands.items():
            lines.append(f"    {name:<10}  {says}")
    return "\n".join(lines)


def _add_network_options(command: argparse.ArgumentParser) -> None:
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


def _add_own_options(command: argparse.ArgumentParser, name: str) -> None:
    """Options that are no settings: OWN_OPTIONS names them."""
    add, is_set = command.add_argument, "store_true"
    match name:
        case "restore":
            add("--force", action=is_set, help="remove first what the system has")
            add("--check", action=is_set, help="only see whether the file is whole")
        case "doctor":
            add("--url", help="see only whether a server answers there")
        case "up":
            add(
                *DETACH, action=is_set, help="run in the background, without a terminal"
            )
            add(IN_BACKGROUND, action=is_set, help=argparse.SUPPRESS)
        case "logs":
            add(
                "programs",
                nargs="*",
                metavar="PROGRAM",
                help="gateway ...; default: all",
            )
            add("-f", "--follow", action=is_set, help="go on until Ctrl-C")
            add("-n", "--lines", type=int, default=30, help="how many (default 30)")
            add(
                "--level",
                default="",
                type=str.upper,
                choices=["", *LEVELS],
                metavar="LEVEL",
                help="only events of this level or above, e.g. warning",
            )


def _run_client(arguments: Sequence[str]) -> int:
    """The client's command line, which is a package of its own."""
    try:
        from souvenir_client.cli import command_groups, run
    except ModuleNotFoundError as missing:
        return _fail(
            f"{arguments[0]} is the client's, which is not all installed ({missing}): "
            "pip install './clients/python[cli]'",
            FAILED,
        )
    command = _first_word(arguments)
    is_clients = any(command in group for group in command_groups().values())
    if command in LAUNCHER_COMMANDS and not is_clients:
        line = f"options of {command} stand behind it: souvenir {command} --help"
        return _fail(line, BAD_SETTING)
    return run("souvenir", arguments)


def _first_word(arguments: Sequence[str]) -> str:
    """The command, behind the client's options that stand before it; "" for none."""
    words = list(arguments)
    while words and words[0] in CLIENT_OPTIONS:
        words = words[2:]
    return words[0] if words else ""


def _say(line: str) -> None:
    print(line, flush=True)


def _fail(line: str, code: int) -> int:
    print(f"souvenir: {line}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
