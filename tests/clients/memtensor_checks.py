"""MemTensor's own programs for their hosted service, unmodified, with the address of a
running Souvenir: what each can do, with the answers checked for values.

One check, one call or a few that belong together; each has a user of its own. Run by
tests/clients/memtensor.py.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from souvenir_client.agent_setup import Access, Agent, set_up
from tests.clients.install import HERE, node, sources
from tests.support.system import until

SAID = "My sister Inês plays the cello in Porto."
ASKED = "Which instrument does my sister play?"
WORD = "cello"
KEPT = "The user's sister"


@dataclass(frozen=True)
class Server:
    """A running Souvenir, and who asks it."""

    url: str
    key: str
    user: str
    folder: Path
    """Empty; the home of the programs."""

    @property
    def environment(self) -> dict[str, str]:
        """What all of them are set up by."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "MEMOS_BASE_URL": f"{self.url}/api/openmem/v1",
            "MEMOS_API_KEY": self.key,
            "MEMOS_USER_ID": self.user,
            "MEMOS_CONVERSATION_ID": "talk-1",
        }


Check = Callable[[Server], None]
CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Keep a check under the name of its program and calls."""

    def keep(run: Check) -> Check:
        CHECKS[name] = run
        return run

    return keep


def ran(server: Server, *command: str | Path, **environment: str) -> str:
    """What a program prints. Ending badly is an AssertionError with it."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**server.environment, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def memos(server: Server, *arguments: str) -> Any:
    """The answer to a command of the memos CLI."""
    packages = str(sources()["memos-cli"].folder / "src")
    program = (sys.executable, "-m", "memos_cli")
    printed = ran(server, *program, *arguments, "--format", "json", PYTHONPATH=packages)
    return json.loads(printed)


def remembered(server: Server) -> list[dict[str, Any]]:
    """Remember something; the facts that a search then finds."""
    task = memos(server, "add", SAID)["data"]["task_id"]

    def ended() -> bool:
        status = memos(server, "status", task)["data"]
        return bool(status["status"] == "completed")

    until(ended, "the end of the task")
    return facts(memos(server, "search", ASKED))


