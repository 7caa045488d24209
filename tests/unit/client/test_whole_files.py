"""Exports and backups: whole or not at all, for their owner alone."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from souvenir_client import Client, transfer_commands
from souvenir_client.cli import app
from souvenir_client.values import ApiError
from souvenir_client.whole_files import written_whole
from tests.unit.client.servers import Server, no, ok

AWAY = httpx.ConnectError("refused")


def run(server: Server, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    client = Client("http://h", "k", pauses=(), transport=httpx.MockTransport(server))
    monkeypatch.setattr(transfer_commands, "client_of", lambda context: client)
    return CliRunner().invoke(app, ["--url", "http://h", *arguments])


def page(*texts: str) -> httpx.Response:
    records = [{"record": "memory", "text": text} for text in texts]
    return ok({"records": records, "after": None})


@pytest.mark.parametrize(
    "answers", [(AWAY,), (ok({"user_id_list": ["ann", "bob"]}), page("a"), AWAY)]
)
def test_an_export_that_fails_leaves_the_older_one(
    answers: tuple[httpx.Response | Exception, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "all.jsonl"
    file.write_text("last week")
    failed = run(Server(*answers), monkeypatch, "export", str(file))
    assert isinstance(failed.exception, ApiError)
    assert [each.read_text() for each in tmp_path.iterdir()] == ["last week"]


def test_an_export_is_for_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.jsonl"
    server = Server(page("one\u2028two"))
    done = run(server, monkeypatch, "export", str(file), "--user", "ann")
    assert (done.exit_code, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600)
    assert file.read_text().count("\n") == 1


def test_a_backup_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.tar.gz"
    refused = no(403, 40300, "not your key")
    assert run(Server(refused), monkeypatch, "backup", str(file)).exit_code == 1
    assert not list(tmp_path.iterdir())


def test_what_was_broken_off_is_no_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.jsonl.part"
    file.write_text("{}")
    refused = run(Server(page()), monkeypatch, "import", str(file))
    assert "broken off" in str(refused.exception)


def test_a_break_in_the_middle_and_a_part_left_behind(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    file = tmp_path / "file"
    (tmp_path / "file.part").write_bytes(b"of a run that was killed")
    with pytest.raises(KeyboardInterrupt), written_whole(file) as target:
        target.writelines(pieces())
    assert not list(tmp_path.iterdir())
    with written_whole(file) as target:
        target.write(b"whole")
    assert file.read_bytes() == b"whole"
