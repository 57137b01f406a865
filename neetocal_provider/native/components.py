"""
Components that the plugin declares for programs in any language, with Pulumi's SDK, as a program in Python would.

A plugin imports this, the SDK's server of components and the classes of resources with the first one: links need none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, TypeVar, cast

import pulumi
from google.protobuf.struct_pb2 import Struct, Value
from pulumi.output import UNKNOWN as PULUMI_UNKNOWN
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.server import ProviderServicer
from pulumi.resource import DependencyResource
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.stack import wait_for_rpcs

from neetocal_provider.dynamic.resource import without_stack_trace
from neetocal_provider.errors import ConfigError
from neetocal_provider.native.engine_log import EngineLog
from neetocal_provider.native.team_links import TeamLinks
from neetocal_provider.native.values import Mark, from_struct, marks, unmarked
from neetocal_provider.redaction import redacted
from neetocal_provider.scheduling_link import SchedulingLinkBase
from neetocal_provider.schema.types import UNKNOWN, has_unknown
from neetocal_provider.sdk.plugin_search import assume_plugin
from neetocal_provider.teams import PlannedLink, Team
from neetocal_provider.teams.config import read_team
from neetocal_provider.version import __version__

__all__ = ["Components", "TeamArguments"]

Given = TypeVar("Given")

_THREADS = 256
"""Resources that are registered at once; each waits in a thread until the engine has created it."""


class Components:
    """
    What declares the components of a plugin process; made in the loop that serves it.

    Args:
        engine: where warnings go.
    """

    def __init__(self, engine: EngineLog) -> None:
        self._engine = engine
        # Without the engine's address: the SDK would log several lines for each link, and wait for each in the loop.
        self._servicer = ProviderServicer(_Constructor(__version__), [], engine_address="")
        # The SDK's threads are not those of the calls, or links that wait to be created could take all of these.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="register"))

    async def construct(self, request: provider_pb2.ConstructRequest, context: Any) -> provider_pb2.ConstructResponse:
        """
        Register a team and its links, and return once the engine has created them.

        Raises:
            ConfigError: a sentence with its path for everything that is wrong; nothing was registered.

            pulumi.RunError: the engine has ended the run, for example because a link failed, which it has reported.
        """
        arguments = TeamArguments(request)
        _ARGUMENTS.set(arguments)
        response: provider_pb2.ConstructResponse = await self._servicer.Construct(request, context)
        await wait_for_rpcs()  # also for the list of members, for which the SDK does not wait
        if arguments.warnings:
            await asyncio.to_thread(self._engine.warn, response.urn, *arguments.warnings)
        return response


class TeamArguments:
    """
    What a request says of a team.

    The team holds values without marks, since it is planned from them; `marked` puts them back into a link's arguments.

    Raises:
        ConfigError: a sentence with its path for everything that is wrong, without secrets.
    """

    def __init__(self, request: provider_pb2.ConstructRequest) -> None:
        given = from_struct(request.inputs)
        inside = [*marks(Value(struct_value=request.inputs))]
        every = (*inside, *_further_dependencies(request, inside))
        self._marks = [mark for mark in every if mark.is_secret or mark.dependencies]
        self.warnings: list[str] = []
        try:
            self.team: Team = read_team(request.name, given)
        except ConfigError as error:
            secrets = [*_secret_texts(request.inputs, inside)]
            raise ConfigError(*(redacted(problem, *secrets) for problem in error.problems)) from None
        self.check_members: bool = given.get("check_members", True)

    def marked(self, link: PlannedLink) -> PlannedLink:
        """
        Return a link with arguments that are as secret as what they were made from, and depend on the same resources.
        """
        section, _, key = link.path.partition(".")
        arguments = {
            name: _marked(value, [mark for mark in self._marks if _concerns(mark.path, section, key, name)])
            for name, value in link.arguments.items()
        }
        return replace(link, arguments=arguments)


_ARGUMENTS: ContextVar[TeamArguments] = ContextVar("arguments")
"""Those of the component that is being constructed: each call has a context of its own."""


class _Constructor(Provider):
    """
    What the SDK's server calls with its settings in place.
    """

    def construct(
        self,
        name: str,
        resource_type: str,  # noqa: ARG002 - the signature is the SDK's
        inputs: pulumi.Inputs,  # noqa: ARG002 - the SDK's reading of them has no place for values that are not known
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """
        Declare the team of the current call.
        """
        assume_plugin()
        with without_stack_trace(name):
            team = _Team(name, _ARGUMENTS.get(), options)
        outputs = {"urls": team.urls, "links": team.links, "member_links": team.member_links}
        return ConstructResult(urn=team.urn, state=outputs)


class _Team(TeamLinks):
    """
    `TeamLinks` of a description that a program in another language gave.
    """

    def __init__(self, resource_name: str, arguments: TeamArguments, opts: pulumi.ResourceOptions | None) -> None:
        self._arguments = arguments
        team = arguments.team
        super().__init__(
            resource_name,
            members=team.members,
            team=team.name,
            defaults=cast("Any", team.defaults),
            links=cast("Any", team.links),
            member_links=cast("Any", team.member_links),
            check_members=arguments.check_members,
            opts=opts,
        )

    def _made(self, link: PlannedLink) -> SchedulingLinkBase:
        with without_stack_trace(link.resource_name):
            return super()._made(self._arguments.marked(link))

    def _warn(self, sentences: Sequence[str]) -> None:
        self._arguments.warnings.extend(sentences)


def _concerns(path: tuple[str | int, ...], section: str, key: str, name: str) -> bool:
    """
    Whether what is marked at this path is part of an argument of a link, as those who are in the team are of each.
    """
    places = (("team",), ("members",), ("defaults", name), (section, key, "members"), (section, key, name))
    return any(path[: len(place)] == place[: len(path)] for place in places)


def _marked(value: Any, found: Sequence[Mark]) -> Any:
    if not found and not has_unknown(value):
        return value
    resources: set[pulumi.Resource] = {DependencyResource(urn) for mark in found for urn in mark.dependencies}
    is_secret = any(mark.is_secret for mark in found)
    return pulumi.Output(resources, _later(_for_sdk(value)), _later(True), _later(is_secret))


async def _later(value: Given) -> Given:
    return value


def _for_sdk(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _for_sdk(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_for_sdk(item) for item in value]
    return PULUMI_UNKNOWN if value is UNKNOWN else value


def _further_dependencies(request: provider_pb2.ConstructRequest, found: Sequence[Mark]) -> Iterator[Mark]:
    """
    Yield what arguments depend on as a whole, beside what the values inside of them come from.
    """
    for name, given in request.inputDependencies.items():
        inside = {urn for mark in found if mark.path[:1] == (name,) for urn in mark.dependencies}
        yield Mark(path=(name,), is_secret=False, dependencies=frozenset({*given.urns} - inside))


def _secret_texts(inputs: Struct, found: Sequence[Mark]) -> Iterator[str]:
    """
    Yield the texts that are secrets.
    """
    for mark in found:
        if mark.is_secret:
            value: Any = unmarked(inputs)
            for part in mark.path:
                value = value[part]
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (value, repr(value)[1:-1])
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
