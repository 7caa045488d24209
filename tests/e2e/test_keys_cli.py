"""`souvenir keys`, `audit` and `quota` against the running system."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.support.system import System, until

pytestmark = pytest.mark.e2e


def souvenir(system: System, *arguments: str, key: str = "") -> tuple[int, str]:
    """Exit code and output of a command."""
    ran = subprocess.run(
        [sys.executable, "-m", "services.launcher.cli", *arguments],
        env={
            **os.environ,
            "SOUVENIR_URL": system.url,
            "SOUVENIR_API_KEY": key or system.key,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def made(system: System, *options: str) -> Any:
    code, said = souvenir(system, "keys", "create", "e2e", "--json", *options)
    assert code == 0, said
    return json.loads(said)


def test_keys_from_the_command_line(system: System) -> None:
    key = made(system, "--user", "zoe", "--days", "2")
    found, said = souvenir(system, "search", "tea", "--user", "zoe", key=key["key"])
    assert found == 0, said
    refused, said = souvenir(system, "search", "tea", "--user", "abe", key=key["key"])
    assert refused == 1 and "another user" in said
    code, said = souvenir(system, "keys", "list")
    assert code == 0 and "first key" in said and key["key"] not in said

    code, said = souvenir(system, "keys", "rotate", key["id"], "--json")
    new = json.loads(said)
    assert souvenir(system, "search", "tea", "--user", "zoe", key=new["key"])[0] == 0
    assert souvenir(system, "search", "tea", "--user", "zoe", key=key["key"])[0] == 1
    assert souvenir(system, "keys", "revoke", new["id"])[0] == 0
    code, said = souvenir(system, "search", "tea", "--user", "zoe", key=new["key"])
    assert code == 1 and "invalid or expired" in said

    # Entries are written after the answer.
    until(
        lambda: any(map(is_revocation, actions(system))), "the audit log to tell of it"
    )


def actions(system: System) -> list[str]:
    """What the audit log tells of."""
    code, said = souvenir(system, "audit", "--json")
    assert code == 0, said
    return [entry["action"] for entry in json.loads(said)]


def is_revocation(action: str) -> bool:
    return action.endswith("/project/keys/{key_id}/revoke")


def test_a_quota_from_the_command_line(system: System) -> None:
    made(system, "--project", "small")
    code, said = souvenir(system, "quota", "--project", "small", "--memories", "7")
    assert code == 0, said
    view = json.loads(souvenir(system, "quota", "--project", "small")[1])
    assert (view["project"], view["memories_limit"], view["used_memories"]) == (
        "small",
        7,
        0,
    )
