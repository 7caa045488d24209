"""A gateway goes on with the embedder that the store has now, and with the numbers that
were fitted for it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

from services.gateway.recall.calibration import Calibration, read_calibrations
from services.gateway.recall.spread import measured
from shared.embedding import follow
from shared.errors import SouvenirError, Unavailable
from shared.ports import Embedder
from shared.settings import Settings
from shared.wiring import GatewayPorts

log = logging.getLogger(__name__)

LOOK_S = 3.0
"""Seconds between two looks at the store. The job that changes the embedder waits several
times as long before it drops the old vectors (`workers.pipeline.worker_context`).
"""


async def calibration_for(embedder: Embedder, settings: Settings) -> Calibration:
    """What was fitted for an embedder, or a scale that is measured now; the log says so.
    Raises ValueError for a file that holds no calibrations.
    """
    calibrations = read_calibrations(settings.calibration_file)
    if calibrations.fitted(embedder.name):
        return calibrations.of(embedder.name)
    log.warning("embedder_not_calibrated", extra={"embedder": embedder.name})
    trained = calibrations.trained()
    try:
        return await measured(embedder, trained)
    except Unavailable as error:
        details = {"embedder": embedder.name, "error": error.message}
        log.warning("embedder_not_measured", extra=details)
        return trained


async def keep_following(state: Any, settings: Settings) -> None:
    """Look again and again, for as long as the gateway runs. `state` is the app's."""
    while True:
        await asyncio.sleep(LOOK_S)
        try:
            await look(state, settings)
        except SouvenirError as error:
            log.warning("embedder_not_followed", extra={"error": error.message})
        except Exception:  # a file that cannot be read yet, say: the next look may
            log.exception("embedder_not_followed")


async def look(state: Any, settings: Settings) -> None:
    """Once the store has another embedder the ports become those of that one, together:
    a request that has begun ends with those that it has. Raises `Unavailable`.
    """
    ports: GatewayPorts = state.ports
    if ports.spaces is None:
        return
    followed = await follow(ports.spaces, ports.embedder, settings)
    if followed is None:
        return
    embedder, memories = followed
    state.calibration = await calibration_for(embedder, settings)
    state.ports = replace(ports, embedder=embedder, memories=memories)
    log.warning("embedder_changed", extra={"embedder": embedder.name})
