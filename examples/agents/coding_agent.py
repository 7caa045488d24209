"""A coding agent with one tool, a shell in a folder, that learns how the project is worked on:
the calls it made and what came of them are kept as tool memories, and looked up before the
next job. What failed the last time is not tried again.

    pip install souvenir-client openai
    export SOUVENIR_URL=... SOUVENIR_API_KEY=... OPENAI_BASE_URL=... OPENAI_API_KEY=... MODEL=...
    python examples/agents/coding_agent.py FOLDER "Run the tests."

The model's commands run in FOLDER as you, without asking: try it in a folder of no value.
"""

import json
import os
import subprocess
import sys
from typing import Any
from uuid import uuid4

from openai import OpenAI

from souvenir_client import Client

USER = os.environ.get("SOUVENIR_USER", "coding-agent")
MODEL = os.environ.get("MODEL", "gpt-5-mini")
MOST_CALLS = 8
SHELL = {
    "type": "function",
    "function": {
        "name": "shell",
        "description": "Run a command in the project's folder",
        "parameters": {
            "type": "object",
            "properties": {"command": {"type": "string"}},
            "required": ["command"],
        },
    },
}


def experience(memory: Client, job: str) -> str:
    """What earlier jobs like this one taught: which calls worked, which did not."""
    found = memory.search(job, USER, include_tool_memory=True, relativity=0.2)
    used = (each for each in found.tools if each["tool_type"] == "ToolTrajectoryMemory")
    lines = [f"- {each['tool_value']}" for each in used]
    return "\n".join(lines) or "- none yet"


def run(folder: str, command: str) -> str:
    """What a command prints, with its exit code where it failed."""
    ran = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, timeout=600
    )
    failed = f"error: exit code {ran.returncode}\n" if ran.returncode else ""
    return (failed + ran.stdout + ran.stderr)[-4000:] or "done"


def work(model: OpenAI, known: str, folder: str, job: str) -> list[dict[str, Any]]:
    """The messages of the job: what was asked, each call with its result, the answer."""
    system = f"Work in the project's folder. Experience of earlier jobs:\n{known}"
    messages: list[dict[str, Any]] = [{"role": "user", "content": job}]
    for _ in range(MOST_CALLS):
        answer = model.chat.completions.create(
            model=MODEL,
            messages=[{"role": "system", "content": system}, *messages],
            tools=[SHELL],
        )
        said = answer.choices[0].message
        messages.append(said.model_dump(exclude_none=True))
        for call in said.tool_calls or ():
            command = json.loads(call.function.arguments)["command"]
            print(f"$ {command}", flush=True)
            result = run(folder, command)
            messages.append(
                {"role": "tool", "tool_call_id": call.id, "content": result}
            )
        if not said.tool_calls:
            break
    return messages


def main(folder: str, job: str) -> None:
    """Look up, work, keep."""
    with Client() as memory:
        known = experience(memory, job)
        print(f"Known before:\n{known}", flush=True)
        messages = work(OpenAI(), known, folder, job)
        print(messages[-1].get("content", ""))
        schema = f"<tool_schema>{json.dumps([SHELL['function']])}</tool_schema>"
        told = [{"role": "system", "content": schema}, *messages]
        memory.add(told, USER, f"job-{uuid4().hex[:8]}", wait=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
