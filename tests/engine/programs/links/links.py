"""
Declares the links that `links.json` lists, so that a test can edit the program as data.

An argument `{"url_of": NAME}` stands for another link's address, which a preview does not know; `opts` holds the
arguments of `ResourceOptions`.
"""

import json
from pathlib import Path
from typing import Any

import pulumi

from neetocal_provider import SchedulingLink

links: dict[str, SchedulingLink] = {}


def resolved(value: Any) -> Any:
    """
    Replace a reference to another link by its output.
    """
    return links[value["url_of"]].url if isinstance(value, dict) and "url_of" in value else value


for name, declared in json.loads(Path("links.json").read_text()).items():
    arguments: dict[str, Any] = {key: resolved(value) for key, value in declared.items()}
    opts = pulumi.ResourceOptions(**arguments.pop("opts", {}))
    links[name] = SchedulingLink(name, **arguments, opts=opts)
