"""Settings -> adapters. The only place that knows which adapter stands behind which
port; called by the app.py files only.

Each process has its own bundle and its own function here: the status service loads no
embedder and no chat model, the gateway no extraction model. Adapters are imported when
they are wired.
"""

from __future__ import annotations

from shared.wiring.bundles import (
    GatewayPorts,
    Ports,
    SharedModels,
    StatusPorts,
    StorePorts,
    WorkerPorts,
)
from shared.wiring.connections import require_usable_redis
from shared.wiring.named_models import (
    chat_models,
    models_to_share,
    named_role,
    warn_of_models,
)
from shared.wiring.processes import (
    import_adapters,
    tracing,
    wire_gateway,
    wire_heartbeats,
    wire_status,
    wire_store,
    wire_worker,
)

__all__ = [
    "GatewayPorts",
    "Ports",
    "SharedModels",
    "StatusPorts",
    "StorePorts",
    "WorkerPorts",
    "chat_models",
    "import_adapters",
    "models_to_share",
    "named_role",
    "require_usable_redis",
    "tracing",
    "warn_of_models",
    "wire_gateway",
    "wire_heartbeats",
    "wire_status",
    "wire_store",
    "wire_worker",
]
