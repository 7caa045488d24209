"""The command line, against a running server: `souvenir add "..."`, or
`souvenir-client` where only the client is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import httpx
import typer

from souvenir_client import (
    admin_commands,
    agent_commands,
    correction_commands,
    knowledge_commands,
    local_server,
    memory_commands,
    task_commands,
    transfer_commands,
)
from souvenir_client.calls import ApiError
from souvenir_client.cli_options import Target
from souvenir_client.http_exchange import UNAVAILABLE
from souvenir_client.release import PACKAGE, release
from souvenir_client.show import visible

SERVER = "Server"

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{PACKAGE} {release()}")
        raise typer.Exit


@app.callback()
def server(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Option(
            envvar="SOUVENIR_URL",
            help="The server; default: the one that runs on this machine.",
            rich_help_panel=SERVER,
        ),
    ] = "",
    key: Annotated[
        str,
        typer.Option(
            envvar="SOUVENIR_API_KEY",
            help="Its key; default: the one in the data folder of this machine.",
            rich_help_panel=SERVER,
        ),
    ] = "",
    data: Annotated[
        Path | None,
        typer.Option(
            envvar="SOUVENIR_DATA",
            help="The data folder of this machine's server; default: ./data.",
            rich_help_panel=SERVER,
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the release and end.",
        ),
    ] = False,
) -> None:
    """Talk to a Souvenir server. --url and --key stand before the command."""
    target = context.ensure_object(Target)
    target.url, target.key = local_server.server(url, key, data)
    target.folder, target.named = data, bool(url)


for commands in (
    memory_commands,
    correction_commands,
    knowledge_commands,
    task_commands,
    transfer_commands,
    admin_commands,
    agent_commands,
):
    commands.register(app)


def command_groups() -> dict[str, dict[str, str]]:
    """Every command with the first line of its help, by the group it is shown in."""
    groups: dict[str, dict[str, str]] = {}
    for command in app.registered_commands:
        if command.hidden or command.callback is None:
            continue
        name = command.name or command.callback.__name__.replace("_", "-")
        says = (command.callback.__doc__ or "").strip().split("\n")[0]
        groups.setdefault(str(command.rich_help_panel), {})[name] = says
    for group in app.registered_groups:
        says = str(group.typer_instance.info.help) if group.typer_instance else ""
        groups.setdefault(str(group.rich_help_panel), {})[str(group.name)] = says
    return groups


def run(name: str, arguments: Sequence[str]) -> NoReturn:
    """Runs a command and ends the process; an error is a line under the name that the
    program was called by, and where something is to be done about it a second one, with
    exit code 1.
    """
    target = Target()
    try:
        app(list(arguments), prog_name=name, obj=target)
    except ApiError as error:
        sys.stderr.write(f"{name}: {visible(str(error))}\n")
        if hint := _hint(name, error, target):
            sys.stderr.write(f"  -> {hint}\n")
    except FileNotFoundError as error:
        sys.stderr.write(f"{name}: {error.filename}: {error.strerror}\n")
    except (ValueError, OSError, httpx.InvalidURL) as error:
        sys.stderr.write(f"{name}: {visible(str(error))}\n")
    sys.exit(1)


def _hint(name: str, error: ApiError, target: Target) -> str:
    """What to do about an error; "" where it says all."""
    if error.status == 401:
        return local_server.key_hint(name)
    if error.code != UNAVAILABLE:
        return ""
    if target.named:
        return local_server.named_hint(target.url)
    return local_server.hint(name, target.folder)


def main() -> None:
    """The console script."""
    run("souvenir-client", sys.argv[1:])


if __name__ == "__main__":
    main()
