"""Workflows on a fleet that runs, by an agent that comes over HTTP:

    fleet.py URL TOKEN_FILE

Two runs at once, each answered to its end, each of which keeps what was found in the memory that all
workers share.
"""

import asyncio
import sys
from pathlib import Path

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

URL, TOKEN = sys.argv[1], Path(sys.argv[2]).read_text().strip()

# Seconds that a call may take, and all of it.
CALL = 30
ALL = 120

ANSWERS = {
    "search-web": {"sources": ["https://example.org/tea"], "results": ["Green tea likes 80 °C."]},
    "analyze-results": "Green tea at 80 °C.",
}


async def main():
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx2.AsyncClient(headers=headers, timeout=CALL) as http:
        transport = streamable_http_client(URL, http_client=http)
        async with Client(transport, read_timeout_seconds=CALL) as client:
            await asyncio.gather(run(client, "How hot is tea?"), run(client, "How long does it draw?"))
            health = await call(client, "health_check")
            assert health["status"] == "ok", health
            assert health["engine"] == "temporal", health


async def run(client, question):
    reply = await call(client, "start_workflow", workflow="planning:research_task", inputs={"item": question})
    answered = []
    while reply["status"] != "completed":
        step = reply.get("step")
        if reply["status"] == "waiting" and step:
            answered.append(step["step_id"])
            answer = {"run_id": step["run_id"], "step_id": step["step_id"], "result": ANSWERS[step["step_id"]]}
            reply = await call(client, "submit_result", **answer)
        else:
            # The engine is at work; the call answers once it is done.
            assert reply["status"] in ("running", "waiting"), reply
            reply = await call(client, "get_next_step", run_id=reply["run_id"])
    assert answered == list(ANSWERS), answered
    assert reply["result"]["query"] == question, reply
    state = await call(client, "get_workflow_state", run_id=reply["run_id"])
    assert state["state"]["save_result"]["success"] is True, state
    print(f"{reply['run_id']}: {reply['result']['findings']}")


async def call(client, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, f"{tool} {arguments}: {result.structured_content}"
    return result.structured_content


asyncio.run(asyncio.wait_for(main(), ALL))
