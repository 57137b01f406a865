"""
The discount codes of `codes.json`, for its link if it has one.
"""

import json
from pathlib import Path

from neetocal_provider import DiscountCode, SchedulingLink

given = json.loads(Path("codes.json").read_text())
for name, arguments in given["codes"].items():
    links = [SchedulingLink("intro", **given["link"]).id] if "link" in given else None
    DiscountCode(name, meeting_ids=links, **arguments)
