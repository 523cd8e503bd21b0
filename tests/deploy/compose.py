"""What has to hold of docker-compose.yml, as compose itself reads it."""

import json
import sys
from pathlib import Path

services = json.loads(Path(sys.argv[1]).read_text())["services"]

wrong = []
for name, service in services.items():
    once = service.get("restart", "no") == "no" or service["restart"].startswith("on-failure")
    wrong += [f"{name} has no pinned image"] * (":" not in service["image"])
    wrong += [f"{name} listens beyond this machine" for port in service.get("ports", [])
              if port.get("host_ip") != "127.0.0.1"]
    if not once and name != "temporal-ui":
        wrong += [f"{name} has no health check"] * ("healthcheck" not in service)
    for other, needs in service.get("depends_on", {}).items():
        needed = needs["condition"]
        runs_once = services[other].get("restart", "no") != "unless-stopped"
        expected = "service_completed_successfully" if runs_once else "service_healthy"
        wrong += [f"{name} waits for {other} to be {needed}"] * (needed != expected)

# One service comes up after the other, and none waits for itself.
up = set()
while len(up) < len(services):
    ready = {name for name, service in services.items() if up.issuperset(service.get("depends_on", {}))}
    if ready <= up:
        wrong.append(f"these wait for each other: {sorted(set(services) - up)}")
        break
    up |= ready

for name in ("workflow-server", "worker"):
    service = services[name]
    wrong += [f"{name} may write to its image"] * (not service.get("read_only"))
    wrong += [f"{name} keeps rights"] * (service.get("cap_drop") != ["ALL"])
    wrong += [f"{name} knows the token"] * ("WORKFLOW_TOKEN" in service["environment"])

for line in wrong:
    print(line, file=sys.stderr)
sys.exit(bool(wrong))
