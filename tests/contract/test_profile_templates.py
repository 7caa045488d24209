"""Templates of profiles, and who has a profile by which."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from shared.domain.identity import computed_id
from shared.domain.profile import ProfileBinding, ProfileTemplate, TemplateField
from tests.contract.conftest import Stores


def template(project: str, name: str, created_at: int = 1) -> ProfileTemplate:
    fields = (
        TemplateField("基础.职业"),
        TemplateField("tone", "warm", updatable=False),
    )
    return ProfileTemplate(
        computed_id(project, name), project, name, fields, created_at, created_at
    )


def binding(project: str, owner: str, template: str, at: int = 1) -> ProfileBinding:
    id = computed_id(project, owner, template)
    return ProfileBinding(id, project, owner, template, at)


async def test_a_template_comes_back_to_its_project_only(
    stores: Stores, project: str
) -> None:
    mine = template(project, "客服")
    await stores.profile_templates.put(mine)
    assert await stores.profile_templates.get(project, [mine.id, "nonsense"]) == [mine]
    assert await stores.profile_templates.get("another", [mine.id]) == []
    await stores.profile_templates.put(replace(mine, name="other"))
    [stored] = await stores.profile_templates.all(project)
    assert stored.name == "other"


async def test_templates_are_listed_newest_first(stores: Stores, project: str) -> None:
    for name, at in (("b", 2), ("a", 3), ("c", 1)):
        await stores.profile_templates.put(template(project, name, at))
    await stores.profile_templates.put(template(f"{project}-2", "foreign"))
    names = [t.name for t in await stores.profile_templates.all(project)]
    assert names == ["a", "b", "c"]


async def test_bindings_by_owner_and_by_template(stores: Stores, project: str) -> None:
    one = binding(project, "ann", "t1", 2)
    two, three = binding(project, "ann", "t2", 1), binding(project, "bob", "t1", 3)
    foreign = binding(f"{project}-2", "ann", "t1")
    await stores.profile_templates.bind([one, two, three, foreign])
    await stores.profile_templates.bind([one])
    bindings = stores.profile_templates.bindings
    assert await bindings(project) == [two, one, three]
    assert await bindings(project, "ann") == [two, one]
    assert await bindings(project, template="t1") == [one, three]
    assert await bindings(project, "ann", "t1") == [one]
    assert await bindings("another", "ann") == []


async def test_what_is_unbound_is_gone(stores: Stores, project: str) -> None:
    store = stores.profile_templates
    for at, name in enumerate(("t1", "t2", "t3")):
        await store.bind([binding(project, "ann", name, at)])
    await store.bind([binding(project, "bob", "t1")])
    await store.unbind(project, "ann", "t1")
    assert [b.template for b in await store.bindings(project, "ann")] == ["t2", "t3"]
    await store.unbind(project, "ann")
    assert [b.owner for b in await store.bindings(project)] == ["bob"]
    with pytest.raises(ValueError, match="owner"):
        await store.unbind(project, "")


async def test_a_deleted_template_takes_its_bindings_along(
    stores: Stores, project: str
) -> None:
    store = stores.profile_templates
    first, second = template(project, "one"), template(project, "two")
    await store.put(first)
    await store.put(second)
    await store.bind([binding(project, "ann", t.id) for t in (first, second)])
    await store.delete("another", first.id)
    await store.delete(project, str(uuid4()))
    assert len(await store.all(project)) == 2
    await store.delete(project, first.id)
    assert [t.name for t in await store.all(project)] == ["two"]
    assert [b.template for b in await store.bindings(project)] == [second.id]


async def test_an_id_must_be_a_uuid(stores: Stores, project: str) -> None:
    with pytest.raises(ValueError, match="UUID"):
        await stores.profile_templates.put(replace(template(project, "a"), id="t1"))
