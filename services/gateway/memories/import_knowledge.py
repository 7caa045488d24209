"""Knowledge bases of an export, imported: themselves, their files, and what was read in
those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.gateway.context.checks import require_knowledge_base
from services.gateway.context.request_context import RequestContext
from services.gateway.memories.exported_records import (
    BASE,
    BASE_ID,
    Record,
    read_base,
    read_file_record,
    read_record,
)
from services.gateway.memories.store_as_given import (
    NewIds,
    named_memories,
    store_as_given,
)
from shared.domain.identity import computed_id
from shared.domain.knowledge import KnowledgeBase
from shared.domain.memory import Memory


async def import_knowledge(
    context: RequestContext, records: Sequence[tuple[int, Record]]
) -> int:
    """Store records of knowledge bases, each with its number in the request; how many
    memories are new. Raises `BadRequest`, `NotFound` 50120, and `Forbidden` for a key of
    one user.
    """
    new_memories = 0
    store = context.ports.knowledge_bases
    of_base: dict[str, list[tuple[int, Record]]] = {}
    for number, record in records:
        of_base.setdefault(str(record[BASE_ID]), []).append((number, record))
    for old_id, entries in of_base.items():
        base = await _base_for(context, old_id, [record for _, record in entries])
        memories = []
        for number, record in entries:
            match record.get("record"):
                case "knowledge_file":
                    file = read_file_record(record, number, base)
                    if not await store.files(context.project, [file.id]):
                        await store.put_file(file)
                case "memory":
                    memory = read_record(record, number, context.project, "")
                    if isinstance(memory, Memory):
                        memories.append(replace(memory, knowledge_base=base.id))
        ids = [memory.id for memory in memories]
        for memory in memories:
            ids += named_memories(memory)
        stored = await context.ports.memories.get(context.project, ids)
        own = {memory.id for memory in stored if memory.knowledge_base == base.id}
        new_ids = NewIds(context.project, base.id, frozenset(own))
        _, new = await store_as_given(
            context, [], [new_ids.applied_to(memory) for memory in memories]
        )
        new_memories += len(new)
    return new_memories


async def _base_for(
    context: RequestContext, old_id: str, records: Sequence[Record]
) -> KnowledgeBase:
    """The knowledge base that was exported under an id: that one where the project has
    it, else the copy of it, which is made when its record comes. Raises `NotFound` 50120.
    """
    store = context.ports.knowledge_bases
    new_id = computed_id("import", context.project, old_id)
    for known_id in (old_id, new_id):
        present = await store.get(context.project, known_id)
        if present is not None:
            return present
    record = next((row for row in records if row.get("record") == BASE), None)
    if record is None:
        return await require_knowledge_base(context, old_id)
    base = read_base(record, new_id, context.project)
    await store.put(base)
    return base
