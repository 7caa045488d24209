"""Every route that reads an object says something of a field that there is not: it
refuses it, or remarks it; and every route does of a parameter of the query. New routes are
found by the table of those of the running app.
"""

from __future__ import annotations

from dataclasses import replace

from httpx import Response

from services.gateway.context.route_access import METHODS, NEEDS
from services.http.answer_remarks import HEADER
from tests.api.world import KEY, World
from tests.security.canaries import Flat, Planted, new_key, plant
from tests.security.requests import Asked, reading, response_to, writing

MISSPELT = "zzz"
HOOK = {"url": "https://hooks.example/memory"}
BASE = {"knowledgebase_name": "k"}
REINDEX = Asked("POST /reindex", "reindex")
TEMPLATE = {"name": "t", "metadata": {"city": "x"}}
OF_NOBODY = [
    Asked("POST /create/knowledgebase", "create/knowledgebase", BASE),
    Asked("POST /add/profile_template", "add/profile_template", TEMPLATE),
    Asked("PUT /project/settings", "project/settings", {"decay_days": 3}),
    Asked("POST /project/keys", "project/keys", {"name": "ci"}),
    Asked("POST /project/webhooks", "project/webhooks", HOOK),
    Asked("PUT /project/quota", "project/quota", {"memories": 3}),
]
READS_NO_OBJECT = frozenset(
    (
        "POST /get_memory_by_ids",  # a list of ids
        "POST /list/user",
        "POST /reindex",
        "POST /scheduler/wait",
        "POST /tasks/{task_id}/cancel",
        "POST /tasks/{task_id}/replay",
        "POST /tasks/{task_id}/undo",
        "POST /mem0/{path:path}",  # what is not served
        "PUT /mem0/{path:path}",
        "PATCH /mem0/{path:path}",
    )
)
TAKES_ANYTHING = frozenset(
    (
        "POST /configure",  # acknowledges what old clients send, whatever it is
        "POST /mem0/v1/exports/get",  # answers in a form of the client's own
    )
)
UNSERVED = frozenset(f"{method} /mem0/{{path:path}}" for method in METHODS)


def asked_of(planted: Planted) -> dict[str, Asked]:
    """A request to each route that changes or reads by an object, by its route."""
    every = [*reading(planted), *writing(planted), *OF_NOBODY]
    return {a.route: a for a in every if isinstance(a.body, dict)}


def every_asked_of(planted: Planted) -> dict[str, Asked]:
    """A request to each route, by its route."""
    every = [*reading(planted), *writing(planted), *OF_NOBODY]
    return {a.route: a for a in every} | {"POST /reindex": REINDEX}


async def response_with(route: str, query: bool = False) -> Response:
    """What the route answers to a request with a field, or a parameter, that there is not."""
    world = World(Flat())
    ben = await plant(world, "one", "ben")
    if route == "POST /restore/memory":  # has a version only when it was changed
        change = {"memory_id": ben.memory, "content": "I was here."}
        await world.post("update/memory", change)
        (stored,) = await world.memories.get("one", [ben.memory])
        ben = replace(ben, archived=stored.replaced[0])
    asked = every_asked_of(ben)[route] if query else asked_of(ben)[route]
    secret = await new_key(world, "default") if route == "POST /delete/project" else KEY
    if query:
        sent = replace(asked, query=(asked.query or {}) | {MISSPELT: "x"})
    else:
        sent = replace(asked, body=asked.body | {MISSPELT: "x"})
    return await response_to(world, sent, secret)


def says(response: Response) -> bool:
    """Whether an answer says something of it: an object in itself and in its header, a list
    or a stream in its header, a refusal in either.
    """
    within = MISSPELT in response.text
    beside = MISSPELT in response.headers.get(HEADER, "")
    if response.status_code >= 400:
        return within or beside
    return beside and (within or not response.text.startswith("{"))


async def test_an_unknown_field_is_refused_or_remarked() -> None:
    nobody = Planted("p", "u", *"abcdefghijkl")
    routes = asked_of(nobody).keys() - READS_NO_OBJECT - TAKES_ANYTHING
    answers = {route: await response_with(route) for route in routes}
    assert [route for route, answer in answers.items() if not says(answer)] == []


async def test_so_is_an_unknown_parameter() -> None:
    nobody = Planted("p", "u", *"abcdefghijkl")
    routes = every_asked_of(nobody).keys() - UNSERVED
    answers = {route: await response_with(route, query=True) for route in routes}
    assert [route for route, answer in answers.items() if not says(answer)] == []


def test_every_route_that_reads_an_object_is_asked() -> None:
    every = {r for r in NEEDS if r.startswith(("POST ", "PUT ", "PATCH "))}
    asked = asked_of(Planted("p", "u", *"abcdefghijkl")).keys()
    assert every - READS_NO_OBJECT - asked == set()


def test_every_route_is_asked() -> None:
    asked = every_asked_of(Planted("p", "u", *"abcdefghijkl")).keys()
    assert NEEDS.keys() - UNSERVED - asked == set()
