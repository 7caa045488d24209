"""`souvenir doctor`: looks at a set-up and says what is wrong with it and how to put it right."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from services.launcher.endpoint_checks import model_role_findings, recall_findings
from services.launcher.finding import Finding, report
from services.launcher.machine_checks import (
    library_finding,
    own_environment,
    processor,
    processor_flags,
    python_finding,
)
from services.launcher.neighbours import folders, neighbours
from services.launcher.place_checks import (
    data_findings,
    port_finding,
    qdrant_finding,
    redis_finding,
    running_instance,
)
from shared.settings import Settings


def doctor(settings: Settings, say: Callable[[str], None]) -> int:
    """Print every finding; 0 when nothing grave was found, else 1."""
    if not report(examine(settings), say):
        return 1
    instance = running_instance(settings)
    if instance:
        say(
            "\nAll is well: Souvenir already runs here "
            f"(process {instance['pid']}, {instance['url']})."
        )
    else:
        say("\nAll is well: `souvenir up` will run here.")
    return 0


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check, in the order in which things would fail."""
    yield python_finding()
    yield processor(processor_flags())
    yield own_environment(neighbours(), folders())
    yield library_finding()
    yield from data_findings(settings)
    yield port_finding(settings)
    yield redis_finding(settings)
    yield qdrant_finding(settings)
    yield from model_role_findings(settings)
    yield from recall_findings(settings)
