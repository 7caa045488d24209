"""Whose data one request may touch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.contract import Code
from shared.domain.memory import Memory, Status
from shared.domain.scope import Scope
from shared.errors import Forbidden

MOST_NOTED = 20
"""Users, and objects, that are noted of one request."""


@dataclass(slots=True)
class Access:
    """One project or, in it, one owner of memories. Notes what was touched, for the
    audit log: each check is the moment at which it is known.
    """

    project: str
    owner: str = ""
    """The only user that may be touched; empty for all of the project."""
    users: dict[str, None] = field(default_factory=dict)
    """Users that were touched, the first ones."""
    objects: dict[str, None] = field(default_factory=dict)
    """Ids that were deleted or changed, the first ones."""
    aliases: dict[str, str] = field(default_factory=dict)
    """What the audit log says in place of the ids of users who were deleted."""
    deleted_projects: list[str] = field(default_factory=list)
    """Projects that were deleted with all that the audit log says of them."""

    def require_project(self, project: str | None) -> None:
        """Raises `Forbidden` for another project; None is all of them."""
        if project != self.project:
            raise Forbidden("another project", code=Code.KEY_NOT_ALLOWED)

    def require_user(self, project: str | None, user: str) -> None:
        """Raises `Forbidden` for another project, or a user that the key is not for."""
        self.require_project(project)
        if self.owner and user != self.owner:
            raise Forbidden(
                "this key opens the memories of another user only",
                code=Code.KEY_NOT_ALLOWED,
            )
        if user and len(self.users) < MOST_NOTED:
            self.users[user] = None

    def require_scope(self, scope: Scope) -> None:
        """The same for where something belongs."""
        self.require_user(scope.project, scope.user)

    def require_whole_project(self, project: str | None) -> None:
        """Raises `Forbidden` for another project, and for a key that is for one user."""
        self.require_project(project)
        if self.owner:
            raise Forbidden(
                "this key is for one user, and that concerns the whole project",
                code=Code.KEY_NOT_ALLOWED,
            )

    def owns(self, scope: Scope) -> bool:
        """Whether what is stored there may be seen."""
        return scope.project == self.project and self.owner in ("", scope.user)

    def sees(self, memory: Memory) -> bool:
        """Whether a memory may be read: the owner's, and what every user of the project
        may recall.
        """
        if memory.scope.project != self.project:
            return False
        shared = memory.is_shared and memory.status is Status.ACTIVATED
        return shared or self.owner in ("", memory.scope.user)

    def note(self, ids: Iterable[str]) -> None:
        """Remember which objects were changed."""
        for id in ids:
            if len(self.objects) < MOST_NOTED:
                self.objects[id] = None
