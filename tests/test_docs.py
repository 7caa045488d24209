"""The documents say what is true of the repository: links, names of files, settings and
sections of the contract resolve, in the documents and in the code that refers to them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shared import contract
from shared.settings import Settings
from shared.settings.variables import variables
from tests.test_architecture import MAP, PACKAGES

ROOT = Path(__file__).parents[1]
CODE = ("shared", "services", "workers", "clients", "tests", "deploy")
NOT_OURS = frozenset(
    (".venv", "node_modules", "data", "build", "dist", "__pycache__", ".git")
)
"""Folders that are not part of the repository, or not written by hand."""
LONGEST_LINE = 120
"""Columns of a line in a document; address-only lines and rows of tables are checked too."""

LOG_EVENTS = ROOT / "docs/log-events.md"
LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")
"""Methods of a logger that log; `log` has the level before the event."""

_FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.S | re.M)
_CODE_SPAN = re.compile(r"(`+)(.+?)\1", re.S)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.M)
_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^()\s>]+)>?[^()]*\)")
_ROOTS = r"(?:shared|services|workers|clients|tests|deploy|docs|\.ci|\.github)"
_PATH = re.compile(rf"{_ROOTS}/[\w./-]*\w/?|[a-z][\w.-]*\.(?:toml|yml|lock)|Makefile")
_MAKE = re.compile(r"^[ \t]*make ([a-z][a-z-]*)", re.M)
_VARIABLE = re.compile(r"\bSOUVENIR_[A-Z_]+[A-Z]\b")
_MACHINE = re.compile(r"(?<![\w.:/])/(?:work|home|root|tmp|Users|mnt|opt)/\w")
_CONTRACT = re.compile(
    r"contract(?:,? sections?)? ((?:\d{1,2}(?:\.\d{1,2})?)(?:(?:, | and )\d{1,2}\.\d{1,2})*)"
    r"(?: row (\d+))?"
)
_SEED = re.compile(r"[Ss]eeds? (00\d)(?: and (00\d))?")
_ARCHITECTURE = re.compile(r"architecture, section (\d+)")
_DOCUMENT = re.compile(r"docs/[\w/-]+\.md")
_FIGURE = re.compile(r"^\| (?:(\w+) )?\| .+ \| `(.+)` \| ([\d.]+) \|$", re.M)
"""Folder, name and value of a model's figure in the README; a row without a folder is of
the one above.
"""


def documents() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*.md")
        if not NOT_OURS & set(path.relative_to(ROOT).parts)
    )


def sources() -> list[Path]:
    files = (path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in files if path != Path(__file__)]


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def flowing(path: Path) -> str:
    """A text with single spaces, so that a reference may stand across two lines."""
    return " ".join(text_of(path).replace("\n#", "\n").split())


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_of(path: Path) -> Iterator[str]:
    """What a document shows as code: blocks and words in backticks."""
    text = text_of(path)
    for block in _FENCE.finditer(text):
        yield block[0]
    for span in _CODE_SPAN.finditer(_FENCE.sub("", text)):
        yield span[2]


def headings(path: Path) -> list[str]:
    return _HEADING.findall(_FENCE.sub("", text_of(path)))


@cache
def anchors(path: Path) -> frozenset[str]:
    """Of every heading, the anchor that GitHub gives it."""
    seen: dict[str, int] = {}
    slugs = set()
    for heading in headings(path):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        times = seen.get(slug, 0)
        seen[slug] = times + 1
        slugs.add(f"{slug}-{times}" if times else slug)
    return frozenset(slugs)


@cache
def sections(document: str) -> frozenset[str]:
    """The numbers that the headings of a document begin with."""
    numbered = (
        re.match(r"(\d+(?:\.\d+)?)\b", heading)
        for heading in headings(ROOT / "docs" / document)
    )
    return frozenset(number[1] for number in numbered if number)


def test_the_documents_exist() -> None:
    names = {place(path) for path in documents()}
    assert names >= {
        "README.md",
        "README.zh-CN.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "docs/contract.md",
        "docs/architecture.md",
        "docs/glossary.md",
        "docs/scoring.md",
        "docs/job-lifecycle.md",
        "docs/log-events.md",
    }


@pytest.mark.parametrize("path", documents(), ids=place)
def test_links_lead_somewhere(path: Path) -> None:
    prose = _CODE_SPAN.sub("", _FENCE.sub("", text_of(path)))
    broken = []
    for target in _LINK.findall(prose):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert not broken, f"{place(path)}: {broken}"


@pytest.mark.parametrize("path", documents(), ids=place)
def test_files_that_are_named_exist(path: Path) -> None:
    """A path with a placeholder, such as `<format>`, is none."""
    names = [span for span in code_of(path) if _PATH.fullmatch(span)]
    missing = [
        name
        for name in names
        if not (ROOT / name).exists() and not (path.parent / name).exists()
    ]
    assert not missing, f"{place(path)}: {missing}"


@pytest.mark.parametrize("path", documents(), ids=place)
def test_make_targets_that_are_named_exist(path: Path) -> None:
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, re.M))
    named = {target for span in code_of(path) for target in _MAKE.findall(span)}
    assert named <= targets, f"{place(path)}: {sorted(named - targets)}"


@pytest.mark.parametrize("path", documents(), ids=place)
def test_settings_that_are_named_exist(path: Path) -> None:
    existing = {name for name, _, _ in variables(Settings())} | of_the_client()
    named = set(_VARIABLE.findall(text_of(path)))
    assert named <= existing, f"{place(path)}: {sorted(named - existing)}"


@cache
def of_the_client() -> frozenset[str]:
    """The client is a package of its own and has variables of its own."""
    files = sorted((ROOT / "clients").rglob("*.py"))
    return frozenset(
        name for path in files for name in _VARIABLE.findall(text_of(path))
    )


@pytest.mark.parametrize("path", documents(), ids=place)
def test_no_path_of_a_machine(path: Path) -> None:
    assert not _MACHINE.findall(text_of(path)), place(path)


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in documents()
        if (path.parent == ROOT or "docs" in path.relative_to(ROOT).parts)
        and path.parent.name != "benchmarks"  # tables that `make bench` writes
    ],
    ids=place,
)
def test_lines_fit_a_screen(path: Path) -> None:
    long = [
        number
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert not long, f"{place(path)}: lines {long}"


def test_sections_of_the_contract_exist() -> None:
    existing, rows = sections("contract.md"), disagreements()
    missing, count = [], 0
    for path in [*sources(), *documents()]:
        for numbers, row in _CONTRACT.findall(flowing(path)):
            count += 1
            wrong = set(re.findall(r"[\d.]+", numbers)) - existing
            if wrong or (row and row not in rows):
                missing.append(f"{place(path)}: contract {numbers} {row}")
    assert count > 30
    assert not missing, "\n".join(missing)


def disagreements() -> set[str]:
    """The numbers of the rows in section 6 of the contract."""
    section = text_of(ROOT / "docs/contract.md").partition("\n## 6.")[2]
    return set(re.findall(r"^\| (\d+) \|", section.partition("\n## ")[0], re.M))


def test_the_contract_lists_the_codes_that_the_server_uses() -> None:
    """The last column of the table says "yes" for those of `shared.contract.Code`."""
    section = text_of(ROOT / "docs/contract.md").partition("\n### 0.1 ")[2]
    table = section.partition("\n### ")[0]
    rows = re.findall(r"^\| (\d{5}[^|]*)\|[^|]*\| yes \|$", table, re.M)
    used = {int(code) for row in rows for code in re.findall(r"\d{5}", row)}
    assert used == {int(code) for code in contract.Code}


def test_seeds_are_sections_of_the_contract() -> None:
    existing = {
        number
        for heading in headings(ROOT / "docs/contract.md")
        for number in re.findall(r"\(seed (\d+)\)", heading)
    }
    assert len(existing) == 5
    missing = [
        f"{place(path)}: seed {number}"
        for path in [*sources(), *documents()]
        for numbers in _SEED.findall(flowing(path))
        for number in numbers
        if number and number not in existing
    ]
    assert not missing, "\n".join(missing)


def test_sections_of_the_architecture_exist() -> None:
    existing = sections("architecture.md")
    missing = [
        f"{place(path)}: section {number}"
        for path in [*sources(), *documents()]
        for number in _ARCHITECTURE.findall(flowing(path))
        if number not in existing
    ]
    assert not missing, "\n".join(missing)


def test_the_import_map_is_that_of_the_code() -> None:
    """Every area of the map has its row in section 6 of the architecture."""
    section = text_of(ROOT / "docs/architecture.md").partition("\n## 6.")[2]
    rows = " ".join(re.findall(r"^\|([^|]*)\|", section.partition("\n## ")[0], re.M))
    areas = {area for area in MAP if area not in PACKAGES}
    assert areas == set(re.findall(r"`([a-z_.]+)`", rows))


def test_documents_that_code_names_exist() -> None:
    missing = [
        f"{place(path)}: {name}"
        for path in sources()
        for name in _DOCUMENT.findall(text_of(path))
        if not (ROOT / name).exists()
    ]
    assert not missing, "\n".join(missing)


def logged_events() -> Iterator[tuple[str, str]]:
    """Place and name of every event that a process logs; a name that is put together
    is given as "".
    """
    files = (path for path in sources() if path.relative_to(ROOT).parts[0] in PACKAGES)
    for path in files:
        for node in ast.walk(ast.parse(text_of(path))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id.lower() == "log"
                and node.func.attr in LEVELS
            ):
                message = node.args[1 if node.func.attr == "log" else 0]
                name = message.value if isinstance(message, ast.Constant) else ""
                yield f"{place(path)}:{node.lineno}", str(name)


def test_log_events_are_listed() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", text_of(LOG_EVENTS), re.M))
    logged = list(logged_events())
    names = {name for _, name in logged}
    unnamed = [at for at, name in logged if not re.fullmatch(r"[a-z]+(_[a-z]+)+", name)]
    assert not unnamed, f"an event is a constant in snake_case: {unnamed}"
    assert names == listed, f"{sorted(names ^ listed)}"


def test_figures_of_models_are_those_of_their_cards() -> None:
    """The README shows some, each by the name that it has on the card."""
    rows = _FIGURE.findall(text_of(ROOT / "README.md"))
    assert len(rows) > 5
    model, old = "", []
    for named, figure, value in rows:
        model = named or model
        card = text_of(ROOT / "shared/models" / model / "README.md")
        line = re.search(rf"^\| {re.escape(figure)} \|.*$", card, re.M)
        shipped = line[0].strip("| ").split(" | ")[-1] if line else "missing"
        if shipped != value:
            old.append(f"{model}, {figure}: {value}, on the card {shipped}")
    assert not old, old


DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", DECISIONS, ids=place)
def test_a_decision_has_its_parts(path: Path) -> None:
    parts = [
        "Context",
        "Decision",
        "Consequences",
        "What we gave up",
        "Where in the code",
    ]
    assert headings(path)[1:] == parts
    number = path.name.partition("-")[0]
    assert headings(path)[0].startswith(f"{number}. ")


def test_decisions_are_numbered_and_listed() -> None:
    numbers = [int(path.name.partition("-")[0]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    index = text_of(ROOT / "docs/decisions/README.md")
    assert [path.name for path in DECISIONS if f"({path.name})" not in index] == []


def test_the_patterns_match_what_they_should() -> None:
    """The patterns themselves: what they must find and what they must let pass."""
    assert _CONTRACT.findall("(contract 1.4, 1.5, 1.11)") == [("1.4, 1.5, 1.11", "")]
    assert _CONTRACT.findall("contract, section 6 row 9") == [("6", "9")]
    assert _SEED.findall("seeds 001 and 002; seed 004") == [("001", "002"), ("004", "")]
    assert _LINK.findall("[a](b.md#c) ![d](e.png)") == ["b.md#c", "e.png"]
    assert _PATH.fullmatch("shared/ports.py") and _PATH.fullmatch("tests/clients/")
    assert not _PATH.fullmatch("workers/parsers/<format>.py")
    assert not _PATH.fullmatch("shared.ports")
    assert "16-post-getstatus" in anchors(ROOT / "docs/contract.md")
    assert _MACHINE.findall("see /tmp/x") and not _MACHINE.findall("POST /add/message")


def test_every_page_is_in_the_menu_of_the_site() -> None:
    """`make docs` fails otherwise, and few run it. The build adds decisions by itself."""
    menu = (ROOT / "docs/site/mkdocs.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"[\w./-]+\.md$", menu, re.M))
    written = {path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*.md")}
    elsewhere = NOT_OURS | {"decisions"}
    pages = {path.as_posix() for path in written if elsewhere.isdisjoint(path.parts)}
    assert pages <= listed, pages - listed
