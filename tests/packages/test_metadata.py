"""The packages agree with each other: one release, one licence."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "clients"


def project(folder: Path) -> dict[str, Any]:
    described: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text())
    return described["project"]


def test_all_packages_are_of_one_release() -> None:
    npm = json.loads((CLIENTS / "typescript" / "package.json").read_text())
    lock = json.loads((CLIENTS / "typescript" / "package-lock.json").read_text())
    releases = {
        project(ROOT)["version"],
        project(CLIENTS / "python")["version"],
        npm["version"],
        lock["version"],
    }
    assert len(releases) == 1
    major, minor, _ = releases.pop().split(".")
    asked = f"souvenir-client[cli]>={major}.{minor},<{major}.{int(minor) + 1}"
    assert asked in project(ROOT)["optional-dependencies"]["one-machine"]


def test_every_package_carries_the_licence() -> None:
    """A licence is taken in from the folder of its package only."""
    text = (ROOT / "LICENSE").read_text()
    assert (CLIENTS / "python" / "LICENSE").read_text() == text
    assert (CLIENTS / "typescript" / "LICENSE").read_text() == text
    assert {project(ROOT)["license"], project(CLIENTS / "python")["license"]} == {
        "Apache-2.0"
    }
