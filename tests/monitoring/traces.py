"""A real collector is sent traces and figures: one trace joins what a client asked for, the step that it
led to, and the call of another server's tool that the step is.

    traces.py FOLDER COLLECTOR, with `calling-server`, built with the feature `otlp`, and `tool-server`
    in the folder
"""

import contextlib
import json
import pathlib
import sys
import tempfile

from parts import Client, free_address, process, serve, until

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def values(attributes):
    """What a span or a point is labelled with"""
    return {one["key"]: next(iter(one["value"].values())) for one in attributes}


class Collected:
    """What the collector has written"""

    def __init__(self, home):
        self.traces, self.figures = home / "traces.json", home / "figures.json"

    def config(self, address):
        """The collector's settings"""
        pipelines = {kind: {"receivers": ["otlp"], "exporters": [f"file/{kind}"]}
                     for kind in ["traces", "metrics"]}
        files = {"file/traces": {"path": str(self.traces), "flush_interval": "100ms"},
                 "file/metrics": {"path": str(self.figures), "flush_interval": "100ms"}}
        return {"receivers": {"otlp": {"protocols": {"http": {"endpoint": address}}}},
                "exporters": files,
                "service": {"telemetry": {"metrics": {"level": "none"}}, "pipelines": pipelines}}

    @staticmethod
    def batches(file, kind):
        """What was written to a file; a line that is half there is not"""
        lines = file.read_text().splitlines(keepends=True) if file.exists() else []
        for line in lines:
            if line.endswith("\n"):
                yield from json.loads(line)[kind]

    def spans(self):
        """All spans, by their ids"""
        found = {}
        for resource in self.batches(self.traces, "resourceSpans"):
            about = values(resource["resource"]["attributes"])
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    span["service"] = about["service.name"]
                    span["labels"] = values(span["attributes"])
                    found[span["spanId"]] = span
        return found

    def points(self, name):
        """All values of a figure that were sent, with their labels"""
        for resource in self.batches(self.figures, "resourceMetrics"):
            for scope in resource["scopeMetrics"]:
                for metric in scope["metrics"]:
                    if metric["name"] == name:
                        kind = next(k for k in ["sum", "gauge", "histogram"] if k in metric)
                        for point in metric[kind]["dataPoints"]:
                            yield values(point.get("attributes", [])), point


def joined(collected):
    """The call, its step and the request that led there, once all have come"""
    spans = collected.spans()
    for call in spans.values():
        if call["name"] == "call":
            step = spans.get(call.get("parentSpanId"))
            request = step and spans.get(step.get("parentSpanId"))
            if request:
                return request, step, call
    return None


def count(point):
    """How much a point tells"""
    return float(point.get("count", point.get("asInt", point.get("asDouble"))))


def main(folder, collector):
    with contextlib.ExitStack() as stack:
        home = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        collected, address = Collected(home), free_address()
        config = home / "collector.json"
        config.write_text(json.dumps(collected.config(address)))
        stack.enter_context(process([collector, "--config", f"file:{config}"],
                                    r"Everything is ready"))
        sends = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{address}",
                 "OTEL_METRIC_EXPORT_INTERVAL": "500", "OTEL_BSP_SCHEDULE_DELAY": "100",
                 "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test"}
        listening = stack.enter_context(serve(pathlib.Path(folder), home, **sends))
        client = Client(f"http://{listening[1]}/mcp")
        arguments = {"workflow": "calls:append", "inputs": {"text": "traced", "delay": 1000}}
        reply = client.request("tools/call", {"name": "start_workflow", "arguments": arguments},
                               traceparent=f"00-{TRACE}-{PARENT}-01")["structuredContent"]
        run = reply["run_id"]
        while reply["status"] != "completed":
            reply = client.call("get_next_step", run_id=run, wait_seconds=20)

        request, step, call = until("a trace that joins", lambda: joined(collected))
        # The client's own trace, and below its own span.
        assert [one["traceId"] for one in [request, step, call]] == [TRACE] * 3
        assert request["parentSpanId"] == PARENT, request
        assert request["labels"]["tool"] == "start_workflow", request
        assert request["service"] == "workflow-server", request
        assert (step["labels"]["run"], step["labels"]["type"]) == (run, "mcp_call"), step
        assert call["labels"]["server"] == "notes", call
        began, ended = (int(step[name]) for name in ["startTimeUnixNano", "endTimeUnixNano"])
        # A request takes as long as its reply, whatever goes on for longer.
        assert int(request["endTimeUnixNano"]) < int(call["endTimeUnixNano"]), (request, call)
        assert began <= int(call["startTimeUnixNano"]) < int(call["endTimeUnixNano"]) <= ended
        assert not any("traced" in str(one["labels"].values()) for one in collected.spans().values())

        def told(name, **labels):
            return next((point for got, point in collected.points(name)
                         if labels.items() <= got.items() and count(point) > 0), None)

        for name, labels in {
            "workflow_runs_started": {"workflow": "calls:append"},
            "workflow_runs_ended": {"workflow": "calls:append", "outcome": "completed"},
            "workflow_step_duration": {"type": "mcp_call"},
            "workflow_connector_duration": {"server": "notes", "outcome": "ok"},
            "workflow_mcp_request_duration": {"tool": "start_workflow"},
            "workflow_commit_duration": {},
            "workflow_build_info": {"engine": "embedded"},
            "workflow_connector_up": {"server": "notes"},
            "process_resident_memory": {},
        }.items():
            until(name, lambda: told(name, **labels))
        print("a request, its step and its call are one trace, and figures have come")


if __name__ == "__main__":
    main(*sys.argv[1:])
