"""From a trained encoder and its heads to a folder that the program can load.

The graph is built of standard ONNX operators: fused ones of ONNX Runtime were measured and are no
faster in 8 bit. Weights of matrix products get 7 bit and a sign, a scale for each column: on
processors without VNNI sums of 8-bit products overflow, and 7 bit lose nothing that was measured.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from shared.adapters.onnx.session import (
    CARD,
    GRAPH,
    NUMBERS,
    OWN,
    POOLED,
    enclosed,
    first_part,
    hash_of,
    padded,
    through_first_part,
)
from shared.adapters.onnx.tokenizer import Tokenizer
from shared.adapters.onnx.weights import Weights
from training.backbone import Encoder
from training.data import load_talks, split
from training.heads import Over
from training.smoothing import SmoothLayer, smooth

OPSET = 20
IR_VERSION = 9
SMALLEST_APART = 1024
"""Bytes from which a constant lies in the file of weights."""
SAMPLED = 100
"""Talks, and tokens of each text, that the sizes of activations are measured with."""
SAMPLE_TOKENS = 128
FAR = 1e9
"""What is taken from the attention that a padding token would get."""


@dataclass(frozen=True)
class Head:
    """A linear layer whose outputs become probabilities of classes."""

    name: str
    linear: nn.Linear
    classes: tuple[str, ...]
    exclusive: bool = False
    """Whether one class holds (a distribution) or several may, each with a probability."""
    over: Over = "mean"


@dataclass(frozen=True)
class Export:
    """What is written. Without heads the output is `vector`, the unit vector of the text."""

    name: str
    encoder: Encoder
    heads: Sequence[Head] = ()
    longest: int = 512
    texts: Sequence[Sequence[int]] = ()
    """Token ids of some texts that the sizes of activations are measured with."""
    sample_text: str = "passage: Mara moved to Lisbon in May, 你好, привет!"


class _Graph:
    """Collects nodes and constants. Values are called by their names."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(
        self, operator: str, inputs: Sequence[str], output: str, **attributes: Any
    ) -> str:
        node = helper.make_node(operator, inputs, [output], name=output, **attributes)
        self.nodes.append(node)
        return output

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(
            numpy_helper.from_array(np.ascontiguousarray(value), name)
        )
        return name

    def linear(self, x: str, name: str, linear: nn.Linear) -> str:
        weight = self.constant(f"{name}.weight", _array(linear.weight).T)
        bias = self.constant(f"{name}.bias", _array(linear.bias))
        product = self.add("MatMul", [x, weight], f"{name}.product")
        return self.add("Add", [product, bias], name)

    def scaled(self, x: str, name: str, factors: torch.Tensor | None) -> str:
        if factors is None:
            return x
        return self.add(
            "Mul", [x, self.constant(f"{name}.factors", _array(factors))], name
        )

    def norm(self, x: str, name: str, norm: nn.LayerNorm) -> str:
        scale = self.constant(f"{name}.scale", _array(norm.weight))
        offset = self.constant(f"{name}.shift", _array(norm.bias))
        inputs = [x, scale, offset]
        return self.add("LayerNormalization", inputs, name, axis=-1, epsilon=norm.eps)


def export(what: Export, weights: Weights, place: Path) -> dict[str, Any]:
    """Writes model.onnx and model.json into the folder `place`; gives what model.json says."""
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        exact, quantised = Path(folder) / "exact.onnx", Path(folder) / "quantised.onnx"
        layers = smooth(what.encoder, weights, what.texts)
        onnx.save(graph(what.encoder, layers, what.heads), str(exact))
        _quantise(exact, quantised)
        _save(onnx.load(str(quantised)), place)
    card = {
        "name": what.name,
        "sha256": hash_of(place),
        "longest": what.longest,
        "classes": {head.name: head.classes for head in what.heads},
        "thresholds": {},
        "sample": _sample(what, weights, place / GRAPH),
    }
    _write_card(card, place)
    return card


def set_thresholds(place: Path, thresholds: Mapping[str, float]) -> None:
    """Writes into model.json from which probabilities the classes count."""
    card = json.loads((place / CARD).read_text("utf-8"))
    _write_card({**card, "thresholds": dict(thresholds)}, place)


def _write_card(card: Mapping[str, Any], place: Path) -> None:
    text = json.dumps(card, indent=1, ensure_ascii=False)
    (place / CARD).write_text(text + "\n", "utf-8")


