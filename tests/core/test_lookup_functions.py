"""
Functions against the emulator: what their results hold, what they request, and what is wrong with their arguments.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import httpx
import pytest

from neetocal_emulator import Emulator
from neetocal_emulator.store.documents import FIELDS, TEMPLATE_DEFAULTS
from neetocal_provider.api.client import Client
from neetocal_provider.errors import NeetoCalError
from neetocal_provider.resources import results
from neetocal_provider.resources.functions import FUNCTIONS, found_by, invoke, is_complete
from neetocal_provider.resources.lookups import LookupCache
from neetocal_provider.settings import Settings
from tests.core.conftest import Connect
from tests.emulator.api import Api

ADA = "ada@acme.example"
DURATIONS = [{"duration": 30, "is_default": True}, {"duration": 60, "is_default": False}]
FEE = {"id": "f1", "amount": "120.0", "currency": "inr", "is_default": True, "taxes": [{"rate": 5}], "min_amount": 0.1}


@pytest.fixture(params=["v2", "v1"])
def version(request: pytest.FixtureRequest) -> str:
    """
    Give each version of the API.
    """
    found: str = request.param
    return found


@pytest.fixture
def cache(core: Connect, version: str) -> LookupCache:
    """
    Give a cache that has looked up nothing yet.
    """
    return LookupCache(core(version), lambda _: None)


def requests(emulator: Emulator) -> list[str]:
    """
    Return the requests of the functions so far, without their queries.
    """
    return [f"{each.method} {each.path}" for each in emulator.requests]


def test_a_link_has_every_documented_field(cache: LookupCache, api: Api, emulator: Emulator) -> None:
    """
    Typed, in both versions; hosts are addresses and names.
    """
    sid = api.create(durations=DURATIONS, is_multiple_durations_allowed=True, hosts=[ADA, "ben@acme.example"])["sid"]
    told = emulator.edit_meeting(sid, lead_time=90, cancellation_policy="A day before.", fees=[FEE])

    link = cache.link("intro", None)

    assert (link.id, link.meeting_id, link.url) == (sid, told["id"], f"{emulator.url}/intro")
    assert (link.lead_time, link.schedulable_range_value, link.cancellation_policy) == (90, "60", "A day before.")
    assert (link.original_price, link.is_sms_reminders_enabled, link.cancellation_too_late_notice) == ("", False, "")
    assert (link.hosts, link.host_names) == ((ADA, "ben@acme.example"), ("Ada Okafor", "Ben Lindqvist"))
    assert [(each.duration, each.is_default) for each in link.durations] == [(30, True), (60, False)]
    assert link.durations[0].created_at
    assert link.durations_possible == (30, 60)
    (fee,) = link.fees
    assert (fee.amount, fee.min_amount, fee.is_default, fee.is_tip_enabled) == ("120.0", "0.1", True, None)
    assert fee.taxes == ({"rate": 5},)
    assert (link.created_at, link.updated_at) == (told["created_at"], told["updated_at"])
    assert link.values["duration"] == 30
    assert cache.links(None) == cache.links(ADA) == [link]


def test_results_have_the_fields_of_the_documented_object() -> None:
    """
    Those of the emulator, which takes them from the vendor's sample; the uuid of a link is its `meeting_id`.
    """
    link = {field.name for field in fields(results.GetSchedulingLinkResult)}
    template = {field.name for field in fields(results.GetMeetingTemplateResult)}

    assert FIELDS - {"sid"} <= link
    assert FIELDS | TEMPLATE_DEFAULTS.keys() <= template
    for name, function in FUNCTIONS.items():
        kind = function.returns
        assert results.descriptions(kind).keys() == results.types_of(kind).keys(), name


def test_templates_are_listed_once(cache: LookupCache, emulator: Emulator, version: str) -> None:
    """
    By slug, with the fields of a template; finding one of them sends no further request.
    """
    before = len(requests(emulator))

    templates = cache.templates()

    assert [each.slug for each in templates] == sorted(each.slug for each in templates)
    intro = cache.template("Intro call", None)
    assert intro in templates
    assert (intro.sid, intro.lead_time, intro.schedulable_range_value, intro.spot) == (
        "tmpl1nt",
        720,
        "30",
        "google_meet",
    )
    assert (intro.is_template, intro.allow_multiple_add_on_services) == (True, version == "v2" or None)
    assert intro.hosts == (ADA,)
    assert len(requests(emulator)) - before == 1


def test_a_template_that_was_created_after_the_list_is_found(cache: LookupCache, api: Api) -> None:
    """
    A program may declare it after it has looked up another.
    """
    cache.templates()
    assert api.post("/meeting-templates", {"slug": "new", "name": "New", "duration": 30}).is_success
    (id_,) = [each["id"] for each in api.get("/meeting-templates").json()["templates"] if each["slug"] == "new"]

    assert cache.template(None, id_).slug == "new"
    assert "new" in [each.slug for each in cache.templates()]


def test_availabilities_are_listed_and_found(cache: LookupCache, api: Api, emulator: Emulator, version: str) -> None:
    """
    Each with its hours, days off and member; one request each, remembered.
    """
    days = [{"date": "2026-12-24", "periods": []}]
    body = {"email": ADA, "name": "Afternoons", "periods": [_period("monday")], "overrides": days}
    made = api.post("/availabilities", body).json()["availability"]
    before = len(requests(emulator))

    afternoons, default = cache.availabilities("Ada@acme.example ")

    assert (afternoons.id, afternoons.sid, afternoons.name) == (made["id"], made["sid"], "Afternoons")
    assert (afternoons.default, default.default) == (False, True)
    (period,) = afternoons.periods
    assert (period.wday, period.start_time, period.end_time) == ("monday", "01:00 PM", "05:00 PM")
    assert afternoons.overrides == (results.AvailabilityOverride(date="2026-12-24"),)
    assert (afternoons.user.email, afternoons.user.name) == (ADA, "Ada Okafor")
    assert afternoons.before_buffer_time == (0 if version == "v1" else None)
    assert cache.availability(made["id"]) == cache.availability(made["id"]) == afternoons
    assert cache.availabilities(ADA) == [afternoons, default]
    assert cache.availabilities("nobody@acme.example") == []
    assert len(requests(emulator)) - before == 3


def _period(day: str) -> dict[str, str]:
    return {"wday": day, "start_time": "13:00", "end_time": "17:00"}


def test_slots_of_a_month_are_listed(cache: LookupCache, api: Api, emulator: Emulator, version: str) -> None:
    """
    In the time zone that is asked for; version 1 finds them by the link's slug, which takes one more request.
    """
    emulator.clock(at="2026-11-30T08:00:00Z", frozen=True)
    sid = api.create()["sid"]
    before = len(requests(emulator))

    slots = cache.slots(sid, "2026-12", "Europe/Paris", None)

    first = slots[0]
    assert first == results.Slot(date="2026-12-01", start_time="10:00 AM", end_time="10:30 AM", count=1)
    assert {each.date[:7] for each in slots} == {"2026-12"}
    assert "2026-12-05" not in {each.date for each in slots}
    assert cache.slots(sid, "2026-12", "Europe/Paris", None) is slots
    assert len(requests(emulator)) - before == (2 if version == "v1" else 1)


def test_slots_of_one_host_need_version_2(core: Connect, api: Api, emulator: Emulator) -> None:
    """
    Version 1 rejects the argument before anything is sent.
    """
    emulator.clock(at="2026-11-30T08:00:00Z", frozen=True)
    sid = api.create(hosts=[ADA, "mei@acme.example"], kind="round_robin")["sid"]
    asked = (sid, "2026-12", "UTC")

    both, mei = (LookupCache(core("v2"), print).slots(*asked, host) for host in (None, "mei@acme.example"))
    with pytest.raises(NeetoCalError) as caught:
        LookupCache(core("v1"), print).slots(*asked, "mei@acme.example")

    assert mei
    assert len(both) > len(mei)
    assert str(caught.value) == (
        "list_slots: host='mei@acme.example' needs version 2 of the API: "
        "leave it out, or set neetocal:apiVersion to v2."
    )


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("listSlots", {"link": "8r3rs2k"}, "listSlots needs month and time_zone."),
        (
            "listSlots",
            {"link": "a/b", "month": "2026-13", "time_zone": "Europe/Pariss"},
            "list_slots: link='a/b' isn't the sid of a link (give SchedulingLink.id, or the id that "
            "get_scheduling_link(slug=…) returns); month='2026-13' must be a month such as '2026-12'; "
            "time_zone='Europe/Pariss' must be an IANA time zone such as Europe/Lisbon; did you mean Europe/Paris?.",
        ),
        (
            "listSlots",
            {"link": "nothing", "month": "2026-12", "time_zone": "UTC"},
            "list_slots: there is no link with the sid 'nothing'. Give SchedulingLink.id, or the id that "
            "get_scheduling_link(slug=…) returns.",
        ),
        (
            "getAvailability",
            {"id": "../meetings"},
            "get_availability: id='../meetings' isn't the id of an availability. "
            "list_availabilities(email=…) returns those of a member.",
        ),
        (
            "getAvailability",
            {"id": "nothing"},
            "get_availability: there is no availability with the id 'nothing'. "
            "list_availabilities(email=…) returns those of a member.",
        ),
        (
            "listAvailabilities",
            {"email": " "},
            "list_availabilities: email must not be blank. list_team_members() returns the members' addresses.",
        ),
        ("getSchedulingLink", {"sid": "../meetings"}, "There is no scheduling link with the sid '../meetings'."),
    ],
)
def test_what_is_wrong_is_reported_with_its_value(
    cache: LookupCache, name: str, given: dict[str, Any], sentence: str
) -> None:
    """
    In one sentence that names the function, the argument, the value and the way out.
    """
    with pytest.raises(NeetoCalError) as caught:
        invoke(cache, name, given)

    assert str(caught.value) == sentence


def answering(body: object) -> LookupCache:
    """
    Return the lookups of a server with one answer.
    """
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    settings = Settings(workspace="acme", api_key="acme-0123456789", base_url="https://acme.neetocal.com")
    return LookupCache(Client(settings, transport), lambda _: None)


def test_what_an_answer_lacks_or_garbles_is_empty() -> None:
    """
    By its type: such an answer is no reason to fail, and all outputs of the schema are there.
    """
    row = {
        "sid": "8r3rs2k",
        "slug": "intro",
        "lead_time": "soon",
        "fees": 7,
        "spots": [None, {}],
        "url": "x",
        "hosts": 1,
    }
    cache = answering({**row, "meetings": [row]})

    (link,) = cache.links(None)

    assert (link.lead_time, link.fees, link.spots, link.created_at) == (None, (), (results.FoundSpot(),), "")
    assert link.url == "https://acme.neetocal.com/intro"


@pytest.mark.parametrize(
    "body", [{}, {"slots": {}}, {"slots": [1]}, {"slots": [{"slots": [1]}]}, {"slots": [{"slots": {"a": 1}}]}]
)
def test_slots_that_cannot_be_read_are_an_error(body: object) -> None:
    """
    An empty list would be shown as a month without a free time.
    """
    with pytest.raises(NeetoCalError):
        answering(body).slots("8r3rs2k", "2026-12", "UTC", None)


def test_a_result_survives_the_engines_messages(cache: LookupCache, api: Api) -> None:
    """
    JSON without the attributes that are None becomes the same result again.
    """
    api.create(durations=DURATIONS, is_multiple_durations_allowed=True)
    answer = json.loads(json.dumps(found_by(cache, "getSchedulingLink", {"slug": "intro", "sid": None})))

    again = results.result_of(results.GetSchedulingLinkResult, answer)

    assert is_complete("getSchedulingLink", answer)
    assert again == cache.link("intro", None)
