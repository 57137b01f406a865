"""
Two links of one workspace through two providers: `slugs.json` holds what each is given, then what is registered.
"""

import json
from pathlib import Path
from typing import Any

import pulumi

from neetocal_provider import Provider, SchedulingLink

slugs = json.loads(Path("slugs.json").read_text())


def declare(name: str, opts: pulumi.ResourceOptions) -> None:
    """
    Declare the link with the slug that the constructor is given.
    """
    SchedulingLink(name, slug=slugs[name][0], name=name, hosts=["ada@acme.example"], duration=30, opts=opts)


def transformed(args: Any, result: Any) -> Any:
    """
    Return the same resource with the slug that is registered.
    """
    return result({**args.props, "slug": slugs[args.name][1]}, args.opts)


early = [lambda args: transformed(args, pulumi.ResourceTransformationResult)]
late = [lambda args: transformed(args, pulumi.ResourceTransformResult)]
declare("one", pulumi.ResourceOptions(transformations=early))
declare("other", pulumi.ResourceOptions(transforms=late, provider=Provider("second")))
