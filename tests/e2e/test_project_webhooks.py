"""Webhooks of a project on the running system, registered by mem0's published client: what
happens to memories arrives signed, and whatever is killed, nothing that happened is lost.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.webhook import key_of, signature
from tests.clients.install import mem0_releases
from tests.support.published import PublishedMem0
from tests.support.receiver import Delivery, Receiver
from tests.support.system import System, descendants, halted, until

NEWEST = mem0_releases()[0]
SAID = "My sister Inês plays the cello in Porto."


@pytest.fixture(scope="module")
def hooked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system whose webhooks may reach this machine."""
    data = tmp_path_factory.mktemp("hooked") / "data"
    with System(data, SOUVENIR_FETCH_ALLOW="127.0.0.1/32") as system:
        yield system


@pytest.fixture
def client(hooked: System, tmp_path: Path) -> Iterator[PublishedMem0]:
    with PublishedMem0(NEWEST, f"{hooked.url}/mem0", hooked.key, tmp_path) as made:
        yield made


def register(client: PublishedMem0, url: str, *events: str) -> dict[str, Any]:
    types = events or ("memory_add", "memory_update", "memory_delete")
    given = {"url": url, "name": "t", "event_types": list(types)}
    made: dict[str, Any] = client.call("create_webhook", project_id="default", **given)
    return made


def heard(receiver: Receiver, kind: str, id: str) -> Delivery | None:
    """The first delivery of an event of a memory."""
    for delivery in receiver.deliveries:
        details = json.loads(delivery.body)["event_details"]
        if (details["event"], details.get("id", details.get("memory_id"))) == (
            kind,
            id,
        ):
            return delivery
    return None


def remembered(client: PublishedMem0, user: str, **more: Any) -> Any:
    """What is remembered of `SAID`."""
    client.call("add", messages=SAID, user_id=user, async_mode=False, **more)
    (memory,) = client.call("get_all", filters={"user_id": user})["results"]
    return memory


def is_signed(delivery: Delivery, *secrets: str) -> bool:
    """By these, in this order, and by no others."""
    id, at = (delivery.headers[f"webhook-{name}"] for name in ("id", "timestamp"))
    expected = [signature(key_of(s), id, int(at), delivery.body) for s in secrets]
    return delivery.headers["webhook-signature"].split() == expected


def test_adds_updates_and_deletions_arrive_signed(
    hooked: System, client: PublishedMem0, user: str
) -> None:
    with Receiver([500]) as receiver:
        made = register(client, receiver.url)
        memory = remembered(client, user)
        id = memory["id"]
        added = until(lambda: heard(receiver, "ADD", id), "the event of the add")
        assert is_signed(added, made["secret"])
        body = json.loads(added.body)
        assert body["event_details"]["data"]["memory"] == memory["memory"]
        assert (body["data"]["user_id"], body["type"]) == (user, "memory_add")
        tried = [d.headers["webhook-id"] for d in receiver.deliveries]
        until(lambda: len(receiver.deliveries) > 1, "the second try")
        assert len(set(tried)) == 1  # the first was answered with 500

        client.call("update", memory_id=id, text="Inês plays the viola.")
        updated = until(lambda: heard(receiver, "UPDATE", id), "the update's event")
        assert b"viola" in updated.body and is_signed(updated, made["secret"])
        client.call("delete", memory_id=id)
        deleted = until(lambda: heard(receiver, "DELETE", id), "the deletion's event")
        assert b"viola" not in deleted.body and is_signed(deleted, made["secret"])
        assert client.call("delete_webhook", webhook_id=made["webhook_id"])


def test_while_a_secret_is_rotated_both_sign(
    hooked: System, client: PublishedMem0, user: str
) -> None:
    with Receiver() as receiver:
        made = register(client, receiver.url)
        memory = remembered(client, user)
        id = memory["id"]
        added = until(lambda: heard(receiver, "ADD", id), "the event of the add")
        assert is_signed(added, made["secret"])

        rotate = f"project/webhooks/{made['webhook_id']}/rotate"
        rotated = hooked.post(rotate)
        client.call("update", memory_id=id, text="Inês plays the viola.")
        updated = until(lambda: heard(receiver, "UPDATE", id), "the update's event")
        assert is_signed(updated, rotated["secret"], made["secret"])

        last = hooked.post(rotate, overlap_s=0)
        client.call("delete", memory_id=id)
        deleted = until(lambda: heard(receiver, "DELETE", id), "the deletion's event")
        assert is_signed(deleted, last["secret"])
        client.call("delete_webhook", webhook_id=made["webhook_id"])


def test_categories_arrive_as_mem0_documents_them(
    hooked: System, client: PublishedMem0, user: str
) -> None:
    with Receiver() as receiver:
        made = register(client, receiver.url, "memory_add", "memory_categorize")
        music = [{"music": "instruments that people play"}]
        memory = remembered(client, user, custom_categories=music)
        id = memory["id"]
        told = until(lambda: heard(receiver, "CATEGORIZE", id), "the categories")
        details = json.loads(told.body)["event_details"]
        assert details["categories"] == memory["categories"]
        assert "music" in details["categories"]
        assert heard(receiver, "ADD", id) and is_signed(told, made["secret"])
        client.call("delete_webhook", webhook_id=made["webhook_id"])


def test_an_event_outlives_the_worker_and_the_status_service(
    hooked: System, client: PublishedMem0, user: str
) -> None:
    with Receiver() as receiver:
        made = register(client, receiver.url)
        with halted(hooked, "status"):  # nobody delivers
            client.call("add", messages=SAID, user_id=user)

            def memories() -> Any:
                return client.call("get_all", filters={"user_id": user})["results"]

            (memory,) = until(memories, "the memory")
            for name in ("worker-text", "status"):
                for pid in (*descendants(hooked.pids[name]), hooked.pids[name]):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            assert receiver.deliveries == []
        added = until(lambda: heard(receiver, "ADD", memory["id"]), "the event")
        assert is_signed(added, made["secret"])
        client.call("delete_webhook", webhook_id=made["webhook_id"])


def test_an_inner_address_that_nobody_allowed_is_out_of_reach(
    system: System, tmp_path: Path
) -> None:
    host = f"{system.url}/mem0"
    with (
        PublishedMem0(NEWEST, host, system.key, tmp_path) as client,
        pytest.raises(AssertionError, match="not to be reached"),
    ):
        register(client, "http://127.0.0.1:9/hook")
