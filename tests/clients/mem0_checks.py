"""Every method of mem0's published client, called as it is documented, with its answer
checked for values.

One check, one method. A check asks nothing of another: each has a user of its own. Run by
tests/e2e/test_published_mem0.py, and by tests/clients/mem0_matrix.py for the table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.published import PublishedMem0
from tests.support.system import until

SAID = "My sister Inês plays the cello in Porto."
WORD = "cello"
Client = PublishedMem0
Check = Callable[[Client, str], None]
CHECKS: dict[str, Check] = {}
NOT_SERVED = {
    "get_summary": {"filters": {"user_id": "x"}},
    "project.get_members": {},
}
"""Methods that end in an error that says so, with arguments to call them."""


def check(name: str = "") -> Callable[[Check], Check]:
    """Keep a check under the name of its method."""

    def keep(run: Check) -> Check:
        CHECKS[name or run.__name__] = run
        return run

    return keep


def is_old(client: Client) -> bool:
    """Whether entities stand beside the query, and v1 is called where nothing is said."""
    return client.release.startswith("0.")


def scope(client: Client, user: str, **more: Any) -> dict[str, Any]:
    """A user named as this release does."""
    if is_old(client):
        return {"user_id": user, **more}
    return {"filters": {"user_id": user}, **more}


def rows(answer: Any) -> list[dict[str, Any]]:
    """The memories of an answer: a list, or under `results`."""
    found: list[dict[str, Any]] = (
        answer["results"] if isinstance(answer, dict) else answer
    )
    return found


def remember(client: Client, user: str, text: str = SAID, **more: Any) -> str:
    """Remember something and wait for it; the id of the memory."""
    messages = [{"role": "user", "content": text}]
    client.call("add", messages=messages, user_id=user, **more)
    found = until(lambda: memories(client, user, text), f"the memory of {text}")
    return str(found[0]["id"])


def memories(client: Client, user: str, text: str = "") -> list[dict[str, Any]]:
    """All of a user, or those that hold the last word of a text."""
    word = text.rstrip(".").split(" ")[-1]
    every = rows(client.call("get_all", **scope(client, user)))
    return [row for row in every if word in row["memory"]]


@check()
def add(client: Client, user: str) -> None:
    id = remember(client, user, metadata={"scene": "family"})
    row = client.call("get", memory_id=id)
    assert (WORD in row["memory"], row["user_id"]) == (True, user)
    assert row["metadata"] == {"scene": "family"}


@check("add (infer=False)")
def add_as_given(client: Client, user: str) -> None:
    messages = [
        {"role": "user", "content": SAID},
        {"role": "assistant", "content": "She practises a lot."},
    ]
    added = client.call("add", messages=messages, user_id=user, infer=False)
    assert added["status"] == "SUCCEEDED"
    texts = [result["data"]["memory"] for result in added["results"]]
    assert texts == [SAID, "She practises a lot."]
    assert {row["memory"] for row in memories(client, user)} == set(texts)


@check("add (expiration_date)")
def add_expired(client: Client, user: str) -> None:
    messages = [{"role": "user", "content": SAID}]
    added = client.call(
        "add",
        messages=messages,
        user_id=user,
        infer=False,
        expiration_date="2020-01-31",
    )
    (result,) = added["results"]
    assert memories(client, user) == []
    shown = client.call("get_all", **scope(client, user, show_expired=True))
    assert [row["expiration_date"] for row in rows(shown)] == ["2020-01-31"]
    assert client.call("get", memory_id=result["id"])["memory"] == SAID
    if client.release.startswith("2."):
        client.call("update", memory_id=result["id"], expiration_date=None)
        assert len(memories(client, user)) == 1


@check()
def get(client: Client, user: str) -> None:
    row = client.call("get", memory_id=remember(client, user))
    assert WORD in row["memory"] and row["created_at"] and row["hash"]


@check()
def get_all(client: Client, user: str) -> None:
    for number in range(3):
        text = f"Sentence number {number} is kept."
        messages = [{"role": "user", "content": text}]
        client.call("add", messages=messages, user_id=user, infer=False)
    assert len(memories(client, user)) == 3
    if is_old(client):
        return
    page = client.call("get_all", **scope(client, user, page=2, page_size=2))
    assert (page["count"], len(page["results"]), page["next"]) == (3, 1, None)


@check()
def search(client: Client, user: str) -> None:
    remember(client, user, agent_id="scout", metadata={"scene": "family"})
    query = "Which instrument does my sister play?"
    asked = {"query": query, **scope(client, user)}
    (first, *_) = rows(client.call("search", **asked))
    assert WORD in first["memory"] and 0 < first["score"] <= 1
    version = {"version": "v2"} if is_old(client) else {}
    for filters, expected in (
        ({"AND": [{"user_id": user}, {"agent_id": "scout"}]}, True),
        ({"AND": [{"user_id": user}, {"NOT": [{"agent_id": "scout"}]}]}, False),
        ({"AND": [{"user_id": user}, {"metadata": {"scene": "family"}}]}, True),
        ({"OR": [{"user_id": "nobody"}, {"user_id": {"in": [user]}}]}, True),
        ({"AND": [{"user_id": user}, {"created_at": {"lt": "2020-01-01"}}]}, False),
    ):
        found = client.call("search", query=query, filters=filters, **version)
        assert bool(rows(found)) is expected, filters


@check()
def update(client: Client, user: str) -> None:
    id = remember(client, user)
    new = "Inês plays the viola in Porto."
    row = client.call("update", memory_id=id, text=new, metadata={"sure": True})
    assert (row["memory"], row["metadata"]) == (new, {"sure": True})
    assert [row["memory"] for row in memories(client, user)] == [new]


@check()
def history(client: Client, user: str) -> None:
    id = remember(client, user)
    client.call("update", memory_id=id, text="Inês plays the viola.")
    first, second = client.call("history", memory_id=id)
    assert (first["event"], WORD in first["new_memory"]) == ("ADD", True)
    assert (second["event"], second["old_memory"]) == ("UPDATE", first["new_memory"])


@check()
def delete(client: Client, user: str) -> None:
    id = remember(client, user)
    assert "success" in client.call("delete", memory_id=id)["message"]
    assert memories(client, user) == []


@check()
def delete_all(client: Client, user: str) -> None:
    remember(client, user)
    assert "success" in client.call("delete_all", user_id=user)["message"]
    assert memories(client, user) == []


@check()
def users(client: Client, user: str) -> None:
    remember(client, user)
    listed = client.call("users")["results"]
    assert ("user", user) in {(row["type"], row["name"]) for row in listed}


@check()
def delete_users(client: Client, user: str) -> None:
    remember(client, user)
    assert "deleted" in client.call("delete_users", user_id=user)["message"]
    assert memories(client, user) == []


@check()
def batch_update(client: Client, user: str) -> None:
    id = remember(client, user)
    changes = [{"memory_id": id, "text": "Inês plays the viola."}]
    answer = client.call("batch_update", memories=changes)
    assert answer["message"] == "Successfully updated 1 memories"
    assert [row["memory"] for row in memories(client, user)] == [changes[0]["text"]]


@check()
def batch_delete(client: Client, user: str) -> None:
    id = remember(client, user)
    answer = client.call("batch_delete", memories=[{"memory_id": id}])
    assert answer["message"] == "Successfully deleted 1 memories"
    assert memories(client, user) == []


@check()
def feedback(client: Client, user: str) -> None:
    id = remember(client, user)
    try:
        answer = client.call("feedback", memory_id=id, feedback="POSITIVE")
    except AssertionError as error:
        # A mistake of releases before 2.0 in their own telemetry, after the answer.
        assert not client.release.startswith("2.") and "capture_client_event" in str(
            error
        )
    else:
        assert answer["feedback"] == "POSITIVE"


@check()
def create_memory_export(client: Client, user: str) -> None:
    remember(client, user, "I live in Porto.")
    asked: dict[str, Any] = {
        "schema": {"properties": {"city": {"type": "string"}, "salary": {}}},
        "filters": {"AND": [{"user_id": user}]},
    }
    id = client.call("create_memory_export", **asked)["id"]
    exported = client.call("get_memory_export", memory_export_id=id)
    assert exported == {"city": "Porto", "salary": None}


CHECKS["get_memory_export"] = create_memory_export


@check()
def get_profile(client: Client, user: str) -> None:
    remember(client, user, "I live in Porto.")
    profile = client.call("get_profile", entity_id=user)
    assert (profile["status"], "Porto" in profile["profile"].values()) == (
        "succeeded",
        True,
    )


@check()
def generate_profile(client: Client, user: str) -> None:
    remember(client, user, "I live in Porto.")
    job = client.call("generate_profile", entity_id=user)
    assert (job["status"], job["entity_count_reserved"]) == ("succeeded", 1)
    ended = client.call("get_profile_job", job_id_or_status_url=job["status_url"])
    assert (ended["job"]["total"], ended["job"]["succeeded"]) == (1, 1)


CHECKS["get_profile_job"] = generate_profile


@check()
def sample_profiles(client: Client, user: str) -> None:
    remember(client, user, "I live in Porto.")
    job = client.call("sample_profiles", limit=10)
    assert 0 < job["sampled"] == len(job["entity_ids"]) <= 10


@check()
def get_profile_settings(client: Client, _: str) -> None:
    assert client.call("get_profile_settings")["enabled"] is True


@check()
def update_profile_settings(client: Client, _: str) -> None:
    assert client.call("update_profile_settings", enabled=True)["enabled"] is True


@check("project.get")
def project_get(client: Client, _: str) -> None:
    assert client.call("project.get", fields=["multilingual"]) == {"multilingual": True}


@check("project.update")
def project_update(client: Client, _: str) -> None:
    categories = [{"music": "what they play"}]
    client.call("project.update", custom_categories=categories)
    answer = client.call("project.get", fields=["custom_categories"])
    assert answer == {"custom_categories": categories}
    for on in (True, False) if client.release.startswith("2.") else ():
        client.call("project.update", decay=on)
        assert client.call("project.get", fields=["decay"]) == {"decay": on}


@check()
def get_project(client: Client, _: str) -> None:
    assert client.call("get_project", fields=["name"]) == {"name": "default"}


@check()
def update_project(client: Client, _: str) -> None:
    answer = client.call("update_project", custom_instructions="Never keep prices.")
    assert "success" in answer["message"]
    client.call("update_project", custom_categories=[])


HOOK = "https://hooks.invalid/memory"
"""An address that nobody has: nothing of this goes out."""


def webhooks_of(client: Client, name: str) -> list[dict[str, Any]]:
    """Those of one name."""
    listed: list[dict[str, Any]] = client.call("get_webhooks", project_id="default")
    return [webhook for webhook in listed if webhook["name"] == name]


def registered(client: Client, name: str) -> str:
    """The id of a new webhook."""
    made = client.call(
        "create_webhook",
        url=HOOK,
        name=name,
        project_id="default",
        event_types=["memory_add"],
    )
    assert made["event_types"] == ["memory_add"] and made["secret"], made
    return str(made["webhook_id"])


@check()
def create_webhook(client: Client, user: str) -> None:
    """Registered with its events, and a secret to check signatures by."""
    id = registered(client, user)
    (listed,) = webhooks_of(client, user)
    assert (listed["webhook_id"], listed["url"], listed["is_active"]) == (
        id,
        HOOK,
        True,
    )
    client.call("delete_webhook", webhook_id=id)


@check()
def get_webhooks(client: Client, user: str) -> None:
    """All of a project, without their secrets."""
    ids = [registered(client, user) for _ in range(2)]
    listed = webhooks_of(client, user)
    assert [webhook["webhook_id"] for webhook in listed] == ids
    assert not any("secret" in webhook for webhook in listed)
    for id in ids:
        client.call("delete_webhook", webhook_id=id)


@check()
def update_webhook(client: Client, user: str) -> None:
    """What is not named stays."""
    id = registered(client, f"{user}-old")
    told = client.call(
        "update_webhook",
        webhook_id=id,
        name=user,
        event_types=["memory_update", "memory_delete"],
    )
    assert "success" in told["message"]
    (listed,) = webhooks_of(client, user)
    assert (listed["url"], listed["event_types"]) == (
        HOOK,
        ["memory_update", "memory_delete"],
    )
    client.call("delete_webhook", webhook_id=id)


@check()
def delete_webhook(client: Client, user: str) -> None:
    """Gone, and a second time there is none."""
    id = registered(client, user)
    assert "success" in client.call("delete_webhook", webhook_id=id)["message"]
    assert webhooks_of(client, user) == []
    try:
        client.call("delete_webhook", webhook_id=id)
    except AssertionError as error:
        assert "no webhook" in str(error), error
    else:
        raise AssertionError("a webhook that is gone was deleted")


def not_served(client: Client, name: str) -> None:
    """The method ends in an error that names what is not served."""
    try:
        client.call(name, **NOT_SERVED[name])
    except AssertionError as error:
        assert "not served" in str(error), error
    else:
        raise AssertionError(f"{name}: an error was expected")
