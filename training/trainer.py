"""The loop that all trainings share: seeded, resumable, within a time if one is given.

The learning rate rises over the first tenth and falls to nothing at the end. With `minutes` the
end is when they are over, so a short training is a whole one with fewer steps.

With several `runs` the model is trained so often from the same beginning, each time with other
random numbers, and the mean of their weights is kept: better than the best of them, at the cost of
one when it is used (Wortsman and others, "Model soups", 2022, https://arxiv.org/abs/2203.05482).
"""

from __future__ import annotations

import argparse
import logging
import math
import os
import platform
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

LOG = logging.getLogger("training")

RUNS = Path(__file__).parent / "runs"
WARM_UP = 0.1
WEIGHT_DECAY = 0.01
LARGEST_GRADIENT = 1.0
HEAD_RATE = 10.0
"""How much faster than the encoder heads learn, which begin from nothing."""
SAVED_EVERY = 300.0
"""Seconds between two checkpoints."""
RUNS_ON_GPU = 4
"""Trainings whose weights are averaged where they take minutes."""
ASTRAY = 1.5
"""A run with a loss so many times the best one's is left out of the mean."""

Step = TypeVar("Step")


@dataclass(frozen=True)
class Plan:
    """How a model is trained."""

    name: str
    epochs: int
    rate: float
    """The highest learning rate."""
    minutes: float
    """The longest the training may take, over all its runs; 0 for no limit."""
    seed: int
    fresh: bool
    """Whether an unfinished run is thrown away instead of resumed."""
    runs: int = 1
    """Trainings whose weights are averaged."""

    @property
    def checkpoint(self) -> Path:
        return RUNS / f"{self.name}.pt"

    def run(self, number: int) -> Plan:
        """One of the trainings, with a seed and checkpoints of its own."""
        if self.runs == 1:
            return self
        name = f"{self.name}-{number}"
        minutes = self.minutes / self.runs
        return replace(
            self, name=name, minutes=minutes, seed=self.seed + number, runs=1
        )


@dataclass
class Progress:
    """How far a training is."""

    step: int = 0
    seconds: float = 0.0
    loss: float = 0.0
    """A running mean."""
    machine: dict[str, Any] = field(default_factory=dict)
    """Where the training is, or was."""


def arguments(description: str | None, output: Path, epochs: int, rate: float) -> Any:
    """What the command line says that all trainings share."""
    return read(parser(description, output, epochs, rate))


def parser(
    description: str | None, output: Path, epochs: int, rate: float
) -> argparse.ArgumentParser:
    """The command line that all trainings share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--output", type=Path, default=output, help="folder of the model"
    )
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument(
        "--rate", type=float, default=rate, help="highest learning rate"
    )
    parser.add_argument(
        "--minutes", type=float, default=0, help="end by then; 0: no limit"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--runs",
        type=int,
        default=RUNS_ON_GPU if torch.cuda.is_available() else 1,
        help="trainings whose weights are averaged",
    )
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument(
        "--fresh", action="store_true", help="throw an unfinished run away"
    )
    return parser


def read(parser: argparse.ArgumentParser) -> Any:
    """What the command line says."""
    said = parser.parse_args()
    _log_to_terminal()
    torch.set_num_threads(said.threads)
    return said


def output_of(description: str | None, output: Path) -> Path:
    """Where the command line wants the file of a small network, whose fit takes no options."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--output", type=Path, default=output)
    said = parser.parse_args()
    _log_to_terminal()
    return Path(said.output)


def _log_to_terminal() -> None:
    logging.basicConfig(format="%(asctime)s %(message)s")
    LOG.setLevel(logging.INFO)


def plan_of(name: str, said: Any) -> Plan:
    """What the command line asks for."""
    return Plan(
        name, said.epochs, said.rate, said.minutes, said.seed, said.fresh, said.runs
    )


def seed(number: int) -> None:
    """The same random numbers in every run."""
    random.seed(number)
    torch.manual_seed(number)


def device() -> torch.device:
    """A GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def half_precision() -> AbstractContextManager[Any]:
    """Products in bfloat16 where the processor or GPU has them: three times faster."""
    where = device().type
    able = where == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.autocast(where, torch.bfloat16, enabled=able)


def fit(
    model: nn.Module,
    steps: Callable[[random.Random], Sequence[Step]],
    loss: Callable[[Step], Tensor],
    plan: Plan,
) -> Progress:
    """Trains the model in place. `steps` gives what an epoch consists of, shuffled by its number.

    Resumes an unfinished run of the same plan from its last checkpoint.
    """
    if plan.runs == 1:
        return _fit_once(model, steps, loss, plan)
    if plan.checkpoint.exists() and not plan.fresh:
        progress = _resume(model, None, plan)
        if progress.step:
            return progress
    beginning = copied(model)
    runs: list[tuple[Progress, dict[str, Tensor]]] = []
    for number in range(plan.runs):
        model.load_state_dict(beginning)
        seed(plan.seed + number)
        progress = _fit_once(model, steps, loss, plan.run(number))
        runs.append((progress, copied(model)))
    model.load_state_dict(mean_of(runs))
    progress = Progress(
        step=sum(run.step for run, _ in runs),
        seconds=sum(run.seconds for run, _ in runs),
        loss=min(run.loss for run, _ in runs),
        machine=machine(),
    )
    _save(model, None, progress, plan)
    return progress


def mean_of(runs: Sequence[tuple[Progress, dict[str, Tensor]]]) -> dict[str, Tensor]:
    """The mean of the runs' weights, without runs that went astray."""
    best = min(progress.loss for progress, _ in runs)
    kept = [state for progress, state in runs if progress.loss <= ASTRAY * best]
    LOG.info("mean of %d of %d runs", len(kept), len(runs))
    return {
        name: torch.stack([state[name] for state in kept]).mean(0) for name in kept[0]
    }


