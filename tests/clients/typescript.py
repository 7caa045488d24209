"""The TypeScript client, built and tested by Node."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

from tests.clients.install import TYPESCRIPT, node


@cache
def built() -> Path:
    """The folder of the client and its tests as JavaScript. A type error is an AssertionError."""
    compile_project("tsconfig.test.json")
    return TYPESCRIPT / "dist"


@cache
def built_integrations() -> Path:
    """The folder of the integrations' tests as JavaScript. A type error is an AssertionError."""
    compile_project("integrations/n8n/tsconfig.json")
    compile_project("integrations/tsconfig.json")
    return TYPESCRIPT / "integrations" / "dist" / "integrations" / "test"


def compile_project(config: str) -> None:
    """Run the compiler."""
    compiler = TYPESCRIPT / "node_modules" / "typescript" / "bin" / "tsc"
    output(node(), compiler, "-p", config)


def run_tests(*files: Path, **environment: str) -> str:
    """What Node's test runner says about test files; a failed test is an AssertionError."""
    return output(node(), "--test", *files, **environment)


def output(*command: str | Path, **environment: str) -> str:
    """What a program prints. Ending badly is an AssertionError with it."""
    kept = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "")}
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=TYPESCRIPT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout
