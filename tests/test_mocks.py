"""
Unit tests of users' programs, under Pulumi's own mocks and under ours; no engine, no settings, no request.
"""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pulumi
import pytest
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider
from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN

import neetocal_provider
from neetocal_provider import native
from neetocal_provider.api.endpoints import Endpoints, Rows
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.dynamic.provider import BaseResourceProvider
from neetocal_provider.dynamic.resource import DynamicResource
from neetocal_provider.native.resources import NativeResource
from neetocal_provider.resources.scheduling_link import SCHEDULING_LINK
from neetocal_provider.scheduling_link import SchedulingLinkProvider
from neetocal_provider.schema.fields import Field
from neetocal_provider.schema.resource import Schema
from neetocal_provider.schema.types import Text
from neetocal_provider.sdk.resource import BaseResource
from neetocal_provider.settings import SETTINGS
from neetocal_provider.testing import Mocks

INTRO = {"slug": "intro", "name": "Introduction", "hosts": ["ada@acme.example"], "duration": 30}
MEMBERS: list[Any] = ["ada@acme.example", {"email": "ben@acme.example", "first_name": "Ben", "active": False}]
TEMPLATES = [{"name": "Intro call", "slug": "intro-call", "duration": 45, "kind": "round_robin"}]
LINKS = [{"slug": "theirs", "sid": "abc123", "hosts": ["ada@acme.example"], "duration": 25, "name": "Theirs"}]