def facts(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["data"]["memory_detail_list"]
    return found


@check("memos CLI: add, status, search")
def cli_search(server: Server) -> None:
    assert WORD in remembered(server)[0]["memory_value"]


@check("memos CLI: get, origin, delete")
def cli_delete(server: Server) -> None:
    id = remembered(server)[0]["id"]
    assert id in [fact["id"] for fact in facts(memos(server, "get", server.user))]
    assert SAID in json.dumps(memos(server, "origin", id), ensure_ascii=False)
    memos(server, "delete", id)
    assert facts(memos(server, "get", server.user)) == []


@check("memos CLI: message")
def cli_message(server: Server) -> None:
    remembered(server)
    messages = memos(server, "message")["data"]["message_detail_list"]
    assert [message["content"] for message in messages] == [SAID]


@check("memos CLI: feedback")
def cli_feedback(server: Server) -> None:
    remembered(server)
    memos(server, "feedback", "Replace cello with viola")

    def corrected() -> bool:
        return "viola" in facts(memos(server, "search", ASKED))[0]["memory_value"]

    until(corrected, "the correction")


@check("memos CLI: extract")
def cli_extract(server: Server) -> None:
    assert WORD in json.dumps(memos(server, "extract", SAID))
    assert facts(memos(server, "get", server.user)) == []


@check("memos CLI: rerank")
def cli_rerank(server: Server) -> None:
    ranked = memos(server, "rerank", ASKED, "Lunch is at noon.", SAID)
    assert ranked["results"][0]["index"] == 1, ranked


@check("memos CLI: chat")
def cli_chat(server: Server) -> None:
    remembered(server)
    assert WORD in json.dumps(memos(server, "chat", ASKED))


@check("memos CLI: kb create, add-file, list-file, get-file, delete-file, remove")
def cli_knowledge(server: Server) -> None:
    base = memos(server, "kb", "create", "--name", "Handbook")["data"]["id"]
    content = "data:text/plain;base64,VGhlIG9mZmljZSBvcGVucyBhdCBuaW5lLg=="
    files = json.dumps([{"content": content}])
    added = memos(server, "kb", "add-file", "--kb-id", base, "--files", files)
    (file_id,) = [file["id"] for file in added["data"]]
    ids = json.dumps([file_id])
    assert file_id in json.dumps(memos(server, "kb", "list-file", "--kb-id", base))
    assert file_id in json.dumps(memos(server, "kb", "get-file", "--file-ids", ids))
    memos(server, "kb", "delete-file", "--kb-id", base, "--file-ids", ids)
    memos(server, "kb", "remove", base)


def evaluated(server: Server, **environment: str) -> None:
    """OmniMemEval's client adds, finds, deletes and finds no more."""
    folder = sources()["omnimemeval"].folder
    program = (sys.executable, HERE / "omnimemeval_drive.py", folder)
    printed = ran(server, *program, server.user, SAID, ASKED, **environment)
    found, after = json.loads(printed)
    assert WORD in found and WORD not in after


@check("OmniMemEval: memos, MEMOS_MODE=cloud")
def evaluation_of_cloud(server: Server) -> None:
    context = {"MEMOS_CONTEXT_FORMAT": "mixed", "MEMOS_RELATIVITY": "0"}
    evaluated(server, MEMOS_MODE="cloud", **context)


@check("OmniMemEval: memos, MEMOS_MODE=local")
def evaluation_of_server(server: Server) -> None:
    evaluated(server, MEMOS_MODE="local", MEMOS_BASE_URL=server.url)


@check("OpenClaw plugin: agent_end, before_agent_start")
def openclaw(server: Server) -> None:
    folder = sources()["openclaw-plugin"].folder
    drive = (node(), HERE / "openclaw_drive.mjs", folder)
    turn = json.loads(ran(server, *drive, SAID, ASKED))
    assert turn["context"] and WORD in turn["context"], turn


@check("OpenClaw plugin, as `souvenir init` sets it up")
def openclaw_set_up(server: Server) -> None:
    folder = sources()["openclaw-plugin"].folder
    with tempfile.TemporaryDirectory() as home:
        access = Access(server.url, server.user)
        (config,) = set_up(Agent.OPENCLAW, access, Path(home), Path(home))
        drive = (node(), HERE / "openclaw_drive.mjs", folder, SAID, ASKED, config)
        elsewhere = "http://127.0.0.1:9"  # nobody listens there
        other = {"MEMOS_BASE_URL": elsewhere, "MEMOS_USER_ID": "someone else"}
        turn = json.loads(ran(server, *drive, HOME=home, **other))
    assert turn["context"] and WORD in turn["context"], turn
    assert WORD in json.dumps(facts(memos(server, "search", ASKED)))


@check("memos-api-mcp: all tools")
def mcp_server(server: Server) -> None:
    asyncio.run(_all_tools(server))


async def _all_tools(server: Server) -> None:
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    program = sources()["memos-api-mcp"].folder / "build" / "index.js"
    started = StdioServerParameters(
        command=str(node()), args=[str(program)], env=server.environment
    )
    async with Client(stdio_client(started)) as client:

        async def call(tool: str, **arguments: Any) -> str:
            answer = await client.call_tool(tool, arguments)
            text = "".join(part.text for part in answer.content if part.type == "text")
            assert not answer.is_error, text
            return text

        talk = {"conversation_first_message": SAID}
        messages = [
            {"role": "user", "content": SAID},
            {"role": "assistant", "content": "How nice!"},
        ]
        await call("add_message", **talk, messages=messages)
        found = ""
        while KEPT not in found:  # until then it is the raw words
            found = await call("search_memory", **talk, query=ASKED)
            await asyncio.sleep(0.2)
        assert WORD in await call("get_user_profile")
        await call("add_feedback", **talk, feedback_content="Replace cello with viola")
        id = json.loads(found)["data"]["memory_detail_list"][0]["id"]
        await call("delete_memory", memory_ids=[id])
        created = await call("create_knowledge_base", knowledgebase_name="Handbook")
        base = json.loads(created)["data"]["id"]
        document = {"content": "data:text/plain;base64,VGhlIG9mZmljZSBvcGVucy4="}
        added = await call("add_kb_document", knowledgebase_id=base, file=[document])
        ids = [json.loads(added)["data"][0]["id"]]
        assert ids[0] in await call("get_kb_documents", file_ids=ids)
        await call("delete_kb_documents", file_ids=ids)
        await call("remove_knowledge_base", knowledgebase_id=base)
