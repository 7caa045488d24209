"""Walk the console in a real browser, and measure it:

    python -m tests.console [FOLDER [PAGE ...]]

With names of pages (those of console/walk/pages.mjs) only these are looked at, and only
what administrators do is done.

Starts Souvenir, looks at it empty, fills it, does what people do in it, walks every page
in both languages, themes and sizes, shows it ten thousand memories, and stops the status
service. Screenshots go to FOLDER. Needs Node.js and `npm ci` in console/, and Chromium,
which is installed where there is an apt-get to do it; says so and ends well where one of
them cannot be had.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.console.seeds import seed, seed_many
from tests.support.system import System

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "console"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

SETTINGS = {
    "SOUVENIR_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "SOUVENIR_MODEL_PRICES": '{"qwen3-8b": {"prompt": 0.25, "completion": 2}}',
}


def main(folder: Path, only: list[str]) -> int:
    """The exit code: 0 for a good walk, and where it cannot be gone."""
    browser = browser_path()
    if not shutil.which("node") or not (CONSOLE / "node_modules").is_dir():
        print("The console is not walked: it needs Node.js, and `npm ci` in console/.")
        return 0
    if not browser:
        print("The console is not walked: there is no Chromium, and none to install.")
        return 0
    with (
        tempfile.TemporaryDirectory() as data,
        System(Path(data) / "data", **SETTINGS) as system,
    ):
        if only:
            return some_pages(system, browser, folder, only)
        return all_parts(system, browser, folder)


def all_parts(system: System, browser: str, folder: Path) -> int:
    """Every part of the walk, also after one that went wrong."""
    codes = [walk("empty", system, browser, folder, {})]
    codes.append(walk("main", system, browser, folder, seed(system)))
    codes.append(walk("many", system, browser, folder, seed_many(system)))
    status = system.pids["status"]
    os.kill(status, signal.SIGSTOP)
    try:
        codes.append(walk("down", system, browser, folder, {}))
    finally:
        os.kill(status, signal.SIGCONT)
    return max(codes)


def some_pages(system: System, browser: str, folder: Path, only: list[str]) -> int:
    """A short walk, for who works on these pages."""
    subjects = seed(system)
    codes = [walk("administer", system, browser, folder, subjects)]
    codes.append(walk("tour", system, browser, folder, subjects, ",".join(only)))
    return max(codes)


def walk(
    part: str,
    system: System,
    browser: str,
    folder: Path,
    subjects: dict[str, str],
    only: str = "",
) -> int:
    """One part of the walk; its exit code."""
    print(f"-- {part}", flush=True)
    ran = subprocess.run(
        [
            "node",
            "walk/walk.mjs",
            part,
            system.url,
            system.key,
            str(folder),
            json.dumps(subjects),
        ],
        cwd=CONSOLE,
        env={**os.environ, "CHROMIUM": browser, "ONLY": only},
        check=False,
    )
    return ran.returncode


def browser_path() -> str:
    """A Chromium, installed if need be; '' where there is none."""
    named = os.environ.get("CHROMIUM", "")
    found_path = named or next(filter(None, map(shutil.which, BROWSERS)), "")
    if found_path or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found_path or ""
    for command in (["update"], ["install", "-y", "chromium", "fonts-noto-cjk"]):
        subprocess.run(["apt-get", "-qq", *command], check=False)
    return shutil.which("chromium") or ""


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "build/console").absolute()
    sys.exit(main(target, sys.argv[2:]))