def graph(
    encoder: Encoder, layers: Sequence[SmoothLayer], heads: Sequence[Head] = ()
) -> onnx.ModelProto:
    """In 32 bit: `words` (texts, tokens, hidden) and `mask` (texts, tokens) to the outputs."""
    made = _Graph()
    _constants(made, encoder)
    x = _embed(made, encoder)
    for number, layer in enumerate(layers):
        x = _layer(made, x, f"layer{number}", layer)
    outputs = _outputs(made, x, encoder, heads)
    hidden = encoder.sizes.hidden
    inputs = [
        helper.make_tensor_value_info(
            "words", TensorProto.FLOAT, ["texts", "tokens", hidden]
        ),
        helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["texts", "tokens"]),
    ]
    inputs += [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", "tokens"])
        for name in _parts(heads)
    ]
    whole = helper.make_graph(made.nodes, "encoder", inputs, outputs, made.constants)
    opset = helper.make_opsetid("", OPSET)
    return helper.make_model(whole, opset_imports=[opset], ir_version=IR_VERSION)


def _parts(heads: Sequence[Head]) -> list[str]:
    """Which inputs tell the tokens of the text itself, where the outputs need that."""
    if not heads:
        return [POOLED]
    return [OWN] if any(head.over == "best token" for head in heads) else []


