"""What each framework of others does with Souvenir, from real runs: `python -m
tests.integrations.frameworks_table [NAME ...]` prints the table of docs/integrations.md;
with `--write` it goes into the document.

Runs the checks of each against a system that is started for it. What a check is: see
`tests.integrations.run`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.clients.install import TYPESCRIPT, node
from tests.clients.typescript import built_integrations
from tests.integrations.install import REQUIREMENTS, python
from tests.support.system import ROOT, System

DOCUMENT = ROOT / "docs" / "integrations.md"
COLUMNS = ("stores", "recalls", "deletes", "streams")
NODE_LOCK = TYPESCRIPT / "integrations" / "package-lock.json"


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework of others, and where its checks are."""

    name: str
    """As its authors write it."""

    package: str
    """In the package index."""

    checks: str
    """A module of tests/integrations/frameworks, or a test of the TypeScript integrations."""

    group: str = "frameworks"
    """The environment that it is installed in; "node" for those of TypeScript."""


FRAMEWORKS = (
    Framework("LangGraph", "langgraph", "langgraph"),
    Framework("LangChain", "langchain-core", "langchain"),
    Framework("OpenAI Agents SDK", "openai-agents", "openai_agents"),
    Framework("LlamaIndex", "llama-index-core", "llama_index"),
    Framework("Pydantic AI", "pydantic-ai-slim", "pydantic_ai"),
    Framework("Google ADK", "google-adk", "google_adk"),
    Framework("Microsoft Agent Framework", "agent-framework-core", "agent_framework"),
    Framework("Strands Agents", "strands-agents", "strands"),
    Framework("AutoGen", "autogen-agentchat", "autogen"),
    Framework("CrewAI", "crewai", "crewai", "crewai"),
    Framework("Hermes", "hermes-agent", "hermes", "hermes"),
    Framework("Dify", "dify-plugin", "dify", "dify"),
    Framework("Vercel AI SDK", "ai", "aiSdk", "node"),
    Framework("Mastra", "@mastra/core", "mastra", "node"),
    Framework("n8n", "n8n-workflow", "n8n", "node"),
)


def outcomes(framework: Framework, system: System) -> dict[str, str]:
    """What became of each check: "ok", or what went wrong."""
    if framework.group == "node":
        return of_node(framework, system)
    ran = _run(
        [python(framework.group), "-m", "tests.integrations.run", framework.checks],
        system,
        PYTHONPATH=f"{ROOT}:{ROOT / 'clients/python'}",
    )
    lines = [json.loads(line) for line in ran.splitlines() if line.startswith("{")]
    return {line["check"]: line["outcome"] for line in lines}


def of_node(framework: Framework, system: System) -> dict[str, str]:
    """The outcomes of a test file of Node's test runner."""
    file = built_integrations() / f"{framework.checks}.test.js"
    said = _run([node(), "--test", "--test-reporter=tap", file], system)
    results = re.findall(r"^(ok|not ok) \d+ - (.+)$", said, re.M)
    return {name: "ok" if mark == "ok" else "failed" for mark, name in results}


def version(framework: Framework) -> str:
    """The release that the checks run against."""
    if framework.group == "node":
        packages = json.loads(NODE_LOCK.read_text())["packages"]
        return str(packages[f"node_modules/{framework.package}"]["version"])
    lines = (REQUIREMENTS / f"{framework.group}.txt").read_text().splitlines()
    (found,) = (line for line in lines if line.startswith(f"{framework.package}=="))
    return found.partition("==")[2]


def table(results: dict[Framework, dict[str, str]]) -> str:
    """The table: "yes", "-" where the framework has no such thing, or FAILS."""
    rows = [
        [
            framework.name,
            f"`{framework.package}` {version(framework)}",
            *(mark(checks.get(column)) for column in COLUMNS),
        ]
        for framework, checks in results.items()
    ]
    head = ["framework", "tested with", *COLUMNS]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def mark(outcome: str | None) -> str:
    """One cell."""
    if outcome is None:
        return "-"
    return "yes" if outcome == "ok" else "FAILS"


def written(document: str, rows: str) -> str:
    """The document with the table between its two comments."""
    begin, end = "<!-- table -->\n", "\n<!-- end of table -->"
    before, rest = document.split(begin)
    return f"{before}{begin}{rows}{end}{rest.partition(end)[2]}"


def _run(command: Sequence[str | Path], system: System, **environment: str) -> str:
    """What a program prints; how it ends says nothing that its lines do not say."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={
            **kept,
            **environment,
            "SOUVENIR_URL": system.url,
            "SOUVENIR_API_KEY": system.key,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return ran.stdout


def main(arguments: list[str]) -> int:
    """Run, print, write; the number of checks that failed."""
    names = {name for name in arguments if not name.startswith("--")}
    wanted = [each for each in FRAMEWORKS if not names or each.checks in names]
    results = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data") as system,
    ):
        for framework in wanted:
            results[framework] = outcomes(framework, system)
            print(framework.name, results[framework], file=sys.stderr, flush=True)
    rows = table(results)
    print(rows)
    if "--write" in arguments:
        DOCUMENT.write_text(written(DOCUMENT.read_text(), rows))
    return sum(
        outcome != "ok" for checks in results.values() for outcome in checks.values()
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
