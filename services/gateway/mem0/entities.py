"""mem0's four entities and Souvenir's scopes.

| mem0 | here |
|---|---|
| user_id | the user |
| agent_id | the agent: a label on the memories of users; alone, the agent's own |
| app_id | the app: a label |
| run_id | the conversation |

Memories without a user belong to the agent, the app or the run that they name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.contract import Code
from shared.domain.filter import OWNER, Condition, Filter, Group
from shared.domain.scope import (
    DEFAULT_CONVERSATION,
    NO_USER_PREFIXES,
    Label,
    Scope,
    agent_user,
    app_user,
    is_of_user,
    run_user,
)
from shared.errors import BadRequest

ANY = "*"
"""In place of an id: any, but not none."""


class Entity(StrEnum):
    """The types of entities, as paths name them."""

    USER = "user"
    AGENT = "agent"
    APP = "app"
    RUN = "run"


LABELS = {
    Entity.USER: Label.USER,
    Entity.AGENT: Label.AGENT,
    Entity.APP: Label.APP,
    Entity.RUN: Label.CONVERSATION,
}

FIELDS = {
    "user_id": OWNER,
    "agent_id": "agent_id",
    "app_id": "app_id",
    "run_id": "conversation_id",
}
"""What a filter calls the entities, and the fields of the domain."""


@dataclass(frozen=True, slots=True)
class EntityIds:
    """The entities that a request names; "" for those that it does not."""

    user: str = ""
    agent: str = ""
    app: str = ""
    run: str = ""

    @property
    def owner(self) -> str:
        """The user id under which memories of these entities are stored. Raises
        `BadRequest` 40002 without any.
        """
        if self.user:
            return self.user
        if self.agent:
            return agent_user(self.agent)
        if self.app:
            return app_user(self.app)
        if self.run:
            return run_user(self.run)
        raise BadRequest(
            "at least one of user_id, agent_id, app_id and run_id is required",
            code=Code.MISSING,
        )

    def scope(self, project: str) -> Scope:
        """Where memories of these entities are stored. Raises as `owner`."""
        conversation = self.run or DEFAULT_CONVERSATION
        return Scope(project, self.owner, conversation, self.agent, self.app)

    def filter(self) -> Filter:
        """What belongs to all of them. Raises as `owner` without any."""
        named = {name: id for name, id in self.by_field().items() if id}
        assert named or self.owner
        return Group("and", tuple(entity_is(name, id) for name, id in named.items()))

    def by_field(self) -> dict[str, str]:
        """The ids by the names of their fields, "" among them."""
        return {
            "user_id": self.user,
            "agent_id": self.agent,
            "app_id": self.app,
            "run_id": self.run,
        }


def entity_is(name: str, id: str) -> Filter:
    """What belongs to an entity; with `ANY` to one of its type, whichever."""
    if id != ANY:
        return Condition(FIELDS[name], "eq", id)
    return Group("not", (no_entity(name),))


def no_entity(name: str) -> Filter:
    """What belongs to no entity of a type."""
    if name == "user_id":
        ownerless = [Condition(OWNER, "like", prefix) for prefix in NO_USER_PREFIXES]
        return Group("or", tuple(ownerless))
    nothing = DEFAULT_CONVERSATION if name == "run_id" else ""
    return Condition(FIELDS[name], "eq", nothing)


def ids_of(scope: Scope) -> dict[str, str | None]:
    """The entities of a memory, as the wire shows them."""
    conversation = scope.conversation
    return {
        "user_id": scope.user if is_of_user(scope.user) else None,
        "agent_id": scope.agent or None,
        "app_id": scope.app or None,
        "run_id": None if conversation == DEFAULT_CONVERSATION else conversation,
    }
