"""Install the frameworks of others, each group in an environment of its own:
`python tests/integrations/install.py [GROUP ...]`, all of them without a name.

A group is a file in tests/integrations/requirements; its environment is
<environment>/integrations/<group>. Frameworks that agree on what they need share one.
Those of TypeScript are in clients/typescript/integrations/node_modules.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.clients.install import TYPESCRIPT, npm_ci  # noqa: E402

REQUIREMENTS = Path(__file__).parent / "requirements"
FOLDER = Path(sys.prefix) / "integrations"


def groups() -> list[str]:
    """The names of all groups."""
    return sorted(path.stem for path in REQUIREMENTS.glob("*.txt"))


def python(group: str) -> Path:
    """The interpreter of a group. Raises AssertionError when it is not installed."""
    program = FOLDER / group / "bin" / "python"
    assert program.exists(), (
        f"{group} is not installed for the tests: python tests/integrations/install.py {group}"
    )
    return program


def install(group: str) -> None:
    """Make the environment of a group, unless it is there for these very requirements."""
    wanted = (REQUIREMENTS / f"{group}.txt").read_text()
    stamp = FOLDER / group / "installed.txt"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(FOLDER / group)], check=True
    )
    # --no-deps: the list is complete, so nothing is resolved and nothing else comes in.
    pip = [str(python(group)), "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run(
        [*pip, "-r", str(REQUIREMENTS / f"{group}.txt")], check=True, stdout=sys.stderr
    )
    stamp.write_text(wanted)


if __name__ == "__main__":
    for name in sys.argv[1:] or groups():
        install(name)
    npm_ci(TYPESCRIPT / "integrations")
