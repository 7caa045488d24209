"""`souvenir add` and the like in a terminal and in a pipe, against the system that runs
on this machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from services.launcher.network import free_ports
from tests.support.system import KEPT, ROOT, System
from tests.support.terminal import Shown, in_terminal

COMMAND = (sys.executable, "-m", "services.launcher.cli")


class Cli:
    """The command as it is used where `souvenir up` runs: nothing is said but the data
    folder, which holds URL and key.
    """

    def __init__(self, system: System, user: str) -> None:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.environment = {
            **kept,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'clients/python'}",
            "PYTHONIOENCODING": "utf-8",
            "SOUVENIR_DATA": str(system.data),
            "SOUVENIR_USER": user,
        }

    def seen(self, *arguments: str) -> Shown:
        """What a person sees."""
        return in_terminal([*COMMAND, *arguments], self.environment)

    def piped(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What a script reads."""
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def json(self, *arguments: str) -> Any:
        done = self.piped(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def cli(system: System, user: str) -> Cli:
    return Cli(system, user)


def said(shown: Shown, *words: str) -> None:
    assert shown.code == 0, shown.text
    for each in words:
        assert each in shown.text


def test_a_sentence_is_remembered_found_and_asked_about(cli: Cli) -> None:
    said(
        cli.seen("add", "My sister Carla plays the [cello] in Porto."),
        "completed: 1 fact stored (task ",
        "[cello]",
    )
    said(
        cli.seen("search", "Which instrument does Carla play?", "--relativity", "0"),
        "fact",
        "[cello]",
        "│",
    )
    said(
        cli.seen("search", "Which instrument does Carla play?", "--explain"),
        "meaning",
        "threshold",
    )
    said(cli.seen("chat", "Which instrument does my sister Carla play?"), "cello")


def test_a_file_is_seen_being_read(cli: Cli, tmp_path: Path) -> None:
    note = tmp_path / "cellar.txt"
    note.write_text("The key to the cellar hangs behind the blue door.")
    shown = cli.seen("upload", str(note))
    said(shown, "completed: 1 fact stored (task ", "cellar.txt", "pages", "━")
    assert (
        "\x1b[2K" in shown.raw
    )  # lines are written over: the bar moves, and is gone at the end


def test_tasks_are_listed_and_one_that_has_ended_stays_as_it_ended(cli: Cli) -> None:
    task = cli.json("add", "I live in Lisbon.", "--json")["task_id"]
    said(cli.seen("tasks"), task, "completed", "1 stored")
    said(
        cli.seen("status", task, "--follow"), f"completed: 1 fact stored (task {task})"
    )
    said(cli.seen("cancel", task), f"completed (task {task})")
    assert "code" in cli.piped("replay", task).stderr


def test_everything_of_a_user_is_forgotten_when_asked_twice(cli: Cli) -> None:
    cli.piped("add", "I live in Lisbon.")
    (row,) = cli.json("memories", "--json")["memory_detail_list"]
    assert cli.piped("delete", "--all").returncode == 1, "nobody said yes"
    said(cli.seen("delete", row["id"]), "forgotten")
    assert cli.json("memories", "--json")["memory_detail_list"] == []
    cli.piped("add", "I live in Porto.")
    said(cli.seen("delete", "--all", "--yes"), "forgotten")
    assert cli.json("memories", "--json")["memory_detail_list"] == []


def test_in_a_pipe_there_is_no_bar(cli: Cli, tmp_path: Path) -> None:
    note = tmp_path / "cellar.txt"
    note.write_text("The key to the cellar hangs behind the blue door.")
    done = cli.piped("upload", str(note))
    assert (
        done.returncode,
        done.stdout.startswith("completed: 1 fact stored (task "),
        done.stdout.count("\n"),
        done.stderr,
    ) == (0, True, 1, "")
    assert "\x1b" not in done.stdout


def test_answers_for_scripts(cli: Cli) -> None:
    task = cli.json("add", "I live in Lisbon.", "--json")["task_id"]
    assert cli.json("status", task, "--json")["status"] == "completed"
    told = cli.piped("status", task, "--follow").stdout
    assert told.startswith(f"completed: 1 fact stored (task {task})\n")
    assert [each["task_id"] for each in cli.json("tasks", "--json")] == [task]
    assert cli.json("tasks", "--json", "--state", "queued") == []
    assert [each["content"] for each in cli.json("get", "--json")] == [
        "I live in Lisbon."
    ]
    found = cli.json("search", "Where do I live?", "--relativity", "0", "--json")[
        "memory_detail_list"
    ]
    assert [row["id"] for row in found] == [
        row["id"]
        for row in cli.json("memories", "--json", "--size", "5")["memory_detail_list"]
    ]


def test_everything_moves_to_another_user(cli: Cli, user: str, tmp_path: Path) -> None:
    cli.piped("add", "I live in Lisbon.")
    lines = cli.piped("export").stdout
    file = tmp_path / "export.jsonl"
    said(
        cli.seen("export", str(file)),
        f"{len(lines.splitlines())} records in ",
        "export.jsonl",
    )
    assert file.read_text() == lines
    assert {json.loads(line)["record"] for line in lines.splitlines()} == {
        "message",
        "memory",
    }
    said(
        cli.seen("import", str(file), "--user", f"other-{user}"),
        "1 messages and 1 memories brought in, 0 were known",
    )
    said(
        cli.seen("import", str(file), "--user", f"other-{user}"),
        "0 messages and 0 memories brought in, 2 were known",
    )
    other = cli.json("memories", "--json", "--user", f"other-{user}")[
        "memory_detail_list"
    ]
    assert (
        [row["memory_value"] for row in other]
        == [
            row["memory_value"]
            for row in cli.json("memories", "--json")["memory_detail_list"]
        ]
        != []
    )


def test_an_export_of_mem0_comes_in(cli: Cli, user: str, tmp_path: Path) -> None:
    file = tmp_path / "mem0.json"
    file.write_text(
        json.dumps(
            {
                "results": [
                    {
                        "id": "1",
                        "memory": "Allergic to peanuts",
                        "user_id": user,
                        "created_at": "2025-01-15T10:00:00Z",
                    }
                ]
            }
        )
    )
    said(cli.seen("import", str(file)), "0 messages and 1 memories brought in")
    said(
        cli.seen("search", "peanut allergy", "--relativity", "0"), "Allergic to peanuts"
    )


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("delete",), "name the memories"),
        (("status", "no-such-task"), "no task no-such-task (code 50131)"),
        (("upload", "/no/such/file"), "No such file"),
        (("import", "/no/such/file"), "No such file"),
        (("search", "x", "--user", "u" * 101), "100 characters"),
        (("memories", "--user", ""), "code 40002"),
    ],
)
def test_an_error_is_one_line(cli: Cli, arguments: Sequence[str], words: str) -> None:
    done = cli.piped(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("souvenir: ") and words in done.stderr


def test_a_file_that_cannot_be_read_is_an_error(cli: Cli, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 not really")
    done = cli.piped("upload", str(broken))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "broken.pdf" in done.stderr and "code 50107" in done.stderr


def test_a_server_that_is_not_there_is_an_error(cli: Cli) -> None:
    cli.environment["SOUVENIR_URL"] = f"http://127.0.0.1:{free_ports(1)[0]}"
    done = cli.piped("chat", "hello")
    assert (done.returncode, done.stderr.count("\n")) == (1, 2)
    assert f"no answer from {cli.environment['SOUVENIR_URL']}" in done.stderr


def test_a_knowledge_base_from_the_command_line(cli: Cli, tmp_path: Path) -> None:
    note = tmp_path / "pump.txt"
    note.write_text("The pump is oiled every 30 days.")
    base = cli.piped("kb", "create", "manuals").stdout.strip()
    said(cli.seen("kb", "add", base, str(note)), "pump.txt", "completed")
    assert base in cli.piped("kb", "list").stdout
    question = ("search", "How often is the pump oiled?")
    assert "30 days" in cli.piped(*question, "--kb", base).stdout
    assert "30 days" not in cli.piped(*question).stdout
    file = cli.json("kb", "files", base, "--json")[0]["id"]
    said(cli.seen("kb", "remove", file), "removed 1 file")
    said(cli.seen("kb", "delete", base, "--yes"), "removed")


def test_memories_are_changed_corrected_and_previewed(cli: Cli) -> None:
    cli.piped("add", "I live in Lisbon.")
    (row,) = cli.json("memories", "--json")["memory_detail_list"]
    assert row["id"] in cli.piped("memories").stdout
    said(cli.seen("update", row["id"], "The user lives in Porto."), "changed")
    assert "Porto" in cli.piped("memory", row["id"]).stdout
    said(cli.seen("feedback", "I live in Braga, not in Porto."), "completed: ")
    assert "nuts" in cli.piped("extract", "I am allergic to nuts.").stdout
    assert "nuts" not in cli.piped("memories").stdout


def test_memories_are_rated_restored_and_undone(cli: Cli) -> None:
    cli.piped("add", "I live in Lisbon.")
    (row,) = cli.json("memories", "--json")["memory_detail_list"]
    question = ("--query", "Where do I live?")
    said(cli.seen("rate", "down", row["id"], *question), "1 rated down")
    assert "thumbs" in cli.piped("search", question[1], "--explain").stdout
    cli.piped("update", row["id"], "The user lives in Porto.")
    version = json.loads(cli.piped("memory", row["id"]).stdout)["history"][0]["id"]
    said(cli.seen("restore-memory", row["id"], version), "Lisbon")
    assert "no memories" in cli.piped("memories", "--as-of", "2020-01-01").stdout
    (task,) = cli.json("tasks", "--json")
    said(cli.seen("undo", task["task_id"]), "0 removed, 0 restored, 1 left")


def test_an_empty_file_is_said_to_be_empty(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    done = cli.piped("upload", str(tmp_path / "empty.txt"))
    assert (done.returncode, done.stderr.endswith("empty.txt is empty\n")) == (1, True)


def test_conversations_of_claude_are_read_on_their_days_and_once(
    cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "conversations.json"
    message = {"sender": "human", "text": "I keep two greyhounds.", "uuid": "m1"}
    talk = {"uuid": "c1", "name": "Dogs", "chat_messages": [message]}
    file.write_text(json.dumps([{**talk, "created_at": "2023-05-01T10:00:00Z"}]))
    said(
        cli.seen("import", str(file), "--user", cli.environment["SOUVENIR_USER"]),
        "1 new conversation",
    )
    (row,) = cli.json("memories", "--json")["memory_detail_list"]
    assert "greyhounds" in row["memory_value"]
    assert cli.json("get", "--json", "-c", "claude-c1")[0]["chat_time"].startswith(
        "2023-05-01"
    )
    again = cli.piped("import", str(file), "--user", cli.environment["SOUVENIR_USER"])
    assert "0 messages; 1 were known" in again.stdout
