"""What the server offers beside its tools, in both eras of the protocol: prompts, resources,
completions, subscriptions, and progress while a call waits.
"""

import asyncio
import json

import harness
from harness import ANSWERS, CALL, TASK, connect
from mcp import MCPError, types

WORKFLOW = "planning:interactive"
ADDRESS = "workflow://planning%3Ainteractive"


async def main():
    for mode in ("auto", "legacy"):
        updates = asyncio.Queue()

        async def hear(message, updates=updates):
            if isinstance(message, types.ResourceUpdatedNotification):
                await updates.put(message.params.uri)

        store = f"{mode}.sqlite"
        async with connect(store, mode, message_handler=hear) as agent, connect(store) as other:
            print(f"{mode}: {agent.client.protocol_version}")
            assert (agent.client.protocol_version >= "2026-07-28") == (mode == "auto")
            await capabilities(agent.client)
            await prompts(agent.client)
            run = await resources(agent)
            await completions(agent.client, run)
            if mode == "auto":
                await listening(agent, other)
            else:
                await subscribed(agent, other, updates)
            await progress(agent, other)


async def fails(call, code, *words):
    try:
        await call
    except MCPError as error:
        assert error.error.code == code, error.error
        for word in words:
            assert word in error.error.message, error.error
        return
    raise AssertionError(f"this should have failed with {code}")


async def capabilities(client):
    offered = client.server_capabilities
    assert offered.tools and offered.prompts and offered.completions is not None, offered
    assert offered.resources and offered.resources.subscribe, offered
    assert offered.resources.list_changed, offered
    assert not offered.tools.list_changed and not offered.prompts.list_changed, offered


async def prompts(client):
    listed = await client.list_prompts()
    prompt = next(prompt for prompt in listed.prompts if prompt.name == WORKFLOW)
    required = {argument.name: argument.required for argument in prompt.arguments}
    assert required == {
        "task_description": True,
        "max_research_tasks": False,
        "require_approval": False,
    }, required
    arguments = {"task_description": TASK, "max_research_tasks": "3", "require_approval": "false"}
    got = await client.get_prompt(WORKFLOW, arguments)
    [message] = got.messages
    inputs = {"task_description": TASK, "max_research_tasks": 3, "require_approval": False}
    compact = json.dumps(inputs, separators=(",", ":"))
    call = f'start_workflow(workflow="{WORKFLOW}", inputs={compact})'
    assert message.role == "user" and call in message.content.text, message
    await fails(client.get_prompt(WORKFLOW, {}), -32602, "`task_description` is missing")
    wrong = {"task_description": TASK, "require_approval": "maybe"}
    await fails(client.get_prompt(WORKFLOW, wrong), -32602, "require_approval", "boolean")
    await fails(client.get_prompt("planning:interactiv"), -32602, f"did you mean `{WORKFLOW}`")
    await fails(client.list_prompts(cursor="x"), -32602, "`x` is no cursor of this list")
    print(f"prompts: {[prompt.name for prompt in listed.prompts]}")


async def resources(agent):
    client = agent.client
    reply = await harness.start(agent.call)
    run = reply["run_id"]
    await agent.submit(reply["step"], ANSWERS["gather-requirements"])

    listed = (await client.list_resources()).resources
    uris = [resource.uri for resource in listed]
    assert ADDRESS in uris and f"run://{run}" in uris, uris
    templates = (await client.list_resource_templates()).resource_templates
    assert f"run://{run}/journal".startswith(templates[2].uri_template.split("{")[0]), templates

    source, diagram = (await client.read_resource(ADDRESS)).contents
    assert source.mime_type == "application/yaml" and f"name: {WORKFLOW}" in source.text, source
    assert diagram.mime_type == "text/vnd.mermaid" and "flowchart TD" in diagram.text, diagram
    assert "request-approval" in source.text and "request-approval" in diagram.text

    [told] = (await client.read_resource(f"run://{run}")).contents
    told = json.loads(told.text)
    assert told["status"] == "waiting" and told["position"] == "generate-research-tasks", told
    assert told["state"]["requirements"] == ANSWERS["gather-requirements"], told
    [journal] = (await client.read_resource(f"run://{run}/journal")).contents
    events = [json.loads(line)["event"] for line in journal.text.splitlines()]
    assert events[0] == "started" and "answered" in events and events[-1] == "waiting", events
    [step] = (await client.read_resource(f"run://{run}/steps/gather-requirements")).contents
    assert json.loads(step.text)["result"] == ANSWERS["gather-requirements"], step

    missing = -32602 if client.protocol_version >= "2026-07-28" else -32002
    for uri in ("run://nobody", f"run://{run}/steps/nothing", "workflow://nothing", "else://x"):
        await fails(client.read_resource(uri), missing, "no")
    await fails(client.list_resources(cursor="x"), -32602, "`x` is no cursor of this list")
    print(f"resources: {len(listed)}, {len(templates)} templates")
    return run


