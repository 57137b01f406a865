"""
Each route by which a resource, team or lookup of one import is handed a provider of the other, in both directions.
"""

from collections.abc import Callable
from typing import Any

import pulumi
from pulumi.resource import DependencyProviderResource

import neetocal_provider as dynamic
from neetocal_provider import native

INTRO = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}


def group(name: str, **options: Any) -> pulumi.ComponentResource:
    """
    Return a component with these options.
    """
    return pulumi.ComponentResource("mine:index:Group", name, None, pulumi.ResourceOptions(**options))


def routes(own: Any, eu: pulumi.ProviderResource) -> dict[str, Callable[[], Any]]:
    """
    Return what declares something of an import with a provider of the other, by the route's name.
    """

    def link(**options: Any) -> Any:
        return own.SchedulingLink("intro", **INTRO, opts=pulumi.ResourceOptions(**options))

    def hand(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=eu))
        return pulumi.ResourceTransformationResult(args.props, opts)

    template = {"slug": "t", "name": "T", "duration": 9, "opts": pulumi.ResourceOptions(provider=eu)}
    inherited = group(f"inherited-{eu.package}", providers=[eu])
    return {
        "provider": lambda: link(provider=eu),
        "list": lambda: link(providers=[eu]),
        "dictionary": lambda: link(providers={eu.package: eu}),
        "parent": lambda: link(parent=inherited),
        "get": lambda: own.SchedulingLink.get("got", "sid", pulumi.ResourceOptions(provider=eu)),
        "template": lambda: own.MeetingTemplate("t", **template),
        "team": lambda: own.TeamLinks("t", members=[], opts=pulumi.ResourceOptions(provider=eu)),
        "lookup": lambda: own.list_team_members(opts=pulumi.InvokeOptions(provider=eu)),
        "lookup's parent": lambda: own.list_team_members(opts=pulumi.InvokeOptions(parent=inherited)),
        "lookup for outputs": lambda: own.list_team_members_output(opts=pulumi.InvokeOptions(provider=eu)),
        "transformation": lambda: link(transformations=[hand]),
    }


def sentence(declare: Callable[[], Any]) -> str:
    """
    Return the error with which a declaration is refused; empty if it isn't.
    """
    try:
        declare()
    except pulumi.RunError as error:
        return str(error)
    return ""


directions = {
    "to dynamic": (dynamic, native.Provider("native-eu")),
    "to native": (native, dynamic.Provider("dynamic-eu")),
}
said = {
    f"{direction}: {route}": sentence(declare)
    for direction, (own, eu) in directions.items()
    for route, declare in routes(own, eu).items()
}
# A list may hold providers of both imports and those of other vendors; one of the latter alone means the default.
vendor = DependencyProviderResource("urn:pulumi:test::foreign::pulumi:providers:aws::eu::id")
every = [vendor, *(eu for _own, eu in directions.values())]
for own, eu in directions.values():
    name = f"own-{eu.package}"
    own.SchedulingLink(
        name, **{**INTRO, "slug": name}, opts=pulumi.ResourceOptions(parent=group(name, providers=every))
    )
    own.TeamLinks(f"team-{eu.package}", members=[], opts=pulumi.ResourceOptions(providers=every))
    own.TeamLinks(f"default-{eu.package}", members=[], opts=pulumi.ResourceOptions(providers=[vendor]))
imports = ("comes from neetocal_provider", "a neetocal_provider.")
missing = [route for route, error in said.items() if not all(part in error for part in imports)]
pulumi.export("not refused", missing)
pulumi.export("said", said["to native: provider"])
