"""The whole planning run with five research tasks, whose sub-agents work at once."""

import asyncio
import json

import harness
from harness import ANSWERS, QUESTIONS, TASK, connect

TOOLS = {
    "list_workflows",
    "start_workflow",
    "get_next_step",
    "submit_result",
    "get_workflow_status",
    "get_workflow_state",
    "list_runs",
    "cancel_workflow",
    "health_check",
}


async def main():
    # With the handshake of today's clients, and with that of the revision without one.
    for mode in ("legacy", "auto"):
        async with connect(f"{mode}.sqlite", mode) as agent:
            print(f"{mode}: protocol {agent.client.protocol_version}")
            await tools(agent)
            await planning(agent)


async def tools(agent):
    listed = (await agent.client.list_tools()).tools
    assert {tool.name for tool in listed} == TOOLS, listed
    assert len(listed) == len(TOOLS)
    for tool in listed:
        assert tool.input_schema["type"] == "object", tool
        assert tool.output_schema["properties"], f"{tool.name} has no output schema"
        assert tool.description and tool.annotations, tool
    workflows = (await agent.call("list_workflows"))["workflows"]
    [planning] = [entry for entry in workflows if entry["name"] == "planning:interactive"]
    assert planning["steps"] == 9, planning
    assert planning["input_schema"]["required"] == ["task_description"], planning


async def planning(agent):
    reply = await harness.start(agent.call)
    run, step = reply["run_id"], reply["step"]
    assert (step["step_id"], step["type"], step["kind"]) == ("gather-requirements", "prompt", "text")
    assert TASK in step["message"], step
    assert reply["progress"] == {"done": 0, "total": 9}, reply

    step = (await agent.submit(step, ANSWERS["gather-requirements"]))["step"]
    assert (step["type"], step["function"]) == ("call", "generate_research_tasks"), step
    assert ANSWERS["gather-requirements"].splitlines()[0] in step["instructions"], step
    reply = await agent.submit(step, QUESTIONS)

    await research(agent, run, reply["step"])
    reply = await agent.call("get_next_step", run_id=run)
    await the_plan(agent, run, reply["step"])


async def research(agent, run, step):
    assert (step["step_id"], step["type"], step["agent"]) == ("research-phase", "foreach", "@task")
    children = step["children"]
    assert [child["index"] for child in children] == [0, 1, 2, 3, 4], children
    assert [child["item"] for child in children] == QUESTIONS, children
    assert {child["status"] for child in children} == {"waiting"}, children
    assert len({child["run_id"] for child in children} - {run}) == 5, children
    assert "get_next_step" in step["sub_agent_prompt"], step

    # All five at once on this one connection, each for its own run.
    first = await asyncio.gather(
        *(agent.call("get_next_step", run_id=child["run_id"]) for child in children)
    )
    for child, reply in zip(children, first):
        assert reply["run_id"] == reply["step"]["run_id"] == child["run_id"], reply
        assert reply["step"]["tool"] == "web.search", reply
        assert reply["step"]["parameters"]["query"] == child["item"], reply
    assert await statuses(agent, run) == ["running"] * 5

    second = await asyncio.gather(
        *(agent.submit(reply["step"], ANSWERS["search-web"][i]) for i, reply in enumerate(first))
    )
    for index, reply in enumerate(second):
        assert reply["step"]["function"] == "analyze_search_results", reply
        assert ANSWERS["search-web"][index]["sources"][0] in reply["step"]["instructions"], reply

    # The last question is answered first.
    expected = ["running"] * 5
    for index in reversed(range(5)):
        reply = await agent.submit(second[index]["step"], ANSWERS["analyze-results"][index])
        assert (reply["status"], reply["run_id"]) == ("completed", children[index]["run_id"])
        assert reply["result"] == finding(index), reply
        expected[index] = "completed"
        assert await statuses(agent, run) == expected


async def statuses(agent, run):
    report = await agent.call("get_workflow_status", run_id=run)
    assert [child["index"] for child in report["children"]] == [0, 1, 2, 3, 4], report
    return [child["status"] for child in report["children"]]


def finding(index):
    return {
        "query": QUESTIONS[index],
        "findings": ANSWERS["analyze-results"][index],
        "sources": ANSWERS["search-web"][index]["sources"],
    }


async def the_plan(agent, run, step):
    assert (step["step_id"], step["type"]) == ("create-plan", "delegate"), step
    findings = step["instructions"].split("Findings:\n")[1].split("\n\nCover")[0]
    assert json.loads(findings) == [finding(index) for index in range(5)], findings

    step = (await agent.submit(step, ANSWERS["create-plan"]))["step"]
    assert step["agent"] == "@code-standards-reviewer", step
    step = (await agent.submit(step, ANSWERS["review-plan"]))["step"]
    assert step["function"] == "merge_plan_with_feedback", step
    for part in ("create-plan", "review-plan"):
        assert ANSWERS[part].splitlines()[0] in step["instructions"], step
    step = (await agent.submit(step, ANSWERS["update-plan"]))["step"]
    assert (step["step_id"], step["type"], step["kind"]) == ("request-approval", "prompt", "confirm")
    assert ANSWERS["update-plan"].splitlines()[0] in step["message"], step

    last = await agent.submit(step, {"confirmed": True})
    assert last["status"] == "completed" and "step" not in last, last
    assert last["result"] == {
        "success": True,
        "plan": ANSWERS["update-plan"],
        "approved": True,
        "saved": True,
    }, last
    assert await agent.call("get_next_step", run_id=run) == last
    state = (await agent.call("get_workflow_state", run_id=run, fields=["approved"]))["state"]
    assert state == {"approved": True}, state


harness.run(main)
