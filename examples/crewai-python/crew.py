"""A Python crew whose member asks a person, through the Holdpoint MCP server.

    python -m venv .venv && .venv/bin/pip install crewai==1.15.30 'crewai-tools[mcp]==1.15.30'
    npx holdpoint dev                       # in another terminal; prints the two lines to export
    .venv/bin/python crew.py

Runs offline: the model is a script. Put an LLM of yours in its place.
"""

import json
import os

os.environ.setdefault("CREWAI_DISABLE_TELEMETRY", "true")
os.environ.setdefault("OTEL_SDK_DISABLED", "true")

from crewai import Agent, BaseLLM, Crew, Task
from crewai_tools import MCPServerAdapter
from mcp import StdioServerParameters

COMMAND = os.environ.get("HOLDPOINT_MCP_COMMAND", "npx -y @holdpoint/mcp").split()
REFUND = {"service": "billing", "action": "refund", "payload": {"order": "A-1042", "amount": 12500}}


class Script(BaseLLM):
    """Calls ask_human, follows PENDING with check_request, and repeats what it was told."""

    step: int = 0

    def call(self, messages, **_):
        self.step += 1
        if self.step == 1:
            return self.use("ask_human", REFUND)
        answer = last_answer(messages)
        if answer.startswith("PENDING"):
            request_id = "req_" + answer.split("req_")[1][:26]
            # Another wait each time, for CrewAI takes a repeated call for a loop.
            wait_ms = 40_000 + self.step
            return self.use("check_request", {"request_id": request_id, "wait_ms": wait_ms})
        return f"Thought: I have my answer.\nFinal Answer: {answer}"

    def use(self, tool, arguments):
        return f"Thought: I need a person.\nAction: {tool}\nAction Input: {json.dumps(arguments)}"

    def supports_function_calling(self):
        return False


def last_answer(messages):
    """What Holdpoint said last, wherever CrewAI has put it among the messages."""
    text = messages if isinstance(messages, str) else "\n".join(m["content"] for m in messages)
    starts = [text.rfind(f"Observation: {word}") for word in ("PENDING", "APPROVED", "ACTION_REJECTED")]
    return text[max(starts) + len("Observation: ") :].split("\n\n")[0]


# CrewAI does not cut a call that waits, so it may wait an hour before it answers PENDING.
environment = {"HOLDPOINT_MCP_WAIT_MS": "3600000", **os.environ}
server = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment)

with MCPServerAdapter(server, connect_timeout=60) as tools:
    print("tools:", ", ".join(tool.name for tool in tools), flush=True)
    clerk = Agent(
        role="Clerk",
        goal="Refund what may be refunded",
        backstory="You ask before you act.",
        llm=Script(model="script"),
        tools=tools,
        verbose=False,
    )
    task = Task(description="Refund order A-1042.", expected_output="What was decided", agent=clerk)
    print(Crew(agents=[clerk], tasks=[task], verbose=False).kickoff().raw)
