"""The tools about memories, messages, files and tasks. Their docstrings are what a model
reads.

Where the MCP server that others publish for the hosted service has a tool, name and
arguments are its own.
"""

from __future__ import annotations

from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from services.gateway.mcp.mcp_calls import get, post, segment, talk_of, user_of

Result = dict[str, Any]


async def add_message(
    context: Context,
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
    plain = isinstance(messages, str)
    said = [{"role": "user", "content": messages}] if plain else messages
    user = user_of(context, user_id)
    return await _object(
        context,
        "/add/message",
        messages=said,
        user_id=user,
        conversation_id=talk_of(user, conversation_id, conversation_first_message),
        agent_id=agent_id,
        async_mode=not wait,
    )


async def search_memory(
    context: Context,
    query: str,
    user_id: str | None = None,
    conversation_id: str | None = None,
    conversation_first_message: str | None = None,
    memory_limit_number: int | None = None,
    include_preference: bool | None = None,
    preference_limit_number: int | None = None,
    include_tool_memory: bool | None = None,
    tool_memory_limit_number: int | None = None,
    include_skill: bool | None = None,
    skill_limit_number: int | None = None,
    relativity: float | None = None,
    filter: dict[str, Any] | None = None,
    knowledgebase_ids: list[str] | None = None,
    as_of: str | None = None,
) -> Result:
    """What is remembered about a question: facts, preferences and tool experience, best
    first. Call it before you answer what may depend on the user's past.
    knowledgebase_ids only where the user speaks of a knowledge base; ["all"] for every
    one. as_of: what held on a day (YYYY-MM-DD) instead of now.
    """
    user = user_of(context, user_id)
    return await _object(
        context,
        "/search/memory",
        query=query,
        user_id=user,
        conversation_id=talk_of(user, conversation_id, conversation_first_message),
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


async def chat(
    context: Context,
    query: str,
    conversation_id: str | None = None,
    user_id: str | None = None,
    as_of: str | None = None,
) -> Result:
    """An answer of the server's own model that knows what is remembered; as_of: from
    what held on a day (YYYY-MM-DD).
    """
    return await _object(
        context,
        "/chat",
        query=query,
        user_id=user_of(context, user_id),
        conversation_id=conversation_id,
        as_of=as_of,
    )


async def get_user_profile(
    context: Context,
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
    return await _object(
        context,
        "/get/memory",
        user_id=user_of(context, user_id),
        include_preference=include_preference,
        include_tool_memory=include_tool_memory,
        page=current,
        size=size,
        as_of=as_of,
    )


async def get_memory(context: Context, memory_id: str) -> Result:
    """One memory by its id, with the messages it was read from and what it replaced."""
    memory: Result = await get(context, f"/get/memory/{segment(memory_id)}")
    return memory


async def get_message(
    context: Context,
    conversation_id: str | None = None,
    message_limit_number: int | None = None,
    user_id: str | None = None,
) -> Result:
    """The latest messages of a conversation, oldest first, word for word."""
    return await _object(
        context,
        "/get/message",
        user_id=user_of(context, user_id),
        conversation_id=conversation_id,
        message_limit_number=message_limit_number,
    )


async def update_memory(
    context: Context,
    memory_id: str,
    content: str | None = None,
    title: str | None = None,
) -> Result:
    """Change the words of a memory."""
    return await _object(
        context, "/update/memory", memory_id=memory_id, content=content, title=title
    )


async def delete_memory(
    context: Context,
    memory_ids: list[str],
    user_ids: list[str] | None = None,
    user_id: str | None = None,
) -> Result:
    """Forget memories by id. They must be the user's."""
    named = user_ids[0] if user_ids and user_id is None else user_id
    return await _object(
        context,
        "/delete/memory",
        memory_ids=memory_ids,
        user_id=user_of(context, named),
    )


async def add_feedback(
    context: Context,
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
    user = user_of(context, user_id)
    return await _object(
        context,
        "/add/feedback",
        feedback_content=feedback_content,
        user_id=user,
        conversation_id=talk_of(user, conversation_id, conversation_first_message),
        agent_id=agent_id,
        app_id=app_id,
        feedback_time=feedback_time,
        allow_public=allow_public,
        allow_knowledgebase_ids=allow_knowledgebase_ids,
    )


async def upload_file(
    context: Context,
    url: str | None = None,
    base64_data: str | None = None,
    name: str = "",
    text: str = "",
    conversation_id: str | None = None,
    user_id: str | None = None,
) -> Result:
    """Remember a file: an http(s) URL, or its bytes in base64 with a name; and a text
    about it. It is read in the background: see get_task.
    """
    if (url is None) == (base64_data is None):
        raise ToolError("url or base64_data is expected")
    if url is not None and not url.startswith(("http://", "https://")):
        raise ToolError("url: an http(s) URL is expected")
    said = [{"type": "text", "text": text}] if text else []
    file = {"file_data": url or base64_data, "filename": name}
    content = [*said, {"type": "file", "file": file}]
    return await _object(
        context,
        "/add/message",
        messages=[{"role": "user", "content": content}],
        user_id=user_of(context, user_id),
        conversation_id=conversation_id,
    )


async def get_task(context: Context, task_id: str) -> Result:
    """How far a task is that add_message, add_feedback or upload_file began, and what
    became of each memory.
    """
    task: Result = await get(context, f"/tasks/{segment(task_id)}")
    return task


async def list_tasks(
    context: Context,
    state: str | None = None,
    limit: int = 20,
    user_id: str | None = None,
) -> Result:
    """The user's latest tasks; state: only those queued, running, completed, failed,
    dead or cancelled.
    """
    user = user_of(context, user_id)
    tasks = await get(context, "/tasks", user_id=user, state=state, limit=limit)
    return {"tasks": tasks}


async def cancel_task(context: Context, task_id: str) -> Result:
    """Call off a task that waits or runs."""
    return await _object(context, f"/tasks/{segment(task_id)}/cancel")


async def _object(context: Context, path: str, **body: Any) -> Result:
    data: Result = await post(context, path, **body)
    return data


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
    upload_file,
    get_task,
    list_tasks,
    cancel_task,
)
