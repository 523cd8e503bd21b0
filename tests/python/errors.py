"""Calls that are refused: each says what was expected, and leaves the run where it was."""

import harness
from harness import ANSWERS, QUESTIONS, connect
from mcp import MCPError


async def main():
    async with connect() as agent:
        await wrong_starts(agent)
        await wrong_calls(agent)
        await wrong_answers(agent)
        await answered_steps(agent)
        await children(agent)


async def expect(agent, code, words, tool, **arguments):
    error = await agent.refused(tool, **arguments)
    said = f"{error['message']} {error['help']}"
    assert error["code"] == code, error
    for word in words:
        assert word in said, f"`{word}` is not in: {said}"
    print(f"{code}: {error['message']}")


async def wrong_starts(agent):
    async def refused(code, words, workflow="planning:interactive", **inputs):
        await expect(agent, code, words, "start_workflow", workflow=workflow, inputs=inputs)

    near = ["`planning:interactiv`", "`planning:interactive`"]
    await refused("unknown-workflow", near, "planning:interactiv", task_description="x")
    await refused("invalid-inputs", ["task_description"])
    await refused("invalid-inputs", ["colour"], task_description="x", colour="red")
    await refused("invalid-inputs", ["task_description", "number 7"], task_description=7)
    await refused("invalid-inputs", ["task_description"], task_description="")
    await refused("invalid-inputs", ["require_approval"], task_description="x", require_approval="no")
    both = ["task_description", "max_research_tasks"]
    await refused("invalid-inputs", both, max_research_tasks="few")


async def wrong_calls(agent):
    for tool in ("get_next_step", "get_workflow_status", "get_workflow_state", "cancel_workflow"):
        await expect(agent, "unknown-run", ["`nobody`"], tool, run_id="nobody")
        await expect(agent, "bad-arguments", ["run_id"], tool)
    await expect(
        agent, "unknown-run", ["`nobody`"], "submit_result", run_id="nobody", step_id="a", result=1
    )
    near = ["workflows", "did you mean `workflow`"]
    await expect(agent, "bad-arguments", near, "start_workflow", workflows="planning:interactive")
    await expect(agent, "bad-arguments", ["now"], "list_workflows", now=True)
    await expect(agent, "bad-arguments", ["page"], "get_next_step", run_id="nobody", page=0)
    try:
        await agent.ask("start_the_workflow")
    except MCPError as error:
        assert "there is no tool `start_the_workflow`" in str(error), error
    else:
        raise AssertionError("a tool that there is not was called")


class Still:
    """A run that must not move while the body runs."""

    def __init__(self, agent, run):
        self.agent, self.run = agent, run

    async def look(self):
        status = await self.agent.call("get_workflow_status", run_id=self.run)
        state = await self.agent.call("get_workflow_state", run_id=self.run)
        return status, state, await self.agent.call("get_next_step", run_id=self.run)

    async def __aenter__(self):
        self.before = await self.look()

    async def __aexit__(self, kind, *_):
        if kind is None:
            assert await self.look() == self.before, f"{self.run} has moved"


async def wrong_answers(agent):
    """Answers of the wrong type, or to a step that is not pending."""
    reply = await harness.start(agent.call)
    run = reply["run_id"]

    async def refused(code, words, **arguments):
        async with Still(agent, run):
            await expect(agent, code, words, "submit_result", run_id=run, **arguments)

    first = "gather-requirements"
    for wrong in (7, None, ["a"], {"text": "a"}):
        await refused("result-mismatch", ["string"], step_id=first, result=wrong)
    await refused("not-pending", ["create-plan", first], step_id="create-plan", result="early")
    await refused("not-pending", ["no-such-step", first], step_id="no-such-step", result="x")
    await refused("bad-arguments", ["`result`", "`error`"], step_id=first)
    await refused("bad-arguments", ["both"], step_id=first, result="x", error="y")
    await refused("bad-arguments", ["extra"], step_id=first, result="x", extra=1)
    await refused("bad-arguments", ["step_id"], result="x")

    reply = await agent.submit(reply["step"], ANSWERS[first])
    call = reply["step"]["step_id"]
    for wrong in ("one question", [], [1, 2], {"questions": QUESTIONS}):
        await refused("result-mismatch", [], step_id=call, result=wrong)
    reply = await agent.submit(reply["step"], QUESTIONS)
    await refused("not-answerable", ["research-phase"], step_id="research-phase", result=[])

    steps, last = await harness.finish(agent, reply)
    assert last["result"]["saved"] is True, last
    await refused("not-waiting", ["completed"], step_id="complete", result="late")


async def answered_steps(agent):
    """The same answer twice has the same reply; another answer is refused."""
    first = await harness.start(agent.call)
    run = first["run_id"]
    second = await agent.submit(first["step"], "the requirements")
    async with Still(agent, run):
        assert await agent.submit(first["step"], "the requirements") == second
        arguments = {"run_id": run, "step_id": "gather-requirements"}
        words = ["gather-requirements"]
        await expect(agent, "already-answered", words, "submit_result", **arguments, result="others")
        await expect(agent, "already-answered", words, "submit_result", **arguments, error="cannot")
    third = await agent.submit(second["step"], QUESTIONS)
    async with Still(agent, run):
        # Also when the run has gone on since.
        assert await agent.submit(first["step"], "the requirements") == second
        assert await agent.submit(second["step"], QUESTIONS) == third


async def children(agent):
    """A child is not hurt by what is wrong with its sibling, nor its parent."""
    reply = await harness.to_research(agent)
    run, [one, two, *_] = reply["run_id"], reply["step"]["children"]
    step = (await agent.call("get_next_step", run_id=one["run_id"]))["step"]
    await agent.call("get_next_step", run_id=two["run_id"])
    async with Still(agent, run), Still(agent, one["run_id"]), Still(agent, two["run_id"]):
        arguments = {"run_id": one["run_id"], "step_id": step["step_id"]}
        for wrong in ("nothing found", {"results": []}):
            await expect(
                agent, "result-mismatch", ["search-web"], "submit_result", **arguments, result=wrong
            )
        arguments = {"run_id": run, "step_id": step["step_id"], "result": {"sources": []}}
        await expect(agent, "not-pending", ["search-web", "research-phase"], "submit_result", **arguments)
    cancelled = await agent.call("cancel_workflow", run_id=run, reason="no longer wanted")
    assert cancelled["status"] == "cancelled", cancelled
    for child in (one, two):
        reply = await agent.call("get_next_step", run_id=child["run_id"])
        assert reply["status"] == "cancelled", reply


harness.run(main)
