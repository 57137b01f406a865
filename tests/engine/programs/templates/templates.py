"""
The templates of `templates.json`, and for each that says so a link made from it.
"""

import json
from pathlib import Path

import pulumi

from neetocal_provider import MeetingTemplate, SchedulingLink

for name, given in json.loads(Path("templates.json").read_text()).items():
    link = given.pop("link", None)
    template = MeetingTemplate(name, **given)
    pulumi.export(name, {"id": template.id, "kind": template.kind, "workspace": template.workspace})
    if link:
        SchedulingLink(f"{name}-link", **link, template_id=template.id)
