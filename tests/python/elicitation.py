"""What only the user can answer: their client asks them, and the agent cannot answer for them.

In both eras: up to 2025-11-25 the server sends the client a request ("legacy"), from 2026-07-28 on
it gives a result that asks, and the client calls again ("auto").
"""

import os
import pty
import subprocess

from harness import BINARY, FOLDER, connect, run, text
from mcp.types import ElicitResult

ANSWERS = {
    "notes": {"answer": "It is faster"},
    "channel": {"selected": "beta"},
    "approve": {"confirmed": True},
    "told": {},
}
RESULT = {"notes": "It is faster", "channel": "beta", "approved": True}

# What shows which step a form is for: the one field of it.
STEPS = {("answer",): "notes", ("selected",): "channel", ("confirmed",): "approve", (): "told"}


class User:
    """Answers what their client asks; keeps what was shown."""

    def __init__(self, *reactions):
        # Told first; after them the answers above.
        self.reactions = list(reactions)
        self.shown = []

    async def __call__(self, context, params):
        self.shown.append(params)
        if self.reactions:
            return self.reactions.pop(0)
        step = STEPS[tuple(params.requested_schema["properties"])]
        return ElicitResult(action="accept", content=ANSWERS[step])


async def main():
    for mode in ("legacy", "auto"):
        await whole_run(mode)
        await refusals(mode)
        await no_answer(mode)
    await terminal()


async def start(agent):
    return await agent.call("start_workflow", workflow="release", inputs={"version": "1.2"})


async def whole_run(mode):
    user = User()
    async with connect("runs.sqlite", mode, elicitation_callback=user) as agent:
        first = await start(agent)
        step = first["step"]
        assert step["answered_by"] == "user" and "get_next_step" in step["to_do"], step
        for forged in ("It is faster", {"answer": "It is faster"}):
            error = await agent.refused(
                "submit_result", run_id=step["run_id"], step_id=step["step_id"], result=forged
            )
            assert error["code"] == "user-only", error
        assert not user.shown, "nobody is asked before get_next_step"
        last = await agent.call("get_next_step", run_id=first["run_id"])
        assert (last["status"], last["result"]) == ("completed", RESULT), last
        messages = [shown.message for shown in user.shown]
        assert messages[0] == "What is new in 1.2?", messages
        assert messages[2] == "Put out 1.2 as beta?\n\nIt is faster", messages
        notes = user.shown[0].requested_schema["properties"]["answer"]
        assert (notes["minLength"], notes["maxLength"]) == (3, 200), notes
        channel = user.shown[1].requested_schema["properties"]["selected"]
        assert channel["enum"] == ["stable", "beta"], channel
        late = await agent.refused(
            "submit_result", run_id=first["run_id"], step_id="approve", result={"confirmed": False}
        )
        assert late["code"] == "already-answered", late
    assert who(first["run_id"]) == ["user_by_elicitation"] * 4
    print(f"{mode}: four kinds of prompts, each answered by the user alone")


async def refusals(mode):
    short = ElicitResult(action="accept", content={"answer": "x"})
    user = User(short, short)
    async with connect("runs.sqlite", mode, elicitation_callback=user) as agent:
        first = await start(agent)
        last = await agent.call("get_next_step", run_id=first["run_id"])
        assert last["result"] == RESULT, last
        again = user.shown[1].message
        assert again.startswith("Your last answer was not taken: "), again
        assert again.endswith("What is new in 1.2?"), again
    print(f"{mode}: a wrong answer is asked for again")


async def no_answer(mode):
    user = User(ElicitResult(action="decline"), ElicitResult(action="cancel"))
    async with connect("runs.sqlite", mode, elicitation_callback=user) as agent:
        first = await start(agent)
        for word in ("declined to answer", "closed the question"):
            result = await agent.ask("get_next_step", run_id=first["run_id"])
            step = result.structured_content["step"]
            assert step["step_id"] == "notes" and word in step["to_do"], step
            assert word in text(result) and "get_next_step" in text(result), text(result)
        last = await agent.call("get_next_step", run_id=first["run_id"])
        assert last["result"] == RESULT, last
    print(f"{mode}: what is declined or closed answers nothing, and can be asked again")


async def terminal():
    """A client that cannot ask: the user answers in a terminal, and nowhere else."""
    async with connect("runs.sqlite") as agent:
        first = await start(agent)
        run_id = first["run_id"]
        command = f"workflow-server run --resume {run_id} --user-only"
        assert command in first["step"]["to_do"], first
        resume = [str(BINARY), *command.split()[1:], "--store", str(FOLDER / "runs.sqlite")]
        piped = subprocess.run(resume, input="It is faster\n", capture_output=True, text=True)
        assert piped.returncode == 1 and "terminal" in piped.stderr, piped
        ours, theirs = pty.openpty()
        with subprocess.Popen(resume, stdin=theirs, stderr=subprocess.DEVNULL) as person:
            os.close(theirs)
            os.write(ours, b"It is faster\nbeta\ny\n\n")
            assert person.wait(60) == 0
        os.close(ours)
        last = await agent.call("get_next_step", run_id=run_id)
        assert last["result"] == RESULT, last
    assert who(run_id) == ["user"] * 4
    print("no elicitation: answered in a terminal, refused from a pipe")


def who(run_id):
    """Who gave the answers of a run, as its exported journal says."""
    export = [str(BINARY), "runs", "export", run_id, "--store", str(FOLDER / "runs.sqlite")]
    lines = subprocess.run(export, capture_output=True, text=True, check=True).stdout
    return [part.split('"', 1)[0] for part in lines.split('"by":"')[1:]]


run(main)
