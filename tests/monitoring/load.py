"""A real Prometheus scrapes a server during 32 runs; each query of the dashboard has to give figures.

    load.py FOLDER, with `calling-server` and `tool-server` in it
"""

import concurrent.futures
import contextlib
import json
import math
import pathlib
import sys
import tempfile
import time
import urllib.parse
import urllib.request

from parts import PATIENCE, ROOT, Client, free_address, process, serve, until

RUNS = 32


def run(url, number):
    """Starts a run and waits for its end; every fourth calls a tool that fails"""
    client = Client(url)
    workflow = "calls:fail" if number % 4 == 0 else "calls:append"
    inputs = {} if number % 4 == 0 else {"text": f"run {number}", "delay": 1000}
    reply = client.call("start_workflow", workflow=workflow, inputs=inputs)
    while reply["status"] not in ("completed", "failed", "cancelled"):
        reply = client.call("get_next_step", run_id=reply["run_id"], wait_seconds=20)
    return reply["status"]


def queries():
    """Each query of the dashboard, with the panel that it is of"""
    dashboard = json.loads((ROOT / "deploy/grafana/dashboard.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"].replace("$__rate_interval", "10s")


def main(folder):
    binaries = pathlib.Path(folder)
    with contextlib.ExitStack() as stack:
        home = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        listening = stack.enter_context(serve(binaries, home))
        server = listening[1]

        prometheus = free_address()
        rules = sorted(str(path) for path in (ROOT / "deploy/prometheus").glob("*.yml"))
        config = {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                  "rule_files": rules,
                  "scrape_configs": [{"job_name": "workflow-server",
                                      "static_configs": [{"targets": [server]}]}]}
        (home / "prometheus.yml").write_text(json.dumps(config))
        command = ["prometheus", f"--config.file={home / 'prometheus.yml'}",
                   f"--storage.tsdb.path={home / 'data'}", f"--web.listen-address={prometheus}"]
        stack.enter_context(process(command, r"Server is ready"))

        def ask(query):
            query = urllib.parse.urlencode({"query": query})
            with urllib.request.urlopen(f"http://{prometheus}/api/v1/query?{query}") as response:
                result = json.load(response)["data"]["result"]
            return [one for one in result if math.isfinite(float(one["value"][1]))]

        # A rate needs what was before: the load begins once there are figures.
        until("the first scrape", lambda: ask('up{job="workflow-server"} == 1'))
        until("figures", lambda: ask("workflow_queue_depth"))
        # One waits for a call that takes for ever.
        Client(f"http://{server}/mcp").call("start_workflow", workflow="calls:waits")
        left = dict(enumerate(queries()))
        with concurrent.futures.ThreadPoolExecutor(RUNS) as pool:
            ends = [pool.submit(run, f"http://{server}/mcp", number) for number in range(RUNS)]
            end = time.monotonic() + PATIENCE
            while left and time.monotonic() < end:
                for key, (_, query) in list(left.items()):
                    if ask(query):
                        del left[key]
                time.sleep(0.2)
            statuses = [one.result() for one in ends]
        for panel, query in left.values():
            print(f"no figures: {panel}: {query}")
        if left:
            sys.exit(1)
        assert statuses == ["completed"] * RUNS, statuses

        def all_counted():
            return ask(f"sum(workflow_runs_ended_total) == {RUNS}")

        until("all runs counted", all_counted)
        # What Prometheus has is what happened: 24 calls went well, and 8 steps failed twice each.
        for query, figure in {
            'sum(workflow_runs_started_total{workflow="calls:append"})': 24,
            'sum(workflow_connector_duration_seconds_count{server="notes",outcome="ok"})': 24,
            'sum(workflow_step_errors_total{type="mcp_call",code="tool-failed"})': 16,
            'sum(workflow_runs_unfinished)': 1,
            'sum(workflow_runs_waiting{on="call",age="1m"})': 1,
        }.items():
            given = [float(one["value"][1]) for one in ask(query)]
            assert given == [figure], f"{query}: {given}, not {figure}"
        print(f"{RUNS} runs, {len(list(queries()))} queries of the dashboard: each gave figures")


if __name__ == "__main__":
    main(sys.argv[1])
