"""What the scripts share: servers, the agent that talks to them, and the course of a planning run.

A script is called with the server's binary, a file of answers (JSON: step id to result, a list
for the steps of the children), an empty folder, and `stdio` or `http`. It asserts, prints what it has seen, and ends
with 0 if all was as it should be.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import traceback
from pathlib import Path

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

BINARY = Path(sys.argv[1])
ANSWERS = json.loads(Path(sys.argv[2]).read_text())
FOLDER = Path(sys.argv[3])
TRANSPORT = sys.argv[4]

# Seconds that a call may take, and a whole script.
CALL = 60
SCRIPT = 600

# Whether servers keep their runs on Temporal. A task queue and a database then stand for a store.
ON_TEMPORAL = os.environ.get("TEST_ENGINE") == "temporal"

TASK = "Move the shop's search to a search engine"
QUESTIONS = ANSWERS.get("generate-research-tasks")

# What clients over HTTP send where no store is there to keep a token beside.
TOKEN = "0123456789abcdef" * 4

# Writes the id of its process, then becomes the server: so a server can be killed by its id.
LAUNCHER = 'echo $$ > "$0"; exec "$@"'


class Agent:
    """One connection to one server process."""

    def __init__(self, client, pid):
        self.client = client
        self.pid = pid
        self.killed = False

    async def ask(self, tool, **arguments):
        """The result of a call, whatever it is."""
        return await asyncio.wait_for(self.client.call_tool(tool, arguments), CALL)

    async def call(self, tool, **arguments):
        """The structured part of a call that is taken."""
        result = await self.ask(tool, **arguments)
        assert not result.is_error, f"{tool} {arguments}: {text(result)}"
        assert text(result).strip(), f"{tool} gave no text"
        return result.structured_content

    async def refused(self, tool, **arguments):
        """What is said of a call that is refused."""
        result = await self.ask(tool, **arguments)
        assert result.is_error, f"{tool} {arguments} was taken: {result.structured_content}"
        error = result.structured_content
        for part in (error["message"], error["help"]):
            assert part and part in text(result), f"`{part}` is not in {text(result)}"
        return error

    async def submit(self, step, result):
        return await self.call(
            "submit_result", run_id=step["run_id"], step_id=step["step_id"], result=result
        )

    def kill(self):
        """Ends the server without a chance to tidy up."""
        self.killed = True
        os.kill(self.pid, signal.SIGKILL)


def text(result):
    return "\n".join(block.text for block in result.content)


def connect(store="runs.sqlite", mode="auto", **options):
    """A server of its own on the store, and an agent connected to it, with options of the client."""
    return {"stdio": over_stdio, "http": over_http}[TRANSPORT](store, mode, options)


def settings(store):
    """The environment of a server on a store."""
    if not ON_TEMPORAL:
        return {**os.environ, "WORKFLOW_STORE": str(FOLDER / store)}
    return {
        **os.environ,
        "WORKFLOW_ENGINE": "temporal",
        "TEMPORAL_TASK_QUEUE": database(store),
        "WORKFLOW_DATABASE_URL": f"{os.environ['TEST_POSTGRES']}/{database(store)}",
    }


def database(store):
    """The name of the database that stands for a store; it is made at its first use."""
    name = re.sub(r"\W", "_", str(FOLDER / store)).lower()
    if not (FOLDER / name).exists():
        postgres("postgres", f'CREATE DATABASE "{name}"')
        (FOLDER / name).touch()
    return name


def postgres(name, statement):
    """What a database says: a row a line, `|` between the columns."""
    url = f"{os.environ['TEST_POSTGRES']}/{name}"
    command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def notes(store):
    """What is remembered in a store: categories, each with how much of it there is."""
    if ON_TEMPORAL:
        counted = "SELECT category, count(*) FROM workflow_memory GROUP BY category"
        rows = [line.split("|") for line in postgres(database(store), counted)]
        return {category or None: int(count) for category, count in rows}
    with contextlib.closing(sqlite3.connect(FOLDER / store)) as db:
        return dict(db.execute("SELECT category, count(*) FROM memory GROUP BY category"))


@contextlib.asynccontextmanager
async def over_stdio(store, mode, options):
    note = FOLDER / f"{store}.pid"
    server = [str(BINARY), "serve"]
    parameters = StdioServerParameters(
        command="/bin/sh", args=["-c", LAUNCHER, str(note), *server], env=settings(store)
    )
    async with Client(parameters, mode=mode, read_timeout_seconds=CALL, **options) as client:
        yield Agent(client, int(note.read_text()))


@contextlib.asynccontextmanager
async def over_http(store, mode, options):
    environment = settings(store)
    if ON_TEMPORAL:
        environment["WORKFLOW_TOKEN"] = TOKEN
    server = await asyncio.create_subprocess_exec(
        BINARY, "serve", "--transport", "http", "--addr", "127.0.0.1:0",
        stderr=asyncio.subprocess.PIPE, env=environment,
    )
    agent = None
    try:
        url = await listening(server)
        token = TOKEN if ON_TEMPORAL else (FOLDER / f"{store}-token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx2.AsyncClient(headers=headers, timeout=CALL) as http:
            transport = streamable_http_client(url, http_client=http)
            async with Client(transport, mode=mode, read_timeout_seconds=CALL, **options) as client:
                agent = Agent(client, server.pid)
                yield agent
    except* httpx2.TransportError:
        # A client is upset when its server is killed under a call.
        if not (agent and agent.killed):
            raise
    finally:
        # Not by `terminate`, which may take the status of one that a script has killed.
        with contextlib.suppress(ProcessLookupError):
            os.kill(server.pid, signal.SIGTERM)
        ended = await asyncio.wait_for(server.wait(), CALL)
        assert ended in (0, -signal.SIGKILL), f"it ended with {ended}"


async def listening(server):
    """The URL that a server says it listens on; what it says further is read and dropped."""
    async for line in server.stderr:
        if b"url=" in line:
            asyncio.ensure_future(server.stderr.read())
            return line.decode().split("url=")[1].split()[0]
    raise AssertionError("the server does not listen")


async def start(call, task=TASK, **inputs):
    inputs = {"task_description": task, **inputs}
    return await call("start_workflow", workflow="planning:interactive", inputs=inputs)


async def to_research(agent, **inputs):
    """A run that stands at its research, as the reply that hands out the children."""
    reply = await start(agent.call, **inputs)
    reply = await agent.submit(reply["step"], ANSWERS["gather-requirements"])
    return await agent.submit(reply["step"], QUESTIONS)


def child_answer(step, index):
    return ANSWERS[step["step_id"]][index]


async def finish(agent, reply, approve=True):
    """Takes a run from its research to its end; gives the steps passed, and the last reply."""
    steps = []
    for child in reply["step"]["children"]:
        last = await agent.call("get_next_step", run_id=child["run_id"])
        while last["status"] == "waiting":
            last = await agent.submit(last["step"], child_answer(last["step"], child["index"]))
        assert last["status"] == "completed", last
    reply = await agent.call("get_next_step", run_id=reply["run_id"])
    while reply["status"] == "waiting":
        step = reply["step"]
        steps.append(step["step_id"])
        asks = step["step_id"] == "request-approval"
        answer = {"confirmed": approve} if asks else ANSWERS[step["step_id"]]
        reply = await agent.submit(step, answer)
    return steps, reply


async def course(call):
    """A whole planning run, one call after another, whoever takes them; every reply in order.

    The children are asked first, then answered in turns: each one's first step, then each one's
    second. The run's id is replaced, so that the courses of two runs can be compared.
    """
    replies = []

    async def told(tool, **arguments):
        replies.append(await call(tool, **arguments))
        return replies[-1]

    async def submit(step, result):
        return await told(
            "submit_result", run_id=step["run_id"], step_id=step["step_id"], result=result
        )

    reply = await start(told)
    run = reply["run_id"]
    while reply["status"] == "waiting":
        step = reply["step"]
        if step["type"] != "foreach":
            reply = await submit(step, ANSWERS[step["step_id"]])
            continue
        children = step["children"]
        pending = [await told("get_next_step", run_id=child["run_id"]) for child in children]
        while any(child["status"] == "waiting" for child in pending):
            pending = [
                await submit(child["step"], child_answer(child["step"], index))
                for index, child in enumerate(pending)
            ]
        reply = await told("get_next_step", run_id=run)
    return json.loads(json.dumps(replies).replace(run, "RUN"))


def handed_out(replies):
    """The steps in replies, each as its run and id."""
    return [(reply["step"]["run_id"], reply["step"]["step_id"]) for reply in replies if "step" in reply]


def run(script):
    """Runs a script's `main`, with a limit on its time."""

    async def limited():
        async with asyncio.timeout(SCRIPT):
            await script()

    try:
        asyncio.run(limited())
    except BaseExceptionGroup as group:
        # The client wraps a failure in a group for each of its layers.
        failure = group
        while isinstance(failure, BaseExceptionGroup):
            failure = failure.exceptions[0]
        traceback.print_exception(failure)
        sys.exit(1)
