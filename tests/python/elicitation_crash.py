"""Kill -9 between a question to the user and their answer, in both eras.

The run still waits for the same step in the next process, its user is asked anew there, and what
they answer then is what counts.
"""

import contextlib

from harness import connect, run
from mcp.types import ElicitResult


async def main():
    for mode in ("legacy", "auto"):
        await killed_while_asking(mode)


async def killed_while_asking(mode):
    asked = []

    async def dies(context, params):
        asked.append(params.message)
        agent.kill()
        return ElicitResult(action="accept", content={"answer": "from before the crash"})

    async with connect(f"{mode}.sqlite", mode, elicitation_callback=dies) as agent:
        first = await agent.call("start_workflow", workflow="release", inputs={"version": "1.2"})
        run_id = first["run_id"]
        with contextlib.suppress(Exception):
            reply = await agent.call("get_next_step", run_id=run_id)
            raise SystemExit(f"a dead server replied {reply}")
    assert asked == ["What is new in 1.2?"], asked

    async def answers(context, params):
        asked.append(params.message)
        if len(asked) > 2:
            return ElicitResult(action="decline")
        return ElicitResult(action="accept", content={"answer": "from after it"})

    async with connect(f"{mode}.sqlite", mode, elicitation_callback=answers) as agent:
        status = await agent.call("get_workflow_status", run_id=run_id)
        assert [step["step_id"] for step in status["pending"]] == ["notes"], status
        reply = await agent.call("get_next_step", run_id=run_id)
        assert reply["step"]["step_id"] == "channel", reply
        state = await agent.call("get_workflow_state", run_id=run_id)
        assert state["state"]["notes"] == "from after it", state
    assert asked[:2] == ["What is new in 1.2?"] * 2, asked
    print(f"{mode}: killed while the user was asked; asked anew, and answered")


run(main)
