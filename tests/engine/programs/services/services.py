"""
The link of `services.json` and the services on top of it; without a link, services of the one that it names.
"""

import json
from pathlib import Path

from neetocal_provider import AddOnService, SchedulingLink

given = json.loads(Path("services.json").read_text())
sid = SchedulingLink("intro", **given["link"]).id if "link" in given else given.get("sid", "")
for name, arguments in given["services"].items():
    AddOnService(name, link=sid, **arguments)
