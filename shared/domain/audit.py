"""One line of the audit log: who did what, when, with which key. No contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One request that changed something, or was refused."""

    id: str
    project: str
    at: int
    """Epoch milliseconds at its end."""
    action: str
    """Method and path of the route, with names of parameters: `POST /delete/memory`."""
    status: int
    """HTTP status; 0 where the client left before there was an answer."""
    key: str
    """The id of the API key."""
    key_name: str = ""
    users: tuple[str, ...] = ()
    """Whose memories it was about, the first ones."""
    objects: tuple[str, ...] = ()
    """Ids of memories, tasks, keys ... that it named or changed, the first ones."""
    request: str = ""
    """The id of the request, as in the logs."""

    def renamed(self, aliases: Mapping[str, str]) -> AuditEntry:
        """With another word in place of each id that is among the keys."""
        return replace(
            self,
            users=tuple(aliases.get(user, user) for user in self.users),
            objects=tuple(aliases.get(id, id) for id in self.objects),
        )
