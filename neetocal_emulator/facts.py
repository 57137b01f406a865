"""
What is known about neetoCal's API, one row per rule that the emulator enforces.

The code names a row wherever it refuses a request or chooses between possible
answers, so nobody has to guess where a behaviour comes from.
A refusal carries its rows in the `X-Emulator-Facts` header of the answer.

Sources are the vendor's pages: `apidocs` is apidocs.neetocal.com, `help` is
help.neetocal.com/articles, `cli` is the source of the official command line
tool, `sibling` is the documentation of another Neeto product on the same
framework.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

__all__ = ["Certainty", "Fact", "Statement", "as_markdown", "with_facts"]

_BEGIN, _END = "<!-- facts: `python -m neetocal_emulator.facts docs/emulator.md` -->\n", "<!-- end of facts -->"


class Certainty(Enum):
    """
    How sure we are of a row.
    """

    DOCUMENTED = "documented"
    """
    Stated on a page of the vendor, or in the docs' source.
    """

    OBSERVED = "read in a client"
    """
    Read in the source of the official tool, or of somebody else's client.
    """

    SIBLING = "documented for a sibling product"
    """
    Stated for another Neeto product, not for neetoCal.
    """

    ASSUMED = "assumed"
    """
    Found nowhere; the likeliest behaviour of such a server, or the safest to test with.
    """


@dataclass(frozen=True)
class Statement:
    """
    One fact: what holds, where it is written, and how sure that is.
    """

    sentence: str
    source: str
    certainty: Certainty


def _documented(sentence: str, source: str) -> Statement:
    return Statement(sentence, source, Certainty.DOCUMENTED)


def _observed(sentence: str, source: str) -> Statement:
    return Statement(sentence, source, Certainty.OBSERVED)


def _sibling(sentence: str, source: str) -> Statement:
    return Statement(sentence, source, Certainty.SIBLING)


def _assumed(sentence: str, reason: str) -> Statement:
    return Statement(sentence, f"assumed: {reason}", Certainty.ASSUMED)


class Fact(Enum):
    """
    Every fact by its name; the value says the rest.
    """

    # Requests as such

    KEY_REQUIRED = _documented(
        "A missing, unknown or expired key is refused with 401 and one fixed text.",
        "apidocs, api/authentication",
    )
    KEY_NAMES_WORKSPACE = _documented(
        "A key belongs to one workspace and does not work in another.",
        "apidocs, api/authentication",
    )
    SESSION_TOKEN = _observed("A Session-Token header is accepted in the place of the key.", "cli, api client")
    LOGIN = _observed(
        "The official tool logs in with a token that a person confirms on a page: pending, authenticated or expired.",
        "cli, auth; that the page asks for the workspace, and that a session token is its first key, is assumed",
    )
    UNKNOWN_PATH = _documented(
        "A path that the version does not have is 404.",
        "apidocs, api/response-codes",
    )
    UNKNOWN_VERB = _assumed(
        "A verb that a known path does not have is 405, and the header Allow names those it has.",
        "RFC 9110 asks for it; the vendor's router may well say 404",
    )
    MALFORMED_JSON = _documented(
        "A body that is not JSON, or holds a number that is not finite, is refused with 400.",
        "apidocs, api/response-codes; for 1e400 assumed",
    )
    BODY_IS_OBJECT = _assumed("A body that is JSON but no object is refused with 400.", "no other reading is possible")
    CONTENT_TYPE = _documented(
        "Bodies are sent as application/json; another type is refused with 400.",
        "apidocs, getting-started; the refusal itself is assumed",
    )
    CHARACTERS = _assumed(
        "Text holding NUL or half a surrogate pair is refused with 400.",
        "the vendor's database cannot hold it",
    )
    BODY_SIZE = _assumed("A body over 1 MiB is refused with 413.", "servers have a limit; the vendor's is unknown")
    ERROR_BODY = _assumed(
        "An error's body is an object with the text under 'error'.",
        "the authentication page shows it; five shapes are read by clients, see the switch",
    )
    RATE_LIMIT = _documented(
        "Over the rate limit the answer is 429.",
        "apidocs, api/authentication; number, window and Retry-After are unknown, see faults",
    )
    VALUE_TYPE = _assumed(
        "A value of the wrong type is refused with 422.",
        "the vendor may convert it instead; strictness finds the client's mistake",
    )
    NUMERIC_STRING = _documented(
        "A whole number may be sent as a string of one to nine digits; none is above 2147483647.",
        "help, create-a-meeting-link; the bounds are assumed, a database's integer",
    )
    BLANK = _assumed(
        "A required value that is missing, null or blank is refused with 422.",
        "the usual answer of a Rails application",
    )
    UNDOCUMENTED_FIELDS = _assumed(
        "Fields that the endpoint does not document are dropped silently.",
        "strong parameters of a Rails application",
    )

    # Lists

    PAGING = _documented(
        "Lists are paged by page_number (1) and page_size (30), with four counts in the answer.",
        "apidocs, getting-started/pagination",
    )
    PAGE_SIZE_LIMIT = _observed("page_size above 100 counts as 100.", "cli, help text 'max 100'; clamping is assumed")
    PAGE_INVALID = _documented(
        "A paging parameter that is not a whole number from 1 to 2147483647 is refused with 400.",
        "apidocs, scheduling-links/list-meetings lists 400; which values are refused is assumed",
    )
    PAGE_ALIAS = _observed("'page' is understood where 'page_number' is missing.", "cli, sends both names")
    PAGE_PAST_END = _documented("A page past the end is an empty list.", "apidocs, getting-started/pagination")
    LIST_WITHOUT_PAGE = _assumed(
        "Without page_number the first page is answered.",
        "two pages of the vendor contradict each other, see the switch",
    )
    LIST_ORDER = _assumed("Lists are newest first.", "no order is documented")
    LIST_FILTERS = _documented(
        "In v2 links are filtered by host_email, once or repeated as host_email[]: any of them.",
        "apidocs, scheduling-links/list (v2)",
    )
    LIST_SEARCH = _observed(
        "In v2 'search' finds a part of the name or slug, letter case ignored.",
        "an open-source client built from the v2 docs",
    )
    LIST_LIVE_ONLY = _assumed(
        "Lists hold disabled links, but neither deleted ones nor templates.",
        "the object has 'disabled'; templates have an endpoint of their own; for templates see the switch",
    )

    # Scheduling links

    MEETING_NOT_FOUND = _documented(
        "A link that does not exist is 404 with 'Meeting not found'.",
        "apidocs, scheduling-links/get-meeting",
    )
    SID_IN_PATH = _assumed(
        "A link is addressed by its sid alone, not by its id or slug.",
        "the pages and the newer skill files of the cli name only the sid, older ones the sid or the UUID",
    )
    GET_IS_BARE = _assumed(
        "One link is answered without a wrapper.",
        "apidocs, get-meeting shows it for v1 alone; the tool's newer texts wrap it under 'meeting', see the switch",
    )
    CREATED_STATUS = _documented(
        "A create answers 200 in v1 and 201 in v2.",
        "apidocs, create-meeting (v1), api/response-codes: POST requests that create (v2)",
    )
    REQUIRED_ON_CREATE = _documented(
        "slug, name, hosts and duration are required, with a template too.",
        "apidocs, scheduling-links/create-meeting",
    )
    KIND_VALUES = _documented(
        "kind is one_on_one, round_robin, multihost or grouped.",
        "apidocs, scheduling-links/create-meeting",
    )
    KIND_DEFAULT = _documented(
        "kind is one_on_one when a create does not name it.",
        "apidocs, scheduling-links/create-meeting",
    )
    SPOT_VALUES = _documented("spot is one of the nine places of the page.", "apidocs, scheduling-links/create-meeting")
    DURATION_RANGE = _documented(
        "A duration is 1 to 1440 minutes.",
        "apidocs, meeting-durations/create; that a link's own duration obeys it is assumed",
    )
    INCREMENT_MINIMUM = _documented(
        "The start time increment is 3 to 2147483647 minutes.",
        "help, start-time-increments; that the API checks it, and the upper bound, a database's integer, are assumed",
    )
    BUFFER_RANGE = _documented("Buffers are 0 to 1440 minutes.", "apidocs, scheduling-links/create (v2)")
    BUFFERS_ARE_V2 = _documented(
        "Requests of v1 do not know the buffers; they are dropped.",
        "apidocs, scheduling-links/create-meeting (v1)",
    )
    SPOT_IN_REQUESTS = _observed(
        "spot is accepted on create and on update, though no reference page lists it.",
        "cli, meetings create and update, meeting-templates create; help, create-a-meeting-link; "
        "that a template's update takes it is assumed, see the switch",
    )
    FRESH_LINK = _documented(
        "What a request leaves out has the values of the docs' template sample.",
        "apidocs, docs/meetings.yaml; that they are the defaults is assumed",
    )
    HOSTS_REQUIRED = _documented(
        "A link is created with at least one host.", "apidocs, scheduling-links/create-meeting"
    )
    HOSTS_ARE_MEMBERS = _assumed(
        "Hosts are e-mails of team members; another is refused with 422 and named.",
        "help, removing-team-member implies it; the status is unknown, see the switch",
    )
    HOSTS_SHOWN = _documented(
        "Hosts are written as e-mails and read as objects of name and email.",
        "apidocs, scheduling-links (late v1, v2); older answers lack them, see the switch",
    )
    HOSTS_IGNORE_CASE = _assumed(
        "E-mails are matched whatever their letter case, and doubles count once.",
        "mail providers do so",
    )
    PATCH_HOSTS = _observed(
        "An update without hosts keeps them.",
        "cli, 'optional; omit to keep current hosts'; the docs require them, see the switch",
    )
    PATCH_KIND = _assumed(
        "An update without kind keeps it.",
        "the docs show a default for it even there, see the switch",
    )
    PATCH_FIELDS = _documented(
        "An update does not list template_id, is_multiple_*, durations, spots or disabled.",
        "apidocs, scheduling-links/update-meeting; that they are dropped is assumed, see switches",
    )
    PUT_IS_PATCH = _observed("PUT updates like PATCH: what is left out stays.", "cli, meetings update")
    NULL_CLEARS = _assumed("null clears the description, the zone and the spot texts.", "a plain database column")
    TEXTS_AS_SENT = _assumed(
        "Texts are stored as a request sends them.",
        "no page says otherwise; a server may normalize them, see the switch; seeds and edits are always as told",
    )
    NESTED_OPTIONS = _assumed(
        "Durations and spots given on create become the link's options.",
        "the create page documents them; whether they are honoured is unknown, see the switch",
    )
    DURATIONS_POSSIBLE = _assumed(
        "durations_possible lists the options' minutes while several durations are allowed.",
        "the field's name and the empty list of the template sample",
    )
    DELETE_IS_V2 = _documented(
        "A link is deleted in v2 with 204 and no body; v1 has no such endpoint.",
        "apidocs, scheduling-links/delete (v2), docs/meetings.yaml (v1)",
    )
    DELETE_IS_SOFT = _documented(
        "A deleted link keeps its row with deleted_at set; the API shows it no more.",
        "apidocs, meeting object; the 404 afterwards is assumed",
    )
    ONE_OFF = _documented(
        "A one-off link answers 200 with a slug one-off-… and its address.",
        "apidocs, scheduling-links/create-one-off",
    )
    ONE_OFF_ADDRESS = _assumed(
        "A one-off link's address is the address of this server with the slug.",
        "the server stands for the workspace's own host",
    )

    # Slugs

    SLUG_CHARACTERS = _documented(
        "A slug holds lower-case letters, digits, hyphens and underscores.",
        "help, scheduling-links",
    )
    SLUG_HYPHENS = _documented(
        "A slug neither starts nor ends with a hyphen, nor has two in a row.",
        "help, scheduling-links",
    )
    SLUG_RESERVED = _documented("Nine words are reserved as slugs.", "help, scheduling-links")
    SLUG_UNIQUE = _documented(
        "A slug is unique among a workspace's live links.",
        "apidocs, create-meeting; the status 422 and text are assumed, see the switch",
    )
    SLUG_REUSE = _documented(
        "A deleted link's slug is free again, unless it has upcoming bookings.",
        "help, scheduling-links",
    )

    # Durations and spots of a link

    OPTION_NOT_FOUND = _documented(
        "A duration or spot that the link does not have is 404.",
        "apidocs, meeting-durations/get, meeting-places/get",
    )
    OPTION_LIST = _documented(
        "Durations and spots are listed whole, without paging.",
        "apidocs, meeting-durations/list, meeting-places/list",
    )
    OPTION_ONE_DEFAULT = _documented(
        "A second default is refused with 409.",
        "apidocs, durations/create, spots/create; see the switch",
    )
    OPTION_KEEPS_DEFAULT = _assumed(
        "Taking the flag from the only default is refused with 409.",
        "one of three readings, only under the switch's value 'locked'",
    )
    OPTION_LAST = _documented(
        "The last remaining duration or spot cannot be deleted: 409.",
        "apidocs, durations/delete, spots/delete",
    )
    OPTION_REQUIRED = _documented(
        "A duration needs its minutes; a spot needs its place.",
        "apidocs, meeting-durations/create; for spots two clients require it",
    )
    OPTION_PARTIAL = _observed("A PUT may carry only what changes.", "cli, meetings durations update")
    OPTION_DELETED_STATUS = _documented(
        "Deleting an option answers 200 with a message in v1, and 204 in v2.",
        "apidocs, durations/delete (v1); api/response-codes: DELETE is typically 204 (v2)",
    )
    SPOT_TEXT = _documented(
        "A phone call needs a number, a custom spot its text, a meeting in person its place.",
        "apidocs, spots/create",
    )
    SPOT_TEXT_OTHERS = _documented(
        "The texts that do not belong to the spot's kind are null.", "apidocs, schemas/spot.yaml"
    )
    SPOT_SPELLINGS = _observed(
        "A spot's texts are understood in three spellings.",
        "apidocs uses two (nested, own endpoint); cli sends a third",
    )
    OPTIONS_STAND_ALONE = _assumed(
        "The link's own duration and spot do not follow the default option, nor the other way.",
        "nothing says they do",
    )

    # Templates

    TEMPLATE_NOT_FOUND = _assumed("A template that does not exist is 404.", "as for every other object")
    TEMPLATE_ID = _documented(
        "A create with an unknown template_id is 404 with 'Meeting does not exist'.",
        "apidocs, scheduling-links/create-meeting; that it means the template is assumed",
    )
    TEMPLATE_COPY = _documented(
        "All of a template's values are copied; values in the same request win.",
        "apidocs, scheduling-links/create-meeting",
    )
    TEMPLATE_REQUIRED = _observed("A template needs name, slug and duration.", "cli, meeting-templates create")
    TEMPLATE_FIELDS = _documented(
        "A template's update does not know kind.",
        "apidocs, scheduling-links/update-template, which lists neither kind nor spot; the cli sends both on create",
    )
    TEMPLATE_ADD_ONS = _documented(
        "A template's update takes allow_multiple_add_on_services, which is true at first.",
        "apidocs, scheduling-links/update-template; help, add-on-services for the default; that a create drops it and "
        "answers show it is assumed, see switches; no page has it for links, so that theirs don't show it",
    )
    TEMPLATE_ENVELOPE = _assumed(
        "Creating or updating a template answers a message and the object under 'template'.",
        "by analogy with links",
    )
    TEMPLATE_LIST_KEY = _documented(
        "Templates are listed under 'templates'.", "apidocs, scheduling-links/list-templates"
    )

    # Team members

    MEMBER_NOT_FOUND = _assumed("A team member who does not exist is 404.", "as for every other object")
    MEMBER_EMAILS = _documented("Members are added by a list of e-mails.", "apidocs, team-members/add-team-members")
    MEMBER_AGAIN = _assumed(
        "Adding an active member once more changes nothing; an inactive one becomes active again.",
        "the safest reading, see the switch",
    )
    MEMBER_INVITATION = _sibling(
        "Who is added gets an e-mail unless send_invitation_email is 'false', by invited_by or the latest admin.",
        "apidocs, team-members/add lists both fields; the default 'true' is the cli's and the sibling NeetoCI's; that "
        "another value, or somebody who is not an admin, is 422 is assumed",
    )
    MEMBER_ACTIVE = _documented(
        "An update takes active in v1; the pages of v2 do not list it.",
        "apidocs, team-members/update-team-member (v1), team-members/update (v2); that v2 drops it is assumed, see the "
        "switch",
    )
    MEMBER_EMAIL_TAKEN = _assumed(
        "Two members cannot have the same e-mail.", "e-mails identify people throughout the API"
    )
    MEMBER_ROLE = _documented(
        "organization_role is a role of the workspace, letter case counts: Admin, Standard, or another of the seed.",
        "apidocs, team-members/update, whose samples name the two; the 422 is assumed",
    )
    MEMBER_EMAIL_FORM = _assumed("An e-mail has a name, an @ and a domain.", "plainly")
    MEMBER_LAST_ADMIN = _sibling("The last admin cannot be removed: 422.", "sibling, NeetoCI team-members/remove")
    MEMBER_REMOVED = _documented(
        "A removed member leaves all links; one that loses its last host is disabled.",
        "help, why-scheduling-link-becomes-inactive; a sibling deactivates members instead, see the switch; a "
        "disconnected payment provider disables links, too, but not here",
    )
    MEMBER_ENVELOPE = _documented(
        "An update answers the member under 'team_member', and so does v2's GET; adding answers a message alone.",
        "apidocs, team-members/update, team-members/add; sibling NeetoCI for the GET",
    )

    # Availabilities

    AVAILABILITY_NOT_FOUND = _assumed("An availability that does not exist is 404.", "as for every other object")
    AVAILABILITY_ID = _assumed(
        "An availability is addressed by its id or its sid.",
        "the page says id and shows what looks like a sid",
    )
    AVAILABILITY_EMAILS = _documented(
        "In v1 the list needs emails[], once for each member; in v2 they may be left out.",
        "apidocs, docs/availabilities.yaml; the 400 without them is its 'Missing parameters'",
    )
    AVAILABILITY_MEMBER = _documented(
        "In v1 team_member lists the availabilities of the one member whose email is given, which it needs.",
        "apidocs, docs/availabilities.yaml; that a stranger's list is empty is assumed",
    )
    AVAILABILITY_ENVELOPE = _documented(
        "One availability is answered under 'availability'.", "apidocs, docs/availabilities.yaml"
    )
    AVAILABILITY_DEFAULT = _assumed(
        "Each member has a default availability, at first Monday to Friday, 9 to 5 in the member's zone.",
        "the docs' sample hours; a new one without periods has the same",
    )
    AVAILABILITY_OWNER = _documented(
        "A new availability needs a name and the email of the member it is for, on a link of one of its hosts.",
        "apidocs, availabilities/create, create-meeting-availability; the 422 for strangers is assumed",
    )
    AVAILABILITY_PERIODS = _documented(
        "A period has a wday from monday to sunday and two times like 09:00 AM; v1 needs periods in an update.",
        "apidocs, docs/availabilities.yaml; that they begin before they end, and overlapping ones add up, is assumed",
    )
    AVAILABILITY_OVERRIDES = _documented(
        "An override gives a date other periods, none of them with [], and is taken away without 'periods'.",
        "apidocs, docs/availabilities.yaml; that overrides of other dates stay is assumed",
    )
    AVAILABILITY_ZONE = _documented(
        "Times of a request are in its time_zone and are converted to the member's zone before they are stored.",
        "apidocs, availabilities/create, update, create-meeting; that a week's times are converted by this week's "
        "offsets, and a period over midnight becomes two, the first up to 11:59 PM, is assumed",
    )
    AVAILABILITY_NAME = _observed(
        "An update takes the name.",
        "cli, availabilities update; the page lists periods, overrides and time_zone alone, see the switch",
    )
    REPEATED_NAME = _assumed(
        "Availabilities of a member, and services of a link, can have the same name.",
        "no page says otherwise, see the switch",
    )
    AVAILABILITY_SHARED = _documented(
        "Changing an availability, also through one link, changes every link that uses it.",
        "help, editing-a-meeting-availability; that all hosts' are meant is assumed",
    )
    AVAILABILITY_OF_LINK = _documented(
        "An availability can be made for one host of one link, in place of the one the link used; others use theirs.",
        "apidocs, availabilities/create-meeting (v1); that v2 answers the same four fields is assumed",
    )

    # Slots

    SLOT_SHAPE = _documented(
        "Slots are listed by date, as a map of objects with start_time, end_time and count.",
        "apidocs, docs/slots.yaml; keys and times like 01:30 PM, only days with slots, and a count of 1 are assumed",
    )
    SLOT_QUERY = _documented(
        "Slots need time_zone, year and month; day and, in v2, host_email narrow them; what is wrong is 400.",
        "apidocs, docs/slots.yaml; cli for host_email; override_availability is not looked at",
    )
    SLOT_HOSTS = _documented(
        "A multihost link has the hours that all hosts share, a round robin those of any, others the first host's.",
        "help, multi-host-meeting, round-robin-meeting; the first host's is assumed",
    )
    SLOT_RANGE = _assumed(
        "Slots begin after the lead time and reach as many days as schedulable_range_value says, at most 366.",
        "the fields' names; a range of business days or dates counts as 60 days, buffers are not kept free",
    )
    SLOT_NONE = _assumed("A disabled link has no slots.", "it cannot be booked")
    SLOT_REASONS = _documented(
        "unavailable-slots tells for each date what is open, and which bookings and overrides close the rest.",
        "apidocs, slots/list-unavailable; the word date_override, and parameters as for slots, are assumed",
    )
    COMMON_SLOTS = _observed(
        "common-slots lists when all members named by emails[] are free for the duration.",
        "cli, team-members slots; every 30 minutes, within the default availabilities, is assumed",
    )
    COMMON_QUERY = _observed(
        "common-slots needs emails[], duration, time_zone, start_date and an end_date at most 31 days later.",
        "cli, team-members slots; the 400, for strangers too, is assumed",
    )

    # Bookings

    BOOKING_NOT_FOUND = _assumed("A booking that does not exist is 404.", "as for every other object")
    BOOKING_IS_BARE = _documented(
        "One booking is answered without a wrapper.",
        "apidocs, docs/bookings.yaml (v1); that v2 does the same is assumed",
    )
    BOOKING_OBJECT = _documented(
        "A booking has the fields of the docs' schema, and the link's name under 'meeting'.",
        "apidocs, schemas/booking.yaml; cli for 'meeting'; the status 'confirmed' is assumed",
    )
    BOOKING_ADDRESSES = _assumed(
        "The addresses of a booking's pages are on this server.",
        "the server stands for the workspace's own host; nothing answers there",
    )
    BOOKING_REQUIRED = _documented(
        "A booking needs meeting_slug, name, email and time_zone.", "apidocs, docs/bookings.yaml"
    )
    BOOKING_ZONE = _assumed("An unknown time zone is refused with 422.", "there would be no telling the time")
    BOOKING_SLOT = _documented(
        "A slot is named by slot_date like 2025-07-15 and slot_start_time like 01:30 PM or 13:30.",
        "apidocs, docs/bookings.yaml; cli for 13:30; that one without the other is refused is assumed",
    )
    BOOKING_SLOT_FREE = _assumed(
        "A slot that has begun, or overlaps a booking of the same link, is refused with 422.",
        "nobody can attend it; group links take many; hours and the host's other links are not looked at",
    )
    BOOKING_HOST_ASKED = _observed(
        "In v2 a booking may name its host by host_email; on a link with several it needs override_availability.",
        "cli, bookings create; that another than the link's hosts, and one without it, is 422, is assumed; "
        "that clients may choose the host is set in the web app alone",
    )
    BOOKING_OVERRIDE = _observed(
        "In v2 override_availability books outside of the hours.",
        "cli, bookings create and update: for hosts and admins; a key counts as an admin, and hours are not looked at",
    )
    BOOKING_FIRST_FREE = _documented(
        "Without a slot the first free one is booked.",
        "apidocs, docs/bookings.yaml; that it is the first of the link's slots is assumed",
    )
    BOOKING_DISABLED = _assumed("A disabled link cannot be booked.", "help, why-scheduling-link-becomes-inactive")
    BOOKING_CANCEL = _documented(
        "A booking is cancelled by POST …/cancel in v1, by the status 'cancelled' in v2.",
        "apidocs, docs/bookings.yaml (v1); cli, bookings update (v2)",
    )
    BOOKING_CANCELLED_ONCE = _assumed("A cancelled booking cannot be cancelled again: 422.", "the usual answer")
    BOOKING_HOST = _assumed(
        "A booking is with the first host; a round robin takes the first host with hours at that time.",
        "balance and priority of a round robin are set in the web app alone",
    )
    BOOKING_STATUS = _observed(
        "An update's status is cancelled, approved or rejected; here nothing waits for approval, so only the first.",
        "cli, bookings update; no field of the API asks for approval",
    )
    BOOKING_RESCHEDULE = _documented(
        "A booking is moved by PATCH, in v2 also PUT; v1 needs name, email, time_zone and the slot, v2 what changes.",
        "apidocs, docs/bookings.yaml; cli, bookings update; that it keeps its sid, and shows no reason, is assumed",
    )
    BOOKING_OUTCOME = _assumed(
        "There are no meeting outcomes, so that meeting_outcome_id can only be cleared.",
        "cli, bookings update; outcomes are made in the web app",
    )
    BOOKING_ASSOCIATED = _documented(
        "In v1 associated_bookings lists those made along with a booking; here none ever is.",
        "apidocs, bookings/get-associated; only recurring bookings have them",
    )
    BOOKING_FILTERS = _documented(
        "Bookings are filtered by type, host_email and client_email.", "apidocs, docs/bookings.yaml"
    )
    BOOKING_TIMES = _documented(
        "v1 also filters starts_at and ends_at by the rules at, after and before a time, and between two with a comma.",
        "apidocs, docs/bookings.yaml; that only between counts the times themselves is assumed",
    )
    BOOKING_FILTERS_V2 = _observed(
        "v2 also filters by meeting_sid, parent_booking_id, starts_after (at or after), starts_before, each a time or "
        "a day, and search, from 3 letters on: client, sid, link's name, host and answers of the form.",
        "cli, bookings list; an open-source client for the parent; that letter case is ignored is assumed",
    )
    BOOKING_FILTER_INVALID = _documented(
        "An invalid filter is refused with 400.",
        "apidocs, docs/bookings.yaml lists 400; which values are refused is assumed",
    )
    BOOKING_ORDER = _documented(
        "Bookings are sorted by creation, newest first, or as sorting_order says; v2 knows sorting_key.",
        "apidocs, docs/bookings.yaml; cli for sorting_key",
    )
    BOOKING_UPCOMING = _assumed(
        "A booking is upcoming until it ends, and past from then on.",
        "help, scheduling-links: a slug is free when the bookings are over",
    )

    # Payments of a booking

    PAYMENT_BODY = _documented(
        "A payment's fields stand under 'payment', or by themselves.",
        "apidocs, bookings/create-payment; cli sends them by themselves",
    )
    PAYMENT_PROVIDER = _documented("A payment is by cash or upi.", "apidocs, bookings/create-payment")
    PAYMENT_AMOUNT = _documented(
        "A payment's amount and currency are those of the request, else those of the link's first fee.",
        "apidocs, bookings/create-payment (v2); 0 usd without a fee, and no effect of a discount_code, are assumed",
    )
    PAYMENT_AGAIN = _documented(
        "A payment with the same idempotency_key is answered again, not made again.",
        "apidocs, bookings/create-payment (v2)",
    )
    PAYMENT_OPEN = _documented(
        "While a payment through another provider is open, a new one is refused with 422.",
        "apidocs, bookings/create-payment (v2)",
    )
    PAYMENT_STATUS = _documented(
        "A payment waits as confirmation_pending until it is marked successful or rejected.",
        "apidocs, bookings/confirm-payment; cli, bookings payments update; that it can be marked again is assumed",
    )

    # Calendars and add-on services of a link

    CALENDAR_INTEGRATION = _documented(
        "A link has preferences for google_calendar, outlook and icloud.",
        "apidocs, calendar-preferences/get; the 404 for others is assumed",
    )
    CALENDAR_VALUES = _documented(
        "summary_type and busy_statuses have the values of the page, event_color is like #039BE5.",
        "apidocs, calendar-preferences/update; cli for the colour, whose 422 is assumed",
    )
    CALENDAR_ONLY = _documented(
        "busy_statuses are for Outlook alone, event_color for Google alone.",
        "apidocs, calendar-preferences/update; the 422 is assumed",
    )
    CALENDAR_SUMMARY = _documented(
        "The summary_type custom needs a custom_summary.", "apidocs, calendar-preferences/update"
    )
    CALENDAR_KIND = _documented(
        "Calendars are overridden on one-on-one links alone; a group link has its own layout, without a client's name.",
        "apidocs, calendar-preferences/update; the 422 is assumed",
    )
    CALENDAR_IDS = _documented(
        "Events go into calendars of the host that are not read only.",
        "apidocs, calendar-preferences/update; the 422 is assumed",
    )
    CALENDAR_MADE_UP = _assumed(
        "A link's first host has two calendars for each integration, Work and the read-only Holidays.",
        "nothing is connected here, and without calendars there would be nothing to choose; a seed can name others",
    )
    CALENDAR_UNCONNECTED = _assumed(
        "Preferences for an integration that isn't connected are answered, with no calendars.",
        "no page says, see the switch",
    )
    ADD_ON_REQUIRED = _assumed("An add-on service needs its name.", "what else is required is unknown")
    ADD_ON_VALUES = _assumed(
        "A service lasts 0 to 1440 minutes, costs 0 or more, and has a position from 1 on.", "the usual bounds"
    )
    ADD_ON_PRICE = _documented(
        "A price is sent as a number and answered as text without loss, '25.5' or '25.0'.",
        "apidocs, add-on-services/create; the app has prices only where the link takes payments, see the switch",
    )
    ADD_ON_UPDATE = _documented(
        "A service is updated by PUT, which keeps what is left out, the price among it.",
        "apidocs, add-on-services/update; that PATCH does the same is assumed, see the switch",
    )
    ADD_ON_LIST = _assumed(
        "All services of a link are in one list, by their position.", "the page was not seen, see the switch"
    )
    ADD_ON_KIND = _assumed(
        "A group link cannot have add-on services.", "the vendor's own draft on them says so; the 422 is a guess"
    )
    ADD_ON_ENVELOPE = _documented(
        "A service is answered under 'add_on_service', also when it is asked for; a delete is 204.",
        "apidocs, add-on-services; that the list is whole, under 'add_on_services', is assumed",
    )

    # Automation rules, discount codes, packages

    OBJECT_NOT_FOUND = _assumed(
        "A rule, service, package, purchase or payment that does not exist is 404.", "as for every other object"
    )
    AUTOMATION_EVENT = _documented(
        "An automation rule needs one of seven events.",
        "apidocs, automation-rules/create; cli for what else may be missing; nothing ever happens",
    )
    AUTOMATION_ENVELOPE = _documented(
        "A new rule is answered under 'workflow' with id, name and meeting_ids.",
        "apidocs, automation-rules/create; v1's message after a delete is assumed",
    )
    DISCOUNT_REQUIRED = _documented("A discount code needs code, value and kind.", "apidocs, discount-codes/create")
    DISCOUNT_VALUE = _documented(
        "A code's kind is fixed or percentage, its value at least 1 and at most 100 percent; limits are whole numbers.",
        "apidocs, discount-codes/create, discount-codes/update; cli for whole numbers; the 422 is assumed",
    )
    DISCOUNT_UNIQUE = _documented(
        "A code is unique, letter case counts.", "apidocs, discount-codes/create; the 422 and the case are assumed"
    )
    DISCOUNT_EXPIRY = _documented(
        "expires_at is a day, written DD-MM-YYYY or YYYY-MM-DD, and answered as a time in UTC; '' and null clear it.",
        "apidocs, discount-codes/create; cli for the second form; one sample has the day's start and one its end, see "
        "the switch; the 422 is assumed",
    )
    DISCOUNT_LINKS = _documented(
        "A code's links are sent as sids and answered as ids and names, none for a code that is for all links.",
        "apidocs, discount-codes/create; cli; that an unknown one is refused with 422 is assumed, see the switch",
    )
    DISCOUNT_ANSWERS = _documented(
        "A create answers a message and the code with its kind, an update the code without it, neither allowed_emails.",
        "apidocs, samples of discount-codes/create and update; links are pairs of id and name there, see the switch",
    )
    DISCOUNT_LIST = _documented(
        "In v2 codes are listed under 'discount_codes', by page and page_size, without kind and with redeems_count.",
        "apidocs, discount-codes/list; links are objects of id and name there; that page_number is ignored is assumed, "
        "see the switch",
    )
    DISCOUNT_FILTERS = _observed(
        "Codes are filtered by conditions of node, rule and value: a part of the code, in any letter case, and a kind.",
        "cli, discount-codes list; that a condition of another kind is ignored is assumed",
    )
    DISCOUNT_UPDATE = _documented(
        "In v2 a code is updated by PATCH: only the fields that are sent.",
        "apidocs, discount-codes/update; that PUT does the same is assumed",
    )
    DISCOUNT_DELETE = _observed(
        "In v2 a code is deleted; it can be made again then. One is not shown by itself.",
        "cli, discount-codes delete; the 204 is the general rule of api/response-codes, the rest assumed",
    )
    PACKAGE_SEEDED = _documented(
        "Packages and their purchases are listed and shown; the API cannot make them, a seed does.",
        "apidocs, docs/packages.yaml, packages/list-purchases; that one purchase is under 'purchase' is assumed",
    )
    PACKAGE_FIELDS = _assumed(
        "A seed's package needs name, slug and duration, a purchase name and email.", "what the samples always have"
    )


def as_markdown() -> str:
    """
    Return all facts as the rows of a table.
    """
    rows = ["| Fact | Rule | Source | Certainty |", "|---|---|---|---|"]
    for fact in Fact:
        told = fact.value
        texts = (f"`{fact.name}`", told.sentence, told.source, told.certainty.value)
        cells = (text.replace("*", r"\*").replace("|", r"\|") for text in texts)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def with_facts(page: str) -> str:
    """
    Return the page with the table between its two marks as it should be.
    """
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{as_markdown()}\n{_END}{after}"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(with_facts(target.read_text(encoding="utf-8")), encoding="utf-8")
