"""Chat: time to the first words beyond the model's own, on an endpoint of loopback that
answers at once.
"""

from __future__ import annotations

from tests.benchmarks import chat
from tests.benchmarks.report import Report, Table
from tests.benchmarks.sizes import Sizes
from tests.support.model_server import ModelServer, Say


def run(sizes: Sizes) -> Report:
    """Measure."""
    with ModelServer(Say("She lives in Oslo with her cats.")) as quick:
        measured = chat.measure(
            quick.url, "m", sizes.chats, OPENAI_BASE_URL=quick.url, MOS_CHAT_MODEL="m"
        )
    table = Table(("median of", "ms"))
    table.row("chat, to its first words", measured["chat_ms"])
    table.row("the endpoint, asked directly", measured["endpoint_alone_ms"])
    table.row("a search with the same questions", measured["search_ms"])
    beyond = round(measured["chat_ms"] - measured["endpoint_alone_ms"], 1)
    figures = {"ms_beyond_the_model": beyond}
    title = "Chat: time to the first words"
    return Report("chat", title, [table], (), figures, {"ms_beyond_the_model": "<= 60"})
