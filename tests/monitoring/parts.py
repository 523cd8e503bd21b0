"""What the tests of monitoring have in common: processes, and a client of MCP over HTTP"""

import contextlib
import json
import os
import pathlib
import queue
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request

PATIENCE = 90
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

    def post(self, message, **more):
        headers = {"Content-Type": "application/json",
                   "Accept": "application/json, text/event-stream", **more}
        if self.session:
            headers["Mcp-Session-Id"] = self.session
        request = urllib.request.Request(self.url, json.dumps(message).encode(), headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            self.session = response.headers.get("Mcp-Session-Id", self.session)
            return response.read().decode()

    def request(self, method, params, **headers):
        self.last += 1
        message = {"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}
        text = self.post(message, **headers)
        events = [line[6:] for line in text.splitlines() if line.startswith("data: {")]
        return json.loads(events[-1] if events else text)["result"]

    def call(self, tool, **arguments):
        result = self.request("tools/call", {"name": tool, "arguments": arguments})
        return result["structuredContent"]


def free_address():
    """An address on this machine that nobody listens at"""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def serve(binaries, home, *arguments, **env):
    """The command and the surroundings of a server that calls the server of the tests"""
    notes = {"command": str(binaries / "tool-server"),
             "env": {"NOTES": str(home / "notes"), "TOKEN": "of the tools"}}
    (home / "mcp.json").write_text(json.dumps({"mcpServers": {"notes": notes}}))
    command = [binaries / "calling-server", "serve", "--transport", "http", "--no-token",
               "--addr", "127.0.0.1:0", "--store", home / "runs.sqlite",
               "--connectors", home / "mcp.json", *arguments]
    env = {**os.environ, "LOG_LEVEL": "info", "LOG_FORMAT": "text", **env}
    return process(command, r"listening.*http://(\S+?)/mcp", env=env)
