"""Two server processes on one store, the calls alternating between them call by call."""

import asyncio
import itertools

import harness
from harness import ANSWERS, connect


async def main():
    async with connect("one.sqlite") as agent:
        alone = await harness.course(agent.call)
    async with connect("two.sqlite") as here, connect("two.sqlite") as there:
        assert here.pid != there.pid
        await alternating(here, there, alone)
        await at_once(here, there)


async def alternating(here, there, alone):
    turns = itertools.cycle([here, there])
    calls = 0

    async def call(tool, **arguments):
        nonlocal calls
        calls += 1
        return await next(turns).call(tool, **arguments)

    assert await harness.course(call) == alone
    print(f"{calls} calls in turns: the same replies as from one process")


async def at_once(here, there):
    """Both answer the same steps at the same moment; each step is taken once."""
    reply = await harness.to_research(here)
    children = reply["step"]["children"]
    for step in ("search-web", "analyze-results"):
        for child in children:
            arguments = {"run_id": child["run_id"], "step_id": step}
            answer = ANSWERS[step][child["index"]]
            one, other = await asyncio.gather(
                here.call("submit_result", **arguments, result=answer),
                there.call("submit_result", **arguments, result=answer),
            )
            assert one == other, (one, other)
    steps, last = await harness.finish(there, reply)
    assert steps[0] == "create-plan" and last["result"]["saved"] is True, (steps, last)
    print("the same answers from both at once: taken once")


harness.run(main)
