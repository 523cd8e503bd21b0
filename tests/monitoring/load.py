"""A real Prometheus scrapes a server during 32 runs; each query of the dashboard has to give figures.

    load.py FOLDER, with `calling-server` and `tool-server` in it
"""

import concurrent.futures
import contextlib
import json
import math
import os
import pathlib
import queue
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

PATIENCE = 90
RUNS = 32
ROOT = pathlib.Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def process(command, said, **options):
    """A process, and what the pattern `said` finds in the first line of its stderr that has it"""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True, **options)
    lines, found = [], queue.Queue()

    def read():
        for line in child.stderr:
            lines.append(line)
            if match := re.search(said, line):
                found.put(match)

    threading.Thread(target=read, daemon=True).start()
    try:
        try:
            yield found.get(timeout=PATIENCE)
        except queue.Empty:
            sys.exit(f"{command[0]} does not say {said!r}:\n{''.join(lines)}")
    finally:
        child.terminate()
        child.wait()


def until(what, look):
    """Looks until there is something, and gives it"""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if seen := look():
            return seen
        time.sleep(0.2)
    sys.exit(f"{what}: nothing within {PATIENCE} seconds")


class Client:
    """A client of MCP over HTTP, for one session"""

    def __init__(self, url):
        self.url, self.session, self.last = url, None, 0
        about = {"name": "load", "version": "1"}
        self.request("initialize", {"protocolVersion": "2025-11-25", "capabilities": {},
                                    "clientInfo": about})
        self.post({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def post(self, message):
        headers = {"Content-Type": "application/json",
                   "Accept": "application/json, text/event-stream"}
        if self.session:
            headers["Mcp-Session-Id"] = self.session
        request = urllib.request.Request(self.url, json.dumps(message).encode(), headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            self.session = response.headers.get("Mcp-Session-Id", self.session)
            return response.read().decode()

    def request(self, method, params):
        self.last += 1
        text = self.post({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params})
        events = [line[6:] for line in text.splitlines() if line.startswith("data: {")]
        return json.loads(events[-1] if events else text)["result"]

    def call(self, tool, **arguments):
        result = self.request("tools/call", {"name": tool, "arguments": arguments})
        return result["structuredContent"]


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
        notes = {"command": str(binaries / "tool-server"),
                 "env": {"NOTES": str(home / "notes"), "TOKEN": "of the tools"}}
        (home / "mcp.json").write_text(json.dumps({"mcpServers": {"notes": notes}}))
        command = [binaries / "calling-server", "serve", "--transport", "http", "--no-token",
                   "--addr", "127.0.0.1:0", "--store", home / "runs.sqlite",
                   "--connectors", home / "mcp.json"]
        env = {**os.environ, "LOG_LEVEL": "info", "LOG_FORMAT": "text"}
        listening = stack.enter_context(process(command, r"listening.*http://(\S+?)/mcp", env=env))
        server = listening[1]

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            prometheus = f"127.0.0.1:{free.getsockname()[1]}"
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