def between(
    beginning: dict[str, Tensor], end: dict[str, Tensor], share: float
) -> dict[str, Tensor]:
    """Weights of which a share stays as they began: what was learned before is forgotten
    less (Wortsman and others, "Robust fine-tuning of zero-shot models", 2022,
    https://arxiv.org/abs/2109.01903).
    """
    return {
        name: share * weights + (1 - share) * end[name]
        for name, weights in beginning.items()
    }


def copied(model: nn.Module) -> dict[str, Tensor]:
    """The model's weights as they are now, by name."""
    return {name: value.clone() for name, value in model.state_dict().items()}


def machine() -> dict[str, Any]:
    """Where a model is trained."""
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "none"
    return {
        "torch": str(torch.__version__),
        "processor": platform.machine(),
        "threads": torch.get_num_threads(),
        "gpu": gpu,
    }


def _fit_once(
    model: nn.Module,
    steps: Callable[[random.Random], Sequence[Step]],
    loss: Callable[[Step], Tensor],
    plan: Plan,
) -> Progress:
    optimizer = torch.optim.AdamW(
        _groups(model), lr=plan.rate, fused=device().type == "cuda"
    )
    progress = Progress(machine=machine())
    if plan.checkpoint.exists() and not plan.fresh:
        progress = _resume(model, optimizer, plan)
    started = saved = time.monotonic() - progress.seconds
    total, share = 0, 0.0
    for epoch in range(plan.epochs):
        planned = steps(random.Random(f"{plan.seed} {epoch}"))
        total = total or len(planned) * plan.epochs
        for number, step in enumerate(planned):
            if epoch * len(planned) + number < progress.step:
                continue
            share = max(progress.step / total, _share_of_time(progress, plan))
            if share >= 1:
                break
            _set_rate(optimizer, plan.rate * _height(share))
            _train(model, optimizer, loss(step), progress)
            progress.seconds = time.monotonic() - started
            if time.monotonic() - saved > SAVED_EVERY:
                saved = time.monotonic()
                _save(model, optimizer, progress, plan)
        LOG.info(
            "%s epoch %d of %d: %d steps, loss %.4f, %.0f s",
            plan.name,
            epoch + 1,
            plan.epochs,
            progress.step,
            progress.loss,
            progress.seconds,
        )
        if share >= 1:
            break
    _save(model, optimizer, progress, plan)
    return progress


def _groups(model: nn.Module) -> list[dict[str, Any]]:
    """Weights that decay; those that do not: biases, norms and single numbers; and heads."""
    trained = [item for item in model.named_parameters() if item[1].requires_grad]
    heads = [w for name, w in trained if name.startswith("heads.")]
    others = [w for name, w in trained if not name.startswith("heads.")]
    return [
        {"params": [w for w in others if w.ndim > 1], "weight_decay": WEIGHT_DECAY},
        {"params": [w for w in others if w.ndim <= 1], "weight_decay": 0.0},
        {"params": heads, "weight_decay": 0.0, "faster": HEAD_RATE},
    ]


def _set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("faster", 1.0)


def _share_of_time(progress: Progress, plan: Plan) -> float:
    return progress.seconds / (plan.minutes * 60) if plan.minutes else 0.0


def _height(share: float) -> float:
    """The learning rate as a part of the highest: up in a line, down in half a cosine."""
    if share < WARM_UP:
        return share / WARM_UP
    return (1 + math.cos(math.pi * (share - WARM_UP) / (1 - WARM_UP))) / 2


def _train(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss: Tensor,
    progress: Progress,
) -> None:
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    nn.utils.clip_grad_norm_(model.parameters(), LARGEST_GRADIENT)
    optimizer.step()
    progress.step += 1
    weight = max(0.02, 1 / progress.step)
    progress.loss += weight * (loss.item() - progress.loss)
    if progress.step % 20 == 0:
        LOG.info(
            "step %d: loss %.4f, %.0f s", progress.step, progress.loss, progress.seconds
        )


def _save(
    model: nn.Module,
    optimizer: torch.optim.Optimizer | None,
    progress: Progress,
    plan: Plan,
) -> None:
    plan.checkpoint.parent.mkdir(parents=True, exist_ok=True)
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict() if optimizer else {},
        "progress": vars(progress),
        "torch": torch.get_rng_state(),
        "plan": _what_must_agree(plan),
    }
    unfinished = plan.checkpoint.with_suffix(".part")
    torch.save(state, unfinished)
    unfinished.replace(plan.checkpoint)


def _what_must_agree(plan: Plan) -> tuple[float, ...]:
    return plan.epochs, plan.rate, plan.seed, plan.runs


def _resume(
    model: nn.Module, optimizer: torch.optim.Optimizer | None, plan: Plan
) -> Progress:
    state = torch.load(plan.checkpoint, map_location=device(), weights_only=True)
    if tuple(state["plan"]) != _what_must_agree(plan):
        LOG.info("%s is of another plan: starting anew", plan.checkpoint)
        return Progress(machine=machine())
    model.load_state_dict(state["model"])
    if optimizer is not None:
        optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["torch"].cpu())
    LOG.info("resuming %s at step %d", plan.checkpoint, state["progress"]["step"])
    return Progress(**state["progress"])
