"""The tools about knowledge bases. Their docstrings are what a model reads; names and
arguments are those of the server's own MCP address.
"""

from __future__ import annotations

from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from souvenir_client.mcp_calls import client
from souvenir_client.values import Call

Result = dict[str, Any]
INLINE = ("http://", "https://", "data:")
"""How the content of a document begins that is no file of anybody's machine."""


async def create_knowledge_base(
    knowledgebase_name: str, knowledgebase_description: str = ""
) -> Result:
    """A new knowledge base; gives its id."""
    async with client() as connected:
        id = await connected.create_knowledgebase(
            knowledgebase_name, knowledgebase_description
        )
    return {"id": id}


async def remove_knowledge_base(knowledgebase_id: str) -> Result:
    """Remove a knowledge base with its documents."""
    async with client() as connected:
        return {"success": await connected.delete_knowledgebase(knowledgebase_id)}


async def add_kb_document(knowledgebase_id: str, file: list[dict[str, Any]]) -> Result:
    """Add documents to a knowledge base: a list of {"content": http(s) URL or base64
    data URI, "file_name": optional name}. They are read in the background: see
    get_kb_documents.
    """
    for document in file:
        if not str(document.get("content", "")).startswith(INLINE):
            raise ToolError("content: an http(s) URL or a data URI is expected")
    entries = [
        {"content": document["content"], "name": document.get("file_name", "")}
        for document in file
    ]
    body = {"knowledgebase_id": knowledgebase_id, "file": entries}
    call = Call("/add/knowledgebase-file", body, list, idempotent=False)
    async with client() as connected:
        return {"documents": await connected.send(call)}


async def get_kb_documents(file_ids: list[str]) -> Result:
    """The state of documents."""
    async with client() as connected:
        return {"file_detail_list": await connected.get_knowledgebase_file(file_ids)}


async def delete_kb_documents(file_ids: list[str]) -> Result:
    """Remove documents and what was read from them."""
    async with client() as connected:
        return {"success": await connected.delete_knowledgebase_file(file_ids)}


KNOWLEDGE_TOOLS = (
    create_knowledge_base,
    remove_knowledge_base,
    add_kb_document,
    get_kb_documents,
    delete_kb_documents,
)