async def completions(client, run):
    async def complete(ref, name, value="", **context):
        argument = {"name": name, "value": value}
        result = await client.complete(ref, argument, context_arguments=context or None)
        return result.completion.values

    prompt = types.PromptReference(type="ref/prompt", name=WORKFLOW)
    assert await complete(prompt, "require_approval") == ["true", "false"]
    workflow = types.ResourceTemplateReference(type="ref/resource", uri="workflow://{name}{?page}")
    assert WORKFLOW in await complete(workflow, "name", "plan")
    step = "run://{run_id}/steps/{step_id}{?page}"
    step = types.ResourceTemplateReference(type="ref/resource", uri=step)
    assert await complete(step, "run_id", run[:8]) == [run]
    assert "gather-requirements" in await complete(step, "step_id", "gather", run_id=run)
    await fails(complete(prompt, "colour"), -32602, "no argument `colour`")


async def listening(agent, other):
    """Moves by this process and by another are heard of on one subscription."""
    reply = await harness.start(agent.call)
    uri = f"run://{reply['run_id']}"
    async with agent.client.listen(resource_subscriptions=[uri]) as subscription:
        for mover in (None, agent, other):
            if mover:
                reply = await mover.submit(reply["step"], answer(reply))
            event = await asyncio.wait_for(anext(subscription), CALL)
            assert event.uri == uri, event
    print("listening: heard of the beginning and of two moves")


async def subscribed(agent, other, updates):
    reply = await harness.start(agent.call)
    uri = f"run://{reply['run_id']}"
    await agent.client.subscribe_resource(uri)
    for mover in (agent, other):
        reply = await mover.submit(reply["step"], answer(reply))
        assert await asyncio.wait_for(updates.get(), CALL) == uri
    await agent.client.unsubscribe_resource(uri)
    print("subscribed: heard of two moves")


def answer(reply):
    return ANSWERS[reply["step"]["step_id"]]


async def progress(agent, other):
    """Who waits for sub-agents hears of each that is done."""
    reply = await harness.to_research(agent, max_research_tasks=2)
    children = reply["step"]["children"]
    pending = [await other.call("get_next_step", run_id=child["run_id"]) for child in children]
    heard = asyncio.Queue()

    async def hear(done, total, message):
        await heard.put((done, total, message))

    wait = {"run_id": reply["run_id"], "wait_seconds": 20}
    waiting = asyncio.create_task(
        agent.client.call_tool("get_next_step", wait, progress_callback=hear)
    )
    done, total, message = await asyncio.wait_for(heard.get(), CALL)
    assert total == reply["progress"]["total"] and done == reply["progress"]["done"], (done, total)
    assert "research-phase, 0 of 2 child runs done" in message, message
    for index, child in enumerate(pending):
        while child["status"] == "waiting":
            child = await other.submit(child["step"], harness.child_answer(child["step"], index))
        if index == 0:
            half, _, message = await asyncio.wait_for(heard.get(), CALL)
            assert half == done + 0.5 and "1 of 2 child runs done" in message, (half, message)
    last = (await asyncio.wait_for(waiting, CALL)).structured_content
    assert last["step"]["step_id"] == "create-plan", last
    print("progress: heard of the first child that was done")


harness.run(main)
