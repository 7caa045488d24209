"""What every WebhookEndpoints and every Outbox promises."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from shared.domain.webhook_endpoint import (
    MemoryEvent,
    OldSecret,
    OutboxEvent,
    WebhookEndpoint,
)
from tests.contract.conftest import Stores


def endpoint(project: str, **more: object) -> WebhookEndpoint:
    made = WebhookEndpoint(
        str(uuid4()), project, "https://hooks.example/a", "whsec_x", "Protokoll"
    )
    return replace(made, **more)  # type: ignore[arg-type]


def event(project: str, to: str, due_at: int = 5) -> OutboxEvent:
    return OutboxEvent(
        str(uuid4()), project, to, MemoryEvent.ADD, str(uuid4()), "ana", 3, 4, due_at
    )


async def test_an_endpoint_is_read_as_it_was_written(
    stores: Stores, project: str
) -> None:
    later = endpoint(project, created_at=2, events=(MemoryEvent.DELETE,))
    first = endpoint(project, created_at=1, is_active=False, error="gone")
    other = endpoint(f"{project}-other")
    for each in (later, first, other):
        await stores.webhook_endpoints.put(each)
    assert await stores.webhook_endpoints.of_project(project) == [first, later]
    assert await stores.webhook_endpoints.get(project, first.id) == first
    assert await stores.webhook_endpoints.get(None, other.id) == other
    assert await stores.webhook_endpoints.get(project, other.id) is None
    assert await stores.webhook_endpoints.get(project, "no id") is None


async def test_deleting_keeps_to_the_project(stores: Stores, project: str) -> None:
    own, other = endpoint(project), endpoint(f"{project}-other")
    for each in (own, other):
        await stores.webhook_endpoints.put(each)
    await stores.webhook_endpoints.delete(project, other.id)
    await stores.webhook_endpoints.delete(project, own.id)
    await stores.webhook_endpoints.delete(project, own.id)
    assert await stores.webhook_endpoints.of_project(project) == []
    assert await stores.webhook_endpoints.get(None, other.id) == other


async def test_a_state_is_written_alone_and_to_what_was_not_changed_since(
    stores: Stores, project: str
) -> None:
    stored = endpoint(project, updated_at=7)
    await stores.webhook_endpoints.put(stored)
    failing = replace(stored, failures=2, retry_at=99, error="503", is_active=False)
    await stores.webhook_endpoints.update_state(replace(failing, name="other"))
    assert await stores.webhook_endpoints.get(project, stored.id) == failing
    await stores.webhook_endpoints.update_state(replace(stored, updated_at=6))
    assert await stores.webhook_endpoints.get(project, stored.id) == failing
    gone = endpoint(project, updated_at=7)
    await stores.webhook_endpoints.update_state(gone)
    assert await stores.webhook_endpoints.get(project, gone.id) is None


async def test_settings_leave_the_secrets_and_secrets_the_settings(
    stores: Stores, project: str
) -> None:
    endpoints = stores.webhook_endpoints
    stored = endpoint(project, updated_at=7)
    await endpoints.put(stored)
    rotated = stored.with_secret("whsec_y", 8, 99)
    assert await endpoints.replace_secret(replace(rotated, name="other"), "whsec_x")
    assert await endpoints.get(project, stored.id) == rotated
    changed = replace(stored, name="new", events=(MemoryEvent.ADD,), updated_at=9)
    await endpoints.update_settings(changed)
    both = replace(
        changed, secret=rotated.secret, old_secrets=(OldSecret("whsec_x", 99),)
    )
    assert await endpoints.get(project, stored.id) == both


async def test_a_secret_is_replaced_by_who_knew_it_last(
    stores: Stores, project: str
) -> None:
    endpoints = stores.webhook_endpoints
    stored, gone = endpoint(project), endpoint(project)
    await endpoints.put(stored)
    first, second = (stored.with_secret(s, 8, 99) for s in ("whsec_y", "whsec_z"))
    assert await endpoints.replace_secret(first, "whsec_x")
    assert not await endpoints.replace_secret(second, "whsec_x")
    assert not await endpoints.replace_secret(gone.with_secret("b", 8, 9), "whsec_x")
    assert await endpoints.get(project, stored.id) == first
    await endpoints.update_settings(replace(gone, name="new"))
    assert await endpoints.get(project, gone.id) is None


async def test_due_events_by_endpoint_the_longest_due_first(
    stores: Stores, project: str
) -> None:
    one, two = str(uuid4()), str(uuid4())
    events = [event(project, one, due) for due in (9, 3, 6, 20)]
    await stores.outbox.put([*events, event(project, two, 30)])
    due = await stores.outbox.due(one, 10, 2)
    assert due == [events[1], events[2]]
    assert {one, two} & set(await stores.outbox.due_endpoints(10)) == {one}
    assert {one, two} <= set(await stores.outbox.due_endpoints(30))
    assert await stores.outbox.waiting(project) == {one: 4, two: 1}
    assert await stores.outbox.waiting(f"{project}-other") == {}


async def test_an_event_is_written_whole_and_removed(
    stores: Stores, project: str
) -> None:
    to = str(uuid4())
    first, second = event(project, to), event(project, to, 6)
    await stores.outbox.put([first, second])
    await stores.outbox.put([replace(first, due_at=8, attempts=1)])
    assert [e.attempts for e in await stores.outbox.due(to, 9, 9)] == [0, 1]
    await stores.outbox.delete([second.id])
    assert await stores.outbox.due(to, 9, 9) == [replace(first, due_at=8, attempts=1)]
    await stores.outbox.delete_of(to)
    assert await stores.outbox.waiting(project) == {}
    await stores.outbox.put([])
    await stores.outbox.delete([])
