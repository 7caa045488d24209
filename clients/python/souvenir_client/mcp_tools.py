"""The tools about memories and messages. Their docstrings are what a model reads; names
and arguments are those of the server's own MCP address.
"""

from __future__ import annotations

from typing import Any

from souvenir_client.mcp_calls import begun, client, talk_of, user_of

Result = dict[str, Any]


async def add_message(
    messages: str | list[dict[str, Any]],
    conversation_id: str | None = None,
    conversation_first_message: str | None = None,
    user_id: str | None = None,
    agent_id: str | None = None,
    wait: bool = True,
) -> Result:
    """Remember what was said: a plain text of the user, or a list of {"role":
    "user"|"assistant", "content": text, "chat_time": optional time}. With wait it
    answers when the memories can be found.
    """
    user = user_of(user_id)
    talk = talk_of(user, conversation_id, conversation_first_message)
    async with client() as connected:
        task = await connected.add(messages, user, talk, wait=wait, agent_id=agent_id)
    return begun(task)


async def search_memory(
    query: str,
    user_id: str | None = None,
    conversation_id: str | None = None,
    conversation_first_message: str | None = None,
    memory_limit_number: int = 6,
    include_preference: bool | None = None,
    preference_limit_number: int | None = None,
    include_tool_memory: bool = True,
    tool_memory_limit_number: int | None = None,
    include_skill: bool | None = None,
    skill_limit_number: int | None = None,
    relativity: float | None = None,
    filter: dict[str, Any] | None = None,
    knowledgebase_ids: list[str] | None = None,
    as_of: str | None = None,
) -> Result:
    """What is remembered about a question: facts, preferences and tool experience, best
    first. knowledgebase_ids only where the user speaks of a knowledge base; ["all"] for
    every one. as_of: what held on a day (YYYY-MM-DD) instead of now.
    """
    user = user_of(user_id)
    async with client() as connected:
        answer = await connected.search(
            query,
            user,
            talk_of(user, conversation_id, conversation_first_message),
            memory_limit_number=memory_limit_number,
            include_preference=include_preference,
            preference_limit_number=preference_limit_number,
            include_tool_memory=include_tool_memory,
            tool_memory_limit_number=tool_memory_limit_number,
            include_skill=include_skill,
            skill_limit_number=skill_limit_number,
            relativity=relativity,
            filter=filter,
            knowledgebase_ids=knowledgebase_ids,
            as_of=as_of,
        )
    result: Result = {
        "memories": answer.memories,
        "preferences": answer.preferences,
        "tools": answer.tools,
        "preference_note": answer.preference_note,
    }
    if include_skill:
        result["skills"] = answer.skills
    return result | ({"remarks": answer.remarks} if answer.remarks else {})


async def chat(
    query: str,
    conversation_id: str | None = None,
    user_id: str | None = None,
    as_of: str | None = None,
) -> Result:
    """An answer of the server's own model that knows what is remembered; as_of: what
    held on a day (YYYY-MM-DD).
    """
    user = user_of(user_id)
    async with client() as connected:
        answer = await connected.chat(query, user, conversation_id, as_of=as_of)
    return {"response": answer}


async def get_user_profile(
    include_preference: bool | None = None,
    include_tool_memory: bool | None = None,
    current: int = 1,
    size: int = 20,
    user_id: str | None = None,
    as_of: str | None = None,
) -> Result:
    """Everything that is remembered of the user, page by page: facts, preferences, tool
    experience. as_of: what held on a day (YYYY-MM-DD).
    """
    async with client() as connected:
        return await connected.memories(
            user_of(user_id),
            page=current,
            size=size,
            include_preference=include_preference,
            include_tool_memory=include_tool_memory,
            as_of=as_of,
        )


async def get_memory(memory_id: str) -> Result:
    """One memory by its id, with its sources and its history."""
    async with client() as connected:
        return await connected.memory(memory_id)


async def get_message(
    conversation_id: str | None = None,
    message_limit_number: int | None = None,
    user_id: str | None = None,
) -> Result:
    """The latest messages of a conversation, oldest first, word for word."""
    async with client() as connected:
        messages = await connected.get(
            user_of(user_id), conversation_id, message_limit_number=message_limit_number
        )
    return {"message_detail_list": messages}


async def update_memory(
    memory_id: str, content: str | None = None, title: str | None = None
) -> Result:
    """Change the words of a memory."""
    async with client() as connected:
        changed = await connected.update(memory_id, content=content, title=title)
    return {"success": changed}


async def delete_memory(
    memory_ids: list[str],
    user_ids: list[str] | None = None,
    user_id: str | None = None,
) -> Result:
    """Forget memories by id. They must be the user's."""
    named = user_ids[0] if user_ids and user_id is None else user_id
    async with client() as connected:
        deleted = await connected.delete(memory_ids, user_id=user_of(named))
    return {"success": deleted}


async def add_feedback(
    feedback_content: str,
    conversation_id: str | None = None,
    conversation_first_message: str | None = None,
    user_id: str | None = None,
    agent_id: str | None = None,
    app_id: str | None = None,
    feedback_time: str | None = None,
    allow_public: bool | None = None,
    allow_knowledgebase_ids: list[str] | None = None,
) -> Result:
    """Correct or supplement what is remembered, in the user's words. It is carried out
    in the background: see get_task.
    """
    user = user_of(user_id)
    async with client() as connected:
        task = await connected.feedback(
            feedback_content,
            user,
            talk_of(user, conversation_id, conversation_first_message),
            agent_id=agent_id,
            app_id=app_id,
            feedback_time=feedback_time,
            allow_public=allow_public,
            allow_knowledgebase_ids=allow_knowledgebase_ids,
        )
    return begun(task)


MEMORY_TOOLS = (
    add_message,
    search_memory,
    chat,
    get_user_profile,
    get_memory,
    get_message,
    update_memory,
    delete_memory,
    add_feedback,
)
