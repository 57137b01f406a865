"""
The demonstration: the root project, deployed by a real Pulumi engine to the emulator.

`python -m tools.demo up` deploys the stack `demo`, changes a few links, deploys again, deploys a third time to show
that nothing is left to do, and prints the links. `shell` opens a shell on the same stack, `destroy` removes it all.
The emulator runs as long as the command does; its state and the stack's are kept under `.demo/`.
Needs the virtual environment and the engine on PATH, as `make env` prints them.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / ".demo"
CONFIG = ROOT / "Pulumi.demo.yaml"
CHANGED = DEMO / "Pulumi.demo.changed.yaml"
PORT = 4010
ENVIRONMENT = {
    "NEETOCAL_API_VERSION": "v2",
    "PULUMI_BACKEND_URL": (DEMO / "stack").as_uri(),
    "PULUMI_CONFIG_PASSPHRASE": "demo",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
}


def main(command: str, *, inside: bool) -> int:
    """
    Run one command, first starting the emulator unless it is `inside` its `run` already; return the exit status.
    """
    if inside:
        return COMMANDS[command]()
    if is_taken(PORT):
        sys.exit(f"Port {PORT} is taken: leave the demo that runs elsewhere (`make demo-shell`?), then run this again.")
    (DEMO / "stack").mkdir(parents=True, exist_ok=True)
    emulator = ["neetocal-emulator", "run", "--port", str(PORT), "--state", str(DEMO / "neetocal.sqlite"), "--"]
    again = [sys.executable, "-m", "tools.demo", command, "--inside"]
    status = subprocess.run(emulator + again, cwd=ROOT, env={**os.environ, **ENVIRONMENT}, check=False).returncode
    if command == "destroy" and status == 0:
        shutil.rmtree(DEMO)
    return status


def up() -> int:
    """
    Deploy, change, deploy again, and once more for nothing; then show what is there.
    """
    say("1. Deploy the links of two teams (Pulumi.demo.yaml)")
    pulumi("stack", "select", "--create", "demo")
    pulumi("up", "--yes", "--skip-preview")
    say("2. Sales calls become longer, and Grace leaves the support team: two links change, one goes")
    write_changed_config()
    pulumi("up", "--yes", "--skip-preview", "--config-file", str(CHANGED))
    say("3. The same again: nothing to do")
    pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--config-file", str(CHANGED))
    say("The links, as the stack knows them")
    print_links()
    say("Go on")
    sys.stdout.write(
        "  make demo          the same again, from whatever you have changed\n"
        "  make demo-shell    a shell on this stack: `pulumi preview`, `pulumi stack export`, curl $NEETOCAL_BASE_URL\n"
        "  make demo-destroy  remove the links and .demo/\n"
        "  Edit Pulumi.demo.yaml or __main__.py in between. The stack is in .demo/stack, the emulator's links are in\n"
        "  .demo/neetocal.sqlite, step 2's config is .demo/Pulumi.demo.changed.yaml: a preview of Pulumi.demo.yaml\n"
        "  proposes to undo that step. For your own workspace see README.md.\n"
    )
    return 0


def destroy() -> int:
    """
    Remove the links, the stack and the emulator's state.
    """
    pulumi("stack", "select", "--create", "demo")
    pulumi("destroy", "--yes", "--skip-preview")
    return 0


def shell() -> int:
    """
    Open a shell in which `pulumi` works on the demo's stack.
    """
    pulumi("stack", "select", "--create", "demo")
    say(f"The emulator runs until you leave this shell (exit); its page is http://127.0.0.1:{PORT}/")
    return subprocess.run([os.environ.get("SHELL", "sh")], check=False).returncode


def pulumi(*arguments: str) -> None:
    """
    Run the engine; end with its status where it fails, for it has said why.
    """
    sys.stdout.flush()
    status = subprocess.run(["pulumi", *arguments], check=False).returncode
    if status:
        sys.exit(status)


def is_taken(port: int) -> bool:
    """
    Whether something listens on this port; links would be given another address, and two would share one state.
    """
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def write_changed_config() -> None:
    """
    Write the stack's config as it would look after two ordinary edits.
    """
    config = yaml.safe_load(CONFIG.read_text())
    teams: dict[str, Any] = config["config"]["scheduling-links:teams"]
    # What somebody has taken out of the file is not changed.
    teams.get("sales", {}).get("links", {}).get("demo", {})["duration"] = 60
    support = teams.get("support", {})
    support["members"] = [member for member in support.get("members", ()) if "grace" not in member["email"]]
    CHANGED.write_text(yaml.safe_dump(config, sort_keys=False))


def print_links() -> None:
    """
    Print a table of the links as the stack's state holds them.
    """
    exported = subprocess.run(["pulumi", "stack", "export"], check=True, capture_output=True, text=True).stdout
    resources = json.loads(exported)["deployment"]["resources"]
    links = [resource["outputs"] for resource in resources if resource["type"].endswith(":SchedulingLink")]
    row = "  {name:<32} {kind:<12} {minutes:>7}  {hosts:<17} {url}\n"
    sys.stdout.write(row.format(name="Link", kind="Kind", minutes="Minutes", hosts="Hosts", url="Booked at"))
    for link in sorted(links, key=lambda link: str(link["slug"])):
        hosts = ", ".join(host.split("@")[0] for host in link["hosts"])
        sys.stdout.write(row.format(**{**link, "hosts": hosts, "minutes": f"{link['duration']:.0f}"}))


def say(title: str) -> None:
    """
    Print a heading.
    """
    sys.stdout.write(f"\n== {title}\n\n")
    sys.stdout.flush()


COMMANDS = {"up": up, "shell": shell, "destroy": destroy}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"usage: python -m tools.demo {'|'.join(COMMANDS)}")
    sys.exit(main(sys.argv[1], inside="--inside" in sys.argv))