@pytest.fixture(params=[neetocal_provider, native], ids=["dynamic", "native"], autouse=True)
def provider(request: pytest.FixtureRequest) -> ModuleType:
    """
    Give each import that a program may have.
    """
    module: ModuleType = request.param
    return module


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """
    Let failed futures log their exceptions here: in the midst of an `ast.parse`, Python 3.11 fails (gh-106905).
    """
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _loop() -> None:
    """
    Give this thread an event loop, as a process has at first: an `asyncio.run` in an earlier test leaves none behind.
    """
    try:
        asyncio.get_event_loop_policy().get_event_loop()
    except RuntimeError:
        asyncio.set_event_loop(asyncio.new_event_loop())


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Let a request fail the test that sends it, and an environment lead to a real account.
    """

    def refuse(*_args: object) -> None:
        raise AssertionError("a request was sent")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for name in ("workspace", "api_key", "base_url"):
        monkeypatch.delenv(SETTINGS[name].variable, raising=False)


class Answers(pulumi.runtime.Mocks):
    """
    Mocks that answer every call alike.
    """

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """
        Return the inputs.
        """
        return f"{args.name}_id", args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:  # noqa: ARG002
        """
        Return the answer.
        """
        return self.answer


def run(mocks: pulumi.runtime.Mocks, program: Callable[[], object], *, preview: bool = False) -> None:
    """
    Run a program under mocks, as one test.
    """
    pulumi.runtime.set_mocks(mocks, preview=preview)
    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        None,
        ({}, None),
        ({}, []),
        [],
        "text",
        {"members": None, "links": 1},
        {"members": [None, {"email": "a@b.example"}]},
    ],
    ids=repr,
)
@pytest.mark.parametrize("preview", [False, True])
def test_whatever_mocks_answer_a_program_runs(provider: ModuleType, answer: Any, preview: bool) -> None:
    """
    Teams and lookups get a result of their class, in which what the mocks leave out is empty.
    """
    seen: list[Any] = []

    def program() -> pulumi.Output[Any]:
        account = provider.Provider("account", workspace="acme", api_key="a-key")
        options = pulumi.InvokeOptions(provider=account)
        seen.append(provider.get_team_member(email="ada@acme.example").email)
        seen.append(provider.get_meeting_template(name="Intro", opts=options).name)
        seen.append(provider.get_scheduling_link(sid="abc").id)
        provider.list_team_members()
        provider.list_scheduling_links(host="ada@acme.example")
        team = provider.TeamLinks("sales", members=["ada@acme.example"], links={"demo": {"name": "D", "duration": 30}})
        later = [
            provider.get_team_member_output(email=team.links["demo"].name, opts=options),
            provider.get_meeting_template_output(id="1"),
            provider.get_scheduling_link_output(slug="theirs"),
            provider.list_team_members_output(),
            provider.list_scheduling_links_output(),
            provider.list_meeting_templates_output(),
            provider.get_availability_output(id="1"),
            provider.list_availabilities_output(email="ada@acme.example"),
            provider.list_slots_output(link=team.links["demo"].id, month="2026-12", time_zone="UTC"),
        ]
        return pulumi.Output.all(team.links["demo"].slug, *later).apply(seen.append)

    run(Answers(answer), program, preview=preview)

    assert seen[:3] == ["ada@acme.example", "Intro", "abc"]
    slug, member, template, link, members, links, templates, hours, *others = seen[3]
    assert (templates, hours.id, others) == ([], "1", [[], []])
    assert slug == "sales-demo"
    assert (member.email, template.id, link.slug, links) == ("D", "1", "theirs", [])
    assert [each.email for each in members] == (
        ["a@b.example"] if isinstance(answer, dict) and answer.get("members") else []
    )


def test_what_mocks_answer_is_what_lookups_find(provider: ModuleType) -> None:
    """
    Under either import the mocks are asked by the function's name; failures are raised.
    """
    run(
        Answers({"id": "7", "first_name": "Ada"}),
        lambda: _equal(provider.get_team_member(email="a@b.example").name, "Ada"),
    )
    with pytest.raises(pulumi.RunError, match="no such member"):
        run(Answers(({}, [("email", "no such member")])), lambda: provider.get_team_member(email="a@b.example"))


def _equal(found: object, expected: object) -> None:
    assert found == expected


def _linked(provider: ModuleType) -> pulumi.Output[Any]:
    account = provider.Provider("account", workspace="acme", api_key="a-key")
    link = provider.SchedulingLink("intro", **INTRO, opts=pulumi.ResourceOptions(provider=account))
    url: pulumi.Output[Any] = link.url
    return url


def test_nothing_is_remembered_from_one_test_to_the_next(provider: ModuleType) -> None:
    """
    With mocks that are set once, too: the same slug, through another provider each time.
    """
    for mocks in (Answers({}), Mocks()):
        pulumi.runtime.set_mocks(mocks, preview=False)
        for _ in range(3):
            pulumi.runtime.test(lambda: _linked(provider))()  # type: ignore[no-untyped-call]


def test_a_refusal_is_not_logged_once_more(provider: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    """
    When the tasks of the run are collected, in the midst of another test.
    """
    with pytest.raises(pulumi.RunError, match="must be from 1 to 1440 minutes"):
        Mocks().run(lambda: provider.SchedulingLink("one", **{**INTRO, "duration": 3000}))

    gc.collect()

    assert caplog.text == ""


def test_a_test_before_may_have_ended_the_event_loop(provider: ModuleType) -> None:
    """
    As `asyncio.run` does, whose loop is gone afterwards.
    """

    async def nothing() -> None:
        pass

    asyncio.run(nothing())
    mocks = Mocks()

    mocks.run(lambda: provider.SchedulingLink("intro", **INTRO))

    assert [*mocks.scheduling_links] == ["intro"]


def test_two_links_with_one_slug_are_refused(provider: ModuleType) -> None:
    """
    As in a preview, under one provider and under two.
    """

    def program() -> None:
        provider.SchedulingLink("one", **INTRO)
        provider.SchedulingLink("two", **INTRO)

    # Pulumi may register either of them first.
    with pytest.raises(pulumi.RunError, match=r"'(one|two)': property slug value {intro} .*resource '(one|two)', too"):
        Mocks().run(program)
    with pytest.raises(pulumi.RunError, match=r"slug .*'?intro"):
        Mocks().run(lambda: [_linked(provider), provider.SchedulingLink("other", **INTRO)])


def test_links_of_both_imports_with_one_slug_are_refused(provider: ModuleType) -> None:
    """
    Also if neither is given a `Provider`: each import has a process of its own, which sees its own links alone.
    """
    other = native if provider is neetocal_provider else neetocal_provider

    def program() -> None:
        provider.SchedulingLink("here", **INTRO)
        provider.SchedulingLink("elsewhere", **{**INTRO, "slug": "another"})
        other.SchedulingLink("there", **INTRO)

    with pytest.raises(pulumi.RunError, match="'here' and 'there' both have the slug 'intro'"):
        run(Answers({}), program)


SERVICE = ResourceType(
    schema=Schema(
        name="Service",
        noun="service",
        description="What visitors can book on top of a link.",
        id_words="uuid of a service",
        fields=tuple(Field(name=name, type=Text(), description=name, required=True) for name in ("link", "name")),
        identity=("link", "name"),
    ),
    endpoints=Endpoints(path="services", rows=Rows(keys=("services",)), envelope=("service",)),
)


class ServiceBase(BaseResource):
    """
    A resource that is told from others by two of its arguments.
    """

    _schema = SERVICE.schema

    link: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, resource_name: str, *, link: pulumi.Input[str], name: pulumi.Input[str]) -> None:
        self._declare(resource_name, {"link": link, "name": name}, None)


class ServiceProvider(BaseResourceProvider):
    """
    Its provider class.
    """

    resource_type = SERVICE


class DynamicService(ServiceBase, DynamicResource, provider=ServiceProvider):
    """
    It under the dynamic provider.
    """


class NativeService(ServiceBase, NativeResource):
    """
    It under the native provider.
    """


SERVICES: dict[ModuleType, type[ServiceBase]] = {neetocal_provider: DynamicService, native: NativeService}


def test_a_resource_type_is_declared_once_for_both_providers(provider: ModuleType) -> None:
    """
    Its type token follows from the schema, its arguments are registered, and each provider adds what is its own.
    """
    seen: dict[str, Any] = {}

    class Seen(Answers):
        def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
            seen[args.typ] = {**args.inputs}
            return super().new_resource(args)

    run(Seen({}), lambda: SERVICES[provider]("more", link="8r3rs2k", name="More time"))

    arguments = {"link": "8r3rs2k", "name": "More time"}
    pickled = {PROVIDER_KEY: serialize_provider(ServiceProvider())}
    assert (
        seen
        == {
            neetocal_provider: {"pulumi-python:dynamic/neetocal:Service": {**arguments, **pickled}},
            native: {"neetocal:index:Service": arguments},
        }[provider]
    )


def test_two_of_one_identity_are_refused_whatever_arguments_make_it(provider: ModuleType) -> None:
    """
    All of them must be the same, in a form that means the same, and known.
    """
    other = native if provider is neetocal_provider else neetocal_provider

    class Unknown(Answers):
        def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
            return f"{args.name}_id", {**args.inputs, "link": PULUMI_UNKNOWN}

    def declare(link: str, name: str) -> Callable[[], object]:
        return lambda: [
            SERVICES[provider]("here", link="8r3rs2k", name="More time"),
            SERVICES[other]("there", link=link, name=name),
        ]

    run(Answers({}), declare("5zz2k8s", "More time"))
    run(Answers({}), declare("8r3rs2k", "Less time"))
    run(Unknown({}), declare("8r3rs2k", "More time"), preview=True)
    expected = "'here' and 'there' both have the link '8r3rs2k' and the name ' ?More time' in the workspace"
    for name in ("More time", " More time"):
        with pytest.raises(pulumi.RunError, match=f"The services {expected}"):
            run(Answers({}), declare("8r3rs2k", name))


@pytest.mark.parametrize("mocks", [Answers({}), Mocks()], ids=["pulumi", "ours"])
def test_declaring_a_link_starts_no_task_beside_pulumis(provider: ModuleType, mocks: pulumi.runtime.Mocks) -> None:
    """
    Pulumi starts one for each property; an alias, or an `apply`, would start more and take longer than all checks.
    """

    def program() -> None:
        properties = {**dict.fromkeys(SCHEDULING_LINK.schema.computed), **INTRO}
        bare = _started(lambda: BARE[provider]({**properties, "slug": "bare"}))
        ours = _started(lambda: provider.SchedulingLink("intro", **INTRO))
        assert ours == bare > len(properties)

    run(mocks, program)


class Bare(pulumi.dynamic.Resource, name="Bare"):
    """
    A resource of Pulumi's own class.
    """


BARE: dict[ModuleType, Callable[[dict[str, Any]], object]] = {
    neetocal_provider: lambda properties: Bare(SchedulingLinkProvider(), "bare", properties),
    native: lambda properties: pulumi.CustomResource("neetocal:index:SchedulingLink", "bare", properties),
}
"""By import, what declares a resource as Pulumi does."""


def _started(declare: Callable[[], object]) -> int:
    """
    Return how many tasks are started.
    """
    before = asyncio.all_tasks()
    declare()
    return len(asyncio.all_tasks() - before)


def test_arguments_are_checked_as_in_a_preview(provider: ModuleType) -> None:
    """
    All that is wrong is in one error, in the engine's words.
    """
    wrong = {**INTRO, "duration": 3000, "kind": "round-robin"}

    with pytest.raises(pulumi.RunError) as caught:
        Mocks().run(lambda: provider.SchedulingLink("intro", **wrong))

    assert "SchedulingLink resource 'intro': property duration value {3000} has a problem: must be from 1" in str(
        caught.value
    )
    assert "property kind value {round-robin} has a problem: " in str(caught.value)


def test_outputs_are_filled_in(provider: ModuleType) -> None:
    """
    Those of a link and of a template, in the workspace of their provider.
    """
    mocks = Mocks(templates=TEMPLATES)
    seen: list[Any] = []

    def program() -> pulumi.Output[Any]:
        template = provider.MeetingTemplate("call", slug="call", name="Call", duration=30)
        copied = provider.get_meeting_template(name="Intro call")
        link = provider.SchedulingLink("intro", **INTRO, template_id=copied.id, adopt=True)
        account = provider.Provider("eu", workspace="globex", api_key="a-key")
        other = provider.SchedulingLink("other", **INTRO, opts=pulumi.ResourceOptions(provider=account))
        return pulumi.Output.all(link.id, link.url, link.kind, link.disabled, other.url, template.kind).apply(
            seen.extend
        )

    mocks.run(program)

    links, templates = mocks.resources(provider.SchedulingLink), mocks.resources(provider.MeetingTemplate)
    link, other = links["intro"], links["other"]
    assert seen == [link["id"], "https://acme.neetocal.com/intro", "round_robin", False, other["url"], "one_on_one"]
    assert (link["workspace"], other["workspace"]) == ("acme", "globex")
    assert other["url"] == "https://globex.neetocal.com/intro"
    assert len({link["id"], other["id"], link["meeting_id"], templates["call"]["id"]}) == 4
    assert (links, templates) == (mocks.scheduling_links, mocks.meeting_templates)


def test_the_id_of_a_service_begins_with_its_link(provider: ModuleType) -> None:
    """
    As neetoCal's ids do, which a program may take apart.
    """
    mocks = Mocks()

    def program() -> None:
        link = provider.SchedulingLink("intro", **INTRO)
        provider.AddOnService("report", link=link.id, name="Report")

    mocks.run(program)

    service = mocks.resources(provider.AddOnService)["report"]
    sid, _, own = service["id"].partition("/")
    assert sid == service["link"] == mocks.scheduling_links["intro"]["id"]
    assert own


def test_in_a_preview_outputs_of_the_server_are_unknown(provider: ModuleType) -> None:
    """
    As under the native provider; an argument that is not known yet passes.
    """
    seen: list[Any] = []

    def program() -> None:
        first = provider.SchedulingLink("first", **INTRO)
        first.url.apply(seen.append)
        first.meeting_id.apply(lambda _: seen.append("known"))
        provider.SchedulingLink("second", **{**INTRO, "slug": first.meeting_id, "hosts": [first.meeting_id]})

    mocks = Mocks()
    mocks.run(program, preview=True)

    assert seen == ["https://acme.neetocal.com/intro"]
    assert {*mocks.scheduling_links} == {"first", "second"}


HOURS: list[dict[str, Any]] = [
    {"id": "h1", "default": True, "user": {"email": "ada@acme.example"}},
    {"id": "h2", "user": {"email": "ben@acme.example"}},
]
SLOTS = [{"date": "2026-12-01", "start_time": "09:00 AM"}, {"date": "2027-01-04", "start_time": "09:00 AM"}]


def test_lookups_find_what_is_given(provider: ModuleType) -> None:
    """
    In the API's shapes; an inactive member is warned of.
    """
    mocks = Mocks(members=MEMBERS, templates=TEMPLATES, links=LINKS, availabilities=HOURS, slots=SLOTS)
    found: dict[str, Any] = {}

    def program() -> pulumi.Output[Any]:
        found["member"] = provider.get_team_member(email="ben@acme.example").name
        found["members"] = [each.email for each in provider.list_team_members()]
        found["template"] = provider.get_meeting_template(name="Intro call").values["duration"]
        found["link"] = provider.get_scheduling_link(slug="theirs").id
        found["links"] = [each.slug for each in provider.list_scheduling_links(host="ada@acme.example")]
        found["templates"] = [each.slug for each in provider.list_meeting_templates()]
        found["hours"] = [each.id for each in provider.list_availabilities(email="ada@acme.example")]
        found["default"] = provider.get_availability(id="h1").default
        slots = provider.list_slots(link="abc123", month="2026-12", time_zone="UTC")
        found["slots"] = [(each.date, each.start_time) for each in slots]
        found["none"] = provider.list_scheduling_links(host="ben@acme.example")
        read = provider.SchedulingLink.get("read", "abc123")
        call = provider.MeetingTemplate.get("call", provider.get_meeting_template(name="Intro call").id)
        return pulumi.Output.all(read.slug, read.duration, call.slug, call.kind).apply(
            lambda each: found.update(read=each)
        )

    mocks.run(program)

    assert found == {
        "member": "Ben",
        "members": ["ada@acme.example", "ben@acme.example"],
        "template": 45,
        "link": "abc123",
        "links": ["theirs"],
        "templates": ["intro-call"],
        "hours": ["h1"],
        "default": True,
        "slots": [("2026-12-01", "09:00 AM")],
        "none": [],
        "read": ["theirs", 25, "intro-call", "round_robin"],
    }
    assert "ben@acme.example is inactive" in mocks.warnings[0]


@pytest.mark.parametrize(
    ("look", "sentence"),
    [
        (lambda on: on.get_team_member(email="adda@acme.example"), "no team member .*did you mean ada@acme.example"),
        (lambda on: on.get_team_member_output(email="adda@acme.example"), "did you mean ada@acme.example"),
        (lambda on: on.get_meeting_template(name="Intro cal"), "did you mean Intro call"),
        (lambda on: on.get_scheduling_link(slug="thiers"), "did you mean theirs"),
        (lambda on: on.get_availability(id="h3"), "there is no availability with the id 'h3'"),
        (lambda on: on.SchedulingLink.get("read", "nothing"), "There is no link with this id"),
    ],
)
def test_a_lookup_that_finds_nothing_fails_the_test(
    provider: ModuleType, look: Callable[[ModuleType], object], sentence: str
) -> None:
    """
    With the sentence of a real lookup.
    """
    with pytest.raises(pulumi.RunError, match=sentence):
        Mocks(members=MEMBERS, templates=TEMPLATES, links=LINKS).run(lambda: look(provider))


def test_settings_come_from_the_test_and_never_from_the_environment(
    provider: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Which may lead to a real account.
    """
    monkeypatch.setenv("NEETOCAL_WORKSPACE", "real")
    monkeypatch.setenv("NEETOCAL_ADOPT", "true")
    mocks = Mocks(config={"neetocal:workspace": "test"})

    mocks.run(lambda: provider.SchedulingLink("intro", **INTRO))

    assert mocks.scheduling_links["intro"]["workspace"] == "test"
    with pytest.raises(pulumi.RunError, match="neetocal:apiVersion"):
        Mocks(config={"neetocal:apiVersion": "v3"}).run(lambda: provider.SchedulingLink("intro", **INTRO))


def test_other_packages_have_mocks_of_their_own() -> None:
    """
    Or get their inputs back.
    """
    seen: list[Any] = []

    def program() -> pulumi.Output[Any]:
        bucket = pulumi.CustomResource("aws:s3:Bucket", "bucket", {"size": 1})
        found = pulumi.runtime.invoke("aws:index:getRegion", {}).value
        return bucket.id.apply(lambda id_: seen.append((id_, found)))

    Mocks().run(program)
    Mocks(others=Answers({"name": "eu"})).run(program)

    assert seen == [("bucket_id", {}), ("bucket_id", {"name": "eu"})]
