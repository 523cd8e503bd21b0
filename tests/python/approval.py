"""What becomes of the plan when it is rejected, and when nobody has to approve it."""

import harness
from harness import ANSWERS, QUESTIONS, connect

TO_THE_PLAN = ["create-plan", "review-plan", "update-plan"]


async def main():
    async with connect() as agent:
        steps, last = await harness.finish(agent, await harness.to_research(agent), approve=False)
        assert steps == [*TO_THE_PLAN, "request-approval"], steps
        assert last["status"] == "completed", last
        plan = {"success": True, "plan": ANSWERS["update-plan"], "saved": True}
        assert last["result"] == {**plan, "approved": False}, last
        print("rejected: approved is false")

        reply = await harness.to_research(agent, require_approval=False)
        steps, last = await harness.finish(agent, reply)
        assert steps == TO_THE_PLAN, steps
        assert last["result"] == {**plan, "approved": True}, last
        print("no approval required: nobody is asked")

        reply = await harness.to_research(agent, max_research_tasks=2)
        items = [child["item"] for child in reply["step"]["children"]]
        assert items == QUESTIONS[:2], items
        print("two research tasks at most: two children")


harness.run(main)
