"""
Links to which a transform gives a provider that they cannot use, or in an option that Pulumi ignores.

A link's name says which import it is of, whose transform it is, and which option that returns.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pulumi

import neetocal_provider as dynamic
from neetocal_provider import native
from neetocal_provider.schema.resource import REFUSED

imports: dict[str, Any] = {
    "dynamic": (dynamic, native.Provider("native-eu")),
    "native": (native, dynamic.Provider("dynamic-eu")),
}
own = {"dynamic": imports["native"][1], "native": imports["dynamic"][1]}


def hand(whose: str, args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """
    Give a link the option that its name ends in, if it is the turn of this transform.
    """
    kind, transform, option = [*args.name.split(" "), "", ""][:3]
    if transform != whose:
        return None
    other = imports[kind][1]
    given: dict[str, Any] = {
        "provider": {"provider": other},
        "providers": {"providers": [other]},
        "own": {"providers": [own[kind]]},
        "both": {"provider": own[kind], "providers": [other]},
    }[option]
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(**given))
    return pulumi.ResourceTransformResult(args.props, opts)


component = pulumi.ComponentResource(
    "mine:index:Group", "group", None, pulumi.ResourceOptions(transforms=[partial(hand, "component")])
)
pulumi.runtime.register_resource_transform(partial(hand, "stack"))


def collect(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """
    Write down why a link is refused, and let it pass, since the first refusal would end the program.
    """
    sentence: Any = args.props.get(REFUSED)
    if sentence is None:
        return None
    refused[args.name] = sentence
    Path("refused.json").write_text(json.dumps(refused))
    props = {name: value for name, value in args.props.items() if name != REFUSED}
    return pulumi.ResourceTransformResult(props, args.opts)


def declare(of: Any, name: str, opts: pulumi.ResourceOptions) -> None:
    """
    Declare a link whose slug is like its name.
    """
    slug = name.replace(" ", "-")
    of.SchedulingLink(name, slug=slug, name=name, hosts=["ada@acme.example"], duration=30, opts=opts)


refused: dict[str, str] = {}
routes = {
    "link": pulumi.ResourceOptions(transforms=[partial(hand, "link")]),
    "component": pulumi.ResourceOptions(parent=component),
    "stack": pulumi.ResourceOptions(),
}
declare(dynamic, "first", routes["stack"])
if Path("collect").exists():
    pulumi.runtime.register_resource_transform(collect)
for kind, (of, _other) in imports.items():
    for whose, opts in routes.items():
        for option in ("provider", "providers", "own", "both"):
            declare(of, f"{kind} {whose} {option}", opts)
