"""The tools about knowledge bases, under the names of the MCP server that others publish
for the hosted service. Their docstrings are what a model reads.
"""

from __future__ import annotations

from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from services.gateway.mcp.mcp_calls import post

Result = dict[str, Any]
INLINE = ("http://", "https://", "data:")
"""How the content of a document begins that is no file of anybody's machine."""


async def create_knowledge_base(
    context: Context, knowledgebase_name: str, knowledgebase_description: str = ""
) -> Result:
    """A new knowledge base; gives its id."""
    created: Result = await post(
        context,
        "/create/knowledgebase",
        knowledgebase_name=knowledgebase_name,
        knowledgebase_description=knowledgebase_description,
    )
    return created


async def remove_knowledge_base(context: Context, knowledgebase_id: str) -> Result:
    """Remove a knowledge base with its documents."""
    removed: Result = await post(
        context, "/delete/knowledgebase", knowledgebase_id=knowledgebase_id
    )
    return removed


async def add_kb_document(
    context: Context, knowledgebase_id: str, file: list[dict[str, Any]]
) -> Result:
    """Add documents to a knowledge base: a list of {"content": http(s) URL or base64
    data URI, "file_name": optional name}. They are read in the background: see
    get_kb_documents.
    """
    for document in file:
        if not str(document.get("content", "")).startswith(INLINE):
            raise ToolError("content: an http(s) URL or a data URI is expected")
    documents = await post(
        context,
        "/add/knowledgebase-file",
        knowledgebase_id=knowledgebase_id,
        file=[
            {"content": document["content"], "name": document.get("file_name", "")}
            for document in file
        ],
    )
    return {"documents": documents}


async def get_kb_documents(context: Context, file_ids: list[str]) -> Result:
    """The state of documents."""
    documents: Result = await post(
        context, "/get/knowledgebase-file", file_ids=file_ids
    )
    return documents


async def delete_kb_documents(context: Context, file_ids: list[str]) -> Result:
    """Remove documents and what was read from them."""
    deleted: Result = await post(
        context, "/delete/knowledgebase-file", file_ids=file_ids
    )
    return deleted


KNOWLEDGE_TOOLS = (
    create_knowledge_base,
    remove_knowledge_base,
    add_kb_document,
    get_kb_documents,
    delete_kb_documents,
)