def _constants(made: _Graph, encoder: Encoder) -> None:
    heads, hidden = encoder.sizes.heads, encoder.sizes.hidden
    made.constant("axis0", np.array([0], np.int64))
    made.constant("axis1", np.array([1], np.int64))
    made.constant("axis2", np.array([2], np.int64))
    made.constant("axes12", np.array([1, 2], np.int64))
    made.constant("split", np.array([0, 0, heads, hidden // heads], np.int64))
    made.constant("join", np.array([0, 0, hidden], np.int64))
    made.constant("scale", np.array((hidden // heads) ** -0.5, np.float32))
    made.constant("one", np.array(1, np.float32))
    made.constant("far", np.array(FAR, np.float32))


def _embed(made: _Graph, encoder: Encoder) -> str:
    made.constant("positions", _array(encoder.positions))
    made.add("Shape", ["words"], "length", start=1, end=2)
    made.add("Slice", ["positions", "axis0", "length"], "first_positions")
    made.add("Add", ["words", "first_positions"], "placed")
    made.add("Unsqueeze", ["mask", "axes12"], "wide_mask")
    made.add("Sub", ["wide_mask", "one"], "outside")
    made.add("Mul", ["outside", "far"], "bias")
    return made.norm("placed", "input", encoder.input_norm)


def _layer(made: _Graph, x: str, name: str, smooth: SmoothLayer) -> str:
    layer = smooth.layer
    attended = _attention(made, x, name, smooth)
    out = made.linear(attended, f"{name}.attended", layer.attended)
    summed = made.add("Add", [x, out], f"{name}.attended.sum")
    x = made.norm(summed, f"{name}.attended.norm", layer.attended_norm)
    even = made.scaled(x, f"{name}.widen.input", smooth.widen)
    wide = made.linear(even, f"{name}.widen", layer.widen)
    active = made.add("Gelu", [wide], f"{name}.gelu")
    active = made.scaled(active, f"{name}.narrow.input", smooth.narrow)
    narrow = made.linear(active, f"{name}.narrow", layer.narrow)
    summed = made.add("Add", [x, narrow], f"{name}.sum")
    return made.norm(summed, f"{name}.norm", layer.output_norm)


def _attention(made: _Graph, x: str, name: str, smooth: SmoothLayer) -> str:
    layer = smooth.layer
    x = made.scaled(x, f"{name}.attention.input", smooth.attention)
    query = made.linear(x, f"{name}.query", layer.query)
    query = made.add("Mul", [query, "scale"], f"{name}.query.scaled")
    key = made.linear(x, f"{name}.key", layer.key)
    value = made.linear(x, f"{name}.value", layer.value)
    query = _by_head(made, query, [0, 2, 1, 3])
    key = _by_head(made, key, [0, 2, 3, 1])
    value = _by_head(made, value, [0, 2, 1, 3])
    scores = made.add("MatMul", [query, key], f"{name}.scores")
    masked = made.add("Add", [scores, "bias"], f"{name}.masked")
    shares = made.add("Softmax", [masked], f"{name}.shares", axis=-1)
    mixed = made.add("MatMul", [shares, value], f"{name}.mixed")
    turned = made.add("Transpose", [mixed], f"{name}.turned", perm=[0, 2, 1, 3])
    return made.add("Reshape", [turned, "join"], f"{name}.joined")


def _by_head(made: _Graph, x: str, order: Sequence[int]) -> str:
    split = made.add("Reshape", [x, "split"], f"{x}.split")
    return made.add("Transpose", [split], f"{x}.by_head", perm=order)


def _outputs(
    made: _Graph, x: str, encoder: Encoder, heads: Sequence[Head]
) -> list[onnx.ValueInfoProto]:
    made.add("Unsqueeze", ["mask" if heads else POOLED, "axis2"], "keep")
    made.add("Mul", [x, "keep"], "kept")
    made.add("ReduceSum", ["kept", "axis1"], "sum", keepdims=0)
    if not heads:
        made.add("LpNormalization", ["sum"], "vector", axis=-1, p=2)
        return [_output("vector", ["texts", encoder.sizes.hidden])]
    made.add("ReduceSum", ["keep", "axis1"], "count", keepdims=0)
    made.add("Div", ["sum", "count"], "mean")
    return [_head(made, x, head) for head in heads]


def _head(made: _Graph, x: str, head: Head) -> onnx.ValueInfoProto:
    source = "mean" if head.over == "mean" else x
    logits = made.linear(source, f"{head.name}.logits", head.linear)
    if head.over == "best token":
        logits = _best(made, logits)
    if head.exclusive:
        made.add("Softmax", [logits], head.name, axis=-1)
    else:
        made.add("Sigmoid", [logits], head.name)
    axes = ["texts", "tokens"] if head.over == "each token" else ["texts"]
    return _output(head.name, [*axes, len(head.classes)])


def _best(made: _Graph, logits: str) -> str:
    """The highest logit of each class over the tokens of the first part."""
    own = made.add("Unsqueeze", [OWN, "axis2"], f"{logits}.own")
    made.add("Sub", [own, "one"], f"{logits}.outside")
    made.add("Mul", [f"{logits}.outside", "far"], f"{logits}.away")
    inside = made.add("Add", [logits, f"{logits}.away"], f"{logits}.inside")
    return made.add("ReduceMax", [inside, "axis1"], f"{logits}.best", keepdims=0)


def _output(name: str, shape: Sequence[str | int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _save(model: onnx.ModelProto, place: Path) -> None:
    """The graph and, in a file of their own, the weights."""
    (place / NUMBERS).unlink(missing_ok=True)
    onnx.save(
        model,
        str(place / GRAPH),
        save_as_external_data=True,
        location=NUMBERS,
        size_threshold=SMALLEST_APART,
    )
    for name in (GRAPH, NUMBERS):
        (place / name).chmod(0o644)


def _quantise(exact: Path, quantised: Path) -> None:
    """8-bit products for the encoder's matrices; heads are small and stay exact."""
    model = onnx.load(str(exact))
    heads = [
        n.name
        for n in model.graph.node
        if n.op_type == "MatMul" and ".logits" in n.name
    ]
    quantize_dynamic(
        str(exact),
        str(quantised),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=heads,
        extra_options={"MatMulConstBOnly": True},
    )


def _sample(what: Export, weights: Weights, graph: Path) -> dict[str, Any]:
    """What the exported model gives for a text: a processor that computes amiss is found out."""
    special = weights.special
    ids = enclosed(
        [Tokenizer(weights).ids(what.sample_text)], special.start, special.end
    )
    rows, mask = padded([ids], special.padding)
    session = onnxruntime.InferenceSession(
        str(graph), providers=["CPUExecutionProvider"]
    )
    output = session.get_outputs()[0].name
    inputs = {"words": weights.words(rows), "mask": mask}
    if OWN in [given.name for given in session.get_inputs()]:
        inputs[OWN] = first_part(rows, special.end)
    if POOLED in [given.name for given in session.get_inputs()]:
        inputs[POOLED] = through_first_part(rows, special.end)
    (values,) = session.run([output], inputs)
    rounded = [round(float(value), 5) for value in values.ravel()]
    return {"text": what.sample_text, "output": output, "values": rounded}


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    return tensor.detach().float().cpu().numpy()


def sample_texts(weights: Weights) -> list[list[int]]:
    """Turns and questions to train on, as the embedder takes them."""
    tokenizer, special = Tokenizer(weights), weights.special
    talks, _unseen = split(load_talks())
    texts: list[str] = []
    for talk in talks[:: max(1, len(talks) // SAMPLED)]:
        texts += [f"passage: {turn.speaker}: {turn.text}" for turn in talk.turns[:2]]
        texts += [f"query: {question.text}" for question in talk.questions[:1]]
    ids = [tokenizer.ids(text)[:SAMPLE_TOKENS] for text in texts]
    return [enclosed([text_ids], special.start, special.end) for text_ids in ids]


def main() -> None:
    """Exports the encoder as it was published: to measure the engine, and to compare with."""

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--output", type=Path, required=True)
    torch.set_num_threads(1)
    weights = Weights()
    what = Export("e5-small", Encoder.pretrained(weights), texts=sample_texts(weights))
    print(export(what, weights, parser.parse_args().output)["sha256"])


if __name__ == "__main__":
    main()
