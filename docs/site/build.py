"""Build the documentation as a site: `make docs`, into build/docs/site.

It asks no other host for anything when it is read, works from a folder, and searches
offline. A page that no menu names, a link or an anchor that leads nowhere, and anything
that would be loaded from elsewhere ends the build.

MkDocs and its theme are installed into an environment of their own (requirements.txt
beside this), for no process needs them; two scripts come from npm (package-lock.json).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from docs.site.api_pages import SCHEMAS, api_pages
from services.gateway.app import build_app
from shared.settings import Settings
from tests.clients.install import npm_ci

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "docs"
PAGES, SITE, ENVIRONMENT = BUILD / "pages", BUILD / "site", BUILD / "environment"
MKDOCS = BUILD / "mkdocs.yml"
SOURCES = ("*.md", "docs", "examples", "clients", "shared/models", "training")
"""Where pages and what they link to are looked for."""
API = "api"
SCRIPTS = {
    "mermaid/dist/mermaid.min.js": "mermaid.min.js",
    "iframe-worker/shim/index.js": "iframe-worker.js",
}
"""Files of npm packages, and what they are called on the site."""

_LINK = re.compile(r"(?<!\\)\]\(<?([^()\s>#]+)")
_LOADED = re.compile(
    r"<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=[\"']?(https?:)?//", re.I
)


def pages() -> Iterator[Path]:
    """Every page of the repository that is for readers; those that tests and GitHub need are not."""
    for source in SOURCES:
        found = ROOT.glob(source) if "*" in source else (ROOT / source).rglob("*.md")
        yield from sorted(path for path in found if "node_modules" not in path.parts)


def lay_out() -> None:
    """Copy the pages and the files that they link to, each to its place."""
    shutil.rmtree(PAGES, ignore_errors=True)
    waiting, done = list(pages()), set[Path]()
    while waiting:
        path = waiting.pop()
        if path in done or path.is_dir() or not path.exists():
            continue
        done.add(path)
        target = PAGES / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        if path.suffix == ".md":
            links = _LINK.findall(path.read_text(encoding="utf-8"))
            named = (
                (path.parent / link).resolve() for link in links if ":" not in link
            )
            waiting += [each for each in named if each.is_relative_to(ROOT)]


def write_api() -> list[dict[str, str]]:
    """Write the pages of the API; their entries in the menu."""
    written = api_pages(build_app(Settings.from_env({})).openapi())
    (PAGES / API).mkdir()
    for name, text in written.items():
        (PAGES / API / name).write_text(text, encoding="utf-8")
    names = [name for name in written if name != SCHEMAS]
    return [
        {name.removesuffix(".md").replace("-", " ").capitalize(): f"{API}/{name}"}
        for name in [*names, SCHEMAS]
    ]


def write_configuration(api: list[dict[str, str]]) -> None:
    """The menu with the API and every decision in it."""
    text = (HERE / "mkdocs.yml").read_text(encoding="utf-8")
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    menu = yaml.safe_dump([{"Routes": api}], allow_unicode=True)
    listed = yaml.safe_dump([place(path) for path in decisions])
    reference = "      - Contract: docs/contract.md\n"
    text = text.replace(reference, reference + indented(menu))
    MKDOCS.write_text(text.rstrip("\n") + "\n" + indented(listed), encoding="utf-8")


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def indented(text: str) -> str:
    return "".join(f"      {line}\n" for line in text.splitlines())


def copy_scripts() -> None:
    """Put beside the pages what the theme would load from another host: the program that
    draws diagrams, and the one that lets search run in a folder without a server.
    """
    npm_ci(HERE)
    (PAGES / "site").mkdir()
    for module, script in SCRIPTS.items():
        shutil.copyfile(HERE / "node_modules" / module, PAGES / "site" / script)


def environment() -> Path:
    """The Python that has MkDocs; made when it is not there, or other releases are asked for."""
    wanted = (HERE / "requirements.txt").read_text()
    stamp, program = ENVIRONMENT / "installed.txt", ENVIRONMENT / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        run(sys.executable, "-m", "venv", ENVIRONMENT)
        pip = (
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        )
        run(program, *pip, "-r", HERE / "requirements.txt")
        stamp.write_text(wanted)
    return program


def run(*command: str | Path) -> None:
    """A program that must end well."""
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run([str(part) for part in command], cwd=BUILD, env=quiet, check=True)


def loaded_from_elsewhere(site: Path) -> list[str]:
    """Pages that a browser would read something for from another host."""
    return sorted(
        str(page.relative_to(site))
        for page in site.rglob("*.html")
        if _LOADED.search(page.read_text(encoding="utf-8"))
    )


def main() -> None:
    """Lay out, build strictly, look at what came out."""
    BUILD.mkdir(parents=True, exist_ok=True)
    lay_out()
    write_configuration(write_api())
    copy_scripts()
    run(environment(), "-m", "mkdocs", "build", "--clean", "--config-file", MKDOCS)
    elsewhere = loaded_from_elsewhere(SITE)
    if elsewhere:
        sys.exit(f"these pages load from other hosts: {', '.join(elsewhere)}")
    print(f"{len(list(SITE.rglob('*.html')))} pages: {SITE / 'index.html'}")


if __name__ == "__main__":
    main()
