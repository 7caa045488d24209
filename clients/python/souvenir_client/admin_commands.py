"""Commands of the command line for administrators: `keys`, `audit` and `quota`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from souvenir_client.cli_options import (
    AsJson,
    client_of,
    print_json,
    print_line,
    print_table,
)

GROUP = "Administration"
_DAY_MS = 86_400_000


class Scope(StrEnum):
    """What a key may be used for."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


Project = Annotated[
    str | None,
    typer.Option(help="Another project; by an admin key of the project `default`."),
]
KeyId = Annotated[str, typer.Argument(help="The id of the key, as `keys list` has it.")]
keys = typer.Typer(no_args_is_help=True, help="API keys: make, list, rotate, revoke.")


@keys.command("create")
def create_key(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="For people.")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option(help="May be given several times; default: read and write."),
    ] = None,
    user: Annotated[
        str | None, typer.Option(help="The only user that it opens.")
    ] = None,
    agent: Annotated[
        str | None, typer.Option(help="The only agent whose memories it opens.")
    ] = None,
    days: Annotated[
        float | None, typer.Option(min=0, help="It expires after so many days.")
    ] = None,
    project: Project = None,
    as_json: AsJson = False,
) -> None:
    """Make a key. Its secret is printed this once."""
    expires_at = round(time.time() * 1000 + days * _DAY_MS) if days else None
    with client_of(context) as client:
        made = client.create_key(
            name,
            scopes=[word.value for word in scope] if scope else None,
            user_id=user,
            agent_id=agent,
            expires_at=expires_at,
            project=project,
        )
    _print_made(made, as_json)


@keys.command("list")
def list_keys(
    context: typer.Context, project: Project = None, as_json: AsJson = False
) -> None:
    """The keys, the oldest first, without their secrets."""
    with client_of(context) as client:
        listed = client.keys(project=project)
    if as_json:
        print_json(listed)
        return
    rows = [
        [
            key["id"],
            key["name"],
            f"...{key['hint']}",
            " ".join(key["scopes"]),
            _owner(key),
            _day(key["expires_at"]) or "never",
            _day(key["last_used_at"]),
        ]
        for key in listed
    ]
    print_table(("id", "name", "key", "scopes", "for", "expires", "last used"), rows)


@keys.command("rotate")
def rotate_key(
    context: typer.Context,
    key_id: KeyId,
    overlap: Annotated[
        float, typer.Option(min=0, help="Hours for which the old secret works on.")
    ] = 0.0,
    project: Project = None,
    as_json: AsJson = False,
) -> None:
    """Give a key a new secret. The key has another id then."""
    with client_of(context) as client:
        made = client.rotate_key(key_id, overlap_s=overlap * 3600, project=project)
    _print_made(made, as_json)


@keys.command("revoke")
def revoke_key(context: typer.Context, key_id: KeyId, project: Project = None) -> None:
    """Let a key open nothing any more."""
    with client_of(context) as client:
        client.revoke_key(key_id, project=project)
    print_line(f"revoked {key_id}")


def audit(
    context: typer.Context,
    user: Annotated[
        str | None, typer.Option(help="Only what was about this user.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="Only what this key (its id) did.")
    ] = None,
    limit: int = 50,
    project: Project = None,
    as_json: AsJson = False,
) -> None:
    """Who changed what, when, with which key; and what was refused. The latest first."""
    with client_of(context) as client:
        page = client.audit(user_id=user, key=key, limit=limit, project=project)
    if as_json:
        print_json(page["entries"])
        return
    rows = [
        [
            _moment(entry["at"]),
            entry["key_name"] or entry["key"],
            entry["action"],
            str(entry["status"]),
            " ".join(entry["user_ids"]),
            " ".join(entry["objects"][:1]),
        ]
        for entry in page["entries"]
    ]
    print_table(("at (UTC)", "key", "did", "status", "users", "object"), rows)


def quota(
    context: typer.Context,
    memories: Annotated[int | None, typer.Option(help="At most so many.")] = None,
    stored_bytes: Annotated[int | None, typer.Option(help="At most so many.")] = None,
    daily_tokens: Annotated[int | None, typer.Option(help="Of models, a day.")] = None,
    monthly_tokens: Annotated[int | None, typer.Option(help="A month.")] = None,
    project: Project = None,
) -> None:
    """What a project may store and has stored; with options: set it, 0 for any number."""
    limits = {
        "memories": memories,
        "stored_bytes": stored_bytes,
        "daily_tokens": daily_tokens,
        "monthly_tokens": monthly_tokens,
    }
    with client_of(context) as client:
        if all(limit is None for limit in limits.values()):
            print_json(client.quota(project=project))
        else:
            print_json(client.set_quota(**limits, project=project))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(keys, name="keys", rich_help_panel=GROUP)
    app.command(rich_help_panel=GROUP)(audit)
    app.command(rich_help_panel=GROUP)(quota)


def _print_made(made: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(made)
        return
    print_line(made["key"])
    print_line(
        f"id {made['id']}, project {made['project']}: keep the key, it is not shown again"
    )


def _owner(key: dict[str, Any]) -> str:
    if key["agent_id"]:
        return f"agent {key['agent_id']}"
    return str(key["user_id"] or "everybody")


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _day(at: int | None) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d") if at else ""
