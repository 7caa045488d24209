"""Souvenir as the MemoryProvider of Hermes: copy this folder to
$HERMES_HOME/plugins/souvenir and set `memory.provider: souvenir`.
"""

from souvenir_client.integrations.hermes_provider import SouvenirMemoryProvider


def register(ctx):
    ctx.register_memory_provider(SouvenirMemoryProvider())
