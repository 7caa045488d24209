"""What a load needs: gateways, text processes, store.

    python -m tests.benchmarks.load_model --users 1000000 --memories 100000000 \
        --adds 20 --searches 10 [--constant text_process_mb=300]

--adds and --searches are those of a user in a day. Constants stand in load_constants.json,
each with its source; `--constant` replaces one by what was measured on your machines. A
model of averages: it has queues by a planned utilisation, and no failures.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path

CONSTANTS = Path(__file__).with_name("load_constants.json")
DAY_S = 86_400
GB = 10**9

Constants = Mapping[str, float]


@dataclass(frozen=True)
class Load:
    """What is asked for. `adds` and `searches` are of one user in a day, a message each."""

    users: int
    memories: int
    adds: float
    searches: float


@dataclass(frozen=True)
class Needs:
    """What that takes."""

    adds_per_s_at_the_peak: float
    searches_per_s_at_the_peak: float
    gateways: int
    text_processes: int
    ram_gb_of_gateways_and_workers: float
    redis_calls_per_s: float
    store_calls_per_s: float
    store_disk_gb: float
    """All copies."""
    store_ram_gb: float
    """The same: vectors of 8 bit, graph and payload indexes."""
    store_nodes_by_ram: int
    store_nodes_by_calls: int
    store_nodes: int
    shards: int
    days_until_memories_double: float


def constants(changed: Mapping[str, float] | None = None) -> Constants:
    """The values, some replaced. Raises ValueError for a name that is none."""
    known = {
        name: given["value"]
        for name, given in json.loads(CONSTANTS.read_text()).items()
    }
    unknown = set(changed or ()) - known.keys()
    if unknown:
        raise ValueError(f"no such constant: {', '.join(sorted(unknown))}")
    return {**known, **(changed or {})}


def needs(load: Load, of: Constants) -> Needs:
    """The model. Raises ValueError for a load below zero or without a user."""
    if load.users < 1 or min(load.memories, load.adds, load.searches) < 0:
        raise ValueError("a load has users, and nothing of it is negative")
    peak = of["share_of_the_day_at_the_peak"] / DAY_S * load.users
    adds, searches = load.adds * peak, load.searches * peak
    planned = of["utilisation"]
    gateway_share = (
        adds / of["adds_accepted_per_s_a_gateway"]
        + searches / of["searches_per_s_a_gateway"]
    )
    gateways = max(1, ceil(gateway_share / planned))
    processes = max(1, ceil(adds / of["adds_refined_per_s_a_process"] / planned))
    store_calls = (
        adds * of["store_calls_an_add"] + searches * of["store_calls_a_search"]
    )
    ram, disk = _store_bytes(load, of)
    node_ram = of["node_ram_gb"] * of["node_ram_filled"] * GB
    by_ram = ceil(ram / node_ram)
    by_calls = ceil(
        store_calls / (of["store_calls_per_s_a_core"] * of["node_cores"] * planned)
    )
    learned_a_day = load.users * load.adds * of["memories_an_add"]
    return Needs(
        adds_per_s_at_the_peak=adds,
        searches_per_s_at_the_peak=searches,
        gateways=gateways,
        text_processes=processes,
        ram_gb_of_gateways_and_workers=(
            gateways * of["gateway_mb"] + processes * of["text_process_mb"]
        )
        / 1000,
        redis_calls_per_s=adds * of["redis_calls_an_add"],
        store_calls_per_s=store_calls,
        store_disk_gb=disk / GB,
        store_ram_gb=ram / GB,
        store_nodes_by_ram=by_ram,
        store_nodes_by_calls=by_calls,
        store_nodes=max(1, by_ram, by_calls),
        shards=max(1, ceil(load.memories / of["memories_a_shard"])),
        days_until_memories_double=load.memories / learned_a_day
        if learned_a_day
        else 0.0,
    )


def _store_bytes(load: Load, of: Constants) -> tuple[float, float]:
    """RAM and disk of all copies, bytes."""
    in_ram = of["vector_bytes_in_ram"] + of["graph_bytes"] + of["index_bytes"]
    on_disk = of["disk_bytes_a_memory"] + of["message_bytes"] / max(
        of["memories_an_add"], 0.1
    )
    copies = load.memories * of["replicas"]
    return copies * in_ram, copies * on_disk


def fills_first(found: Needs) -> str:
    """What the next machine is needed for."""
    if found.store_nodes_by_ram > found.store_nodes_by_calls:
        return "the RAM of the store"
    if found.text_processes >= found.gateways:
        return "the processor time of the text workers"
    return "the processor time of the gateways"


def _replaced(words: Sequence[str]) -> dict[str, float]:
    pairs = (word.partition("=") for word in words)
    return {name: float(value) for name, _, value in pairs}


def main() -> None:
    """Print the needs of a load."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=int, required=True)
    parser.add_argument(
        "--memories", type=int, required=True, help="of all users together"
    )
    parser.add_argument(
        "--adds", type=float, default=20.0, help="messages of a user in a day"
    )
    parser.add_argument(
        "--searches", type=float, default=10.0, help="of a user in a day"
    )
    parser.add_argument("--constant", action="append", default=[], metavar="NAME=VALUE")
    said = parser.parse_args()
    try:
        of = constants(_replaced(said.constant))
        found = needs(Load(said.users, said.memories, said.adds, said.searches), of)
    except ValueError as error:
        parser.error(str(error))
    for name, value in asdict(found).items():
        print(f"{name.replace('_', ' '):40} {value:>14,.1f}".removesuffix(".0"))
    print(f"{'fills first':40} {fills_first(found)}")


if __name__ == "__main__":
    main()
