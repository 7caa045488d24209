"""What models cost, in memory: one day that never ends."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.model_answer import Usage
from shared.domain.model_call import ModelCall
from shared.jobs.clock import now


class FakeModelUsage:
    """The ModelUsage port; `recorded` holds all calls in order."""

    def __init__(self) -> None:
        self.recorded: list[tuple[str, str, str, Usage]] = []
        self._calls: list[tuple[str, ModelCall]] = []

    async def record(
        self, project: str, role: str, outcome: str, usage: Usage, model: str = ""
    ) -> None:
        self.recorded.append((project, role, outcome, usage))
        self._calls.append((project, ModelCall(now(), role, model, outcome, usage)))

    async def latest(self, project: str, limit: int) -> list[ModelCall]:
        calls = [call for of, call in reversed(self._calls) if of == project]
        return calls[: min(limit, 200)]

    async def tokens(self, project: str) -> tuple[int, int]:
        used = sum(usage.tokens for of, _, _, usage in self.recorded if of == project)
        return used, used

    async def forget(self, project: str) -> None:
        self.recorded = [entry for entry in self.recorded if entry[0] != project]
        self._calls = [call for call in self._calls if call[0] != project]

    async def totals(self) -> Mapping[tuple[str, str], Usage]:
        totals: dict[tuple[str, str], Usage] = {}
        for _, role, outcome, usage in self.recorded:
            totals[role, outcome] = totals.get((role, outcome), Usage()) + usage
        return totals
