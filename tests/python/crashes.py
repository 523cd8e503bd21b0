"""Kill -9 after every reply of a planning run, and in the middle of every answer.

Whatever was replied still holds in the next process, nothing is asked for twice, and the end is
that of a run that nobody disturbed.
"""

import asyncio
import contextlib

import harness
from harness import connect


async def main():
    async with connect("undisturbed.sqlite") as agent:
        undisturbed = await harness.course(agent.call)

    kills = Kills("replies.sqlite")
    assert await harness.course(kills.after_the_reply) == undisturbed
    print(f"{kills.count} kills, each after a reply")
    once("replies.sqlite", undisturbed)

    kills = Kills("calls.sqlite")
    assert await harness.course(kills.before_the_reply) == undisturbed
    print(f"{kills.count} kills, each with a call under way")
    once("calls.sqlite", undisturbed)


class Kills:
    """Takes each call to a server process of its own, which it kills."""

    def __init__(self, store):
        self.store = store
        self.count = 0

    @contextlib.asynccontextmanager
    async def server(self):
        async with connect(self.store) as agent:
            try:
                yield agent
            finally:
                agent.kill()
                self.count += 1

    async def after_the_reply(self, tool, **arguments):
        async with self.server() as agent:
            reply = await agent.call(tool, **arguments)
        run = arguments.get("run_id", reply["run_id"])
        async with self.server() as agent:
            assert await agent.call("get_next_step", run_id=run) == reply
            assert await agent.call("get_next_step", run_id=run) == reply
            if tool == "submit_result":
                # The answer is not taken a second time.
                assert await agent.call(tool, **arguments) == reply
        return reply

    async def before_the_reply(self, tool, **arguments):
        if tool == "submit_result":
            async with self.server() as agent:
                sent = asyncio.create_task(agent.ask(tool, **arguments))
                # The call is written while this task waits for another answer; whether the
                # server has taken it by then must not matter.
                await agent.call("list_workflows")
                sent.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await sent
        async with self.server() as agent:
            return await agent.call(tool, **arguments)


def once(store, replies):
    """Nothing was asked for, or kept, twice."""
    steps = harness.handed_out(replies)
    assert len(set(steps)) == len(steps) == 7 + 2 * 5, steps
    assert {reply["step"]["attempt"] for reply in replies if "step" in reply} == {1}
    assert replies[-1]["result"]["saved"] is True, replies[-1]
    assert harness.notes(store) == {None: 1, "research": 5}


harness.run(main)
