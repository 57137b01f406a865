"""
What lookups return: classes with typed attributes, read from answers and from the plugin alike.

What an answer doesn't hold, or holds in another type, is empty: texts, lists and mappings have nothing in them, numbers
and flags are None. The descriptions under "Attributes" are also those of the native schema and of the documentation.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, is_dataclass
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from neetocal_provider.errors import UnexpectedResponseError
from neetocal_provider.schema.types import read_flag, read_text, read_whole_number

__all__ = [
    "AvailabilityOverride",
    "AvailabilityPeriod",
    "AvailabilityUser",
    "Fee",
    "FoundDuration",
    "FoundSpot",
    "GetAvailabilityResult",
    "GetMeetingTemplateResult",
    "GetSchedulingLinkResult",
    "GetTeamMemberResult",
    "MeetingResult",
    "Slot",
    "descriptions",
    "is_optional",
    "result_of",
    "types_of",
]

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class GetTeamMemberResult:
    """
    A member of the workspace.

    Attributes:
        id: The uuid.

        email: The e-mail address.

        first_name: The first name.

        last_name: The last name.

        time_zone: The IANA time zone.

        active: False if the member was deactivated and can't host.

        organization_role: The role, such as Admin or Standard.
    """

    id: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    time_zone: str = ""
    active: bool = True
    organization_role: str = ""

    @property
    def name(self) -> str:
        """
        Return first and last name.
        """
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, kw_only=True)
class Fee:
    """
    A price of a link or template; amounts are texts, so that no cent is lost.

    Attributes:
        id: The uuid.

        amount: The amount, such as "120.0".

        currency: The currency, such as inr.

        kind: The kind, such as fixed.

        min_amount: The minimum amount.

        display_amount: The amount as visitors see it.

        amount_in_smallest_currency_unit: The amount in the smallest unit of the currency, such as cents.

        payment_provider: The payment provider, such as cash.

        feeable_id: The uuid of what is priced.

        feeable_type: The kind of what is priced, such as Meeting.

        is_default: Whether it is the default fee.

        is_tax_enabled: Whether taxes are added.

        is_tip_enabled: Whether visitors can add a tip.

        is_tax_applicable_on_tip: Whether taxes are added to the tip.

        taxes: The taxes, as the API returns them.

        vpas: The virtual payment addresses, as the API returns them.
    """

    id: str = ""
    amount: str = ""
    currency: str = ""
    kind: str = ""
    min_amount: str = ""
    display_amount: str = ""
    amount_in_smallest_currency_unit: int | None = None
    payment_provider: str = ""
    feeable_id: str = ""
    feeable_type: str = ""
    is_default: bool | None = None
    is_tax_enabled: bool | None = None
    is_tip_enabled: bool | None = None
    is_tax_applicable_on_tip: bool | None = None
    taxes: Sequence[Any] = ()
    vpas: Sequence[Any] = ()


@dataclass(frozen=True, kw_only=True)
class FoundDuration:
    """
    A length that visitors can choose.

    Attributes:
        id: The uuid.

        duration: The length in minutes.

        is_default: Whether it is the default.

        created_at: The time of creation, in ISO 8601.

        updated_at: The time of the last change, in ISO 8601.
    """

    id: str = ""
    duration: int | None = None
    is_default: bool | None = None
    created_at: str = ""
    updated_at: str = ""


@dataclass(frozen=True, kw_only=True)
class FoundSpot:
    """
    A place that visitors can choose.

    Attributes:
        id: The uuid.

        spot: The kind of place, such as zoom.

        is_default: Whether it is the default.

        phone_call_number: The phone number of a phone call.

        in_person_location: The address of a meeting in person.

        custom_text: The text of a custom place.

        created_at: The time of creation, in ISO 8601.

        updated_at: The time of the last change, in ISO 8601.
    """

    id: str = ""
    spot: str = ""
    is_default: bool | None = None
    phone_call_number: str = ""
    in_person_location: str = ""
    custom_text: str = ""
    created_at: str = ""
    updated_at: str = ""


@dataclass(frozen=True, kw_only=True)
class MeetingResult:
    """
    What links and templates have in common.

    Attributes:
        name: The name.

        slug: The slug.

        disabled: Whether it takes no bookings.

        hosts: The hosts' e-mail addresses.

        host_names: The hosts' names, in the order of `hosts`.

        description: The description.

        kind: The kind, such as one_on_one.

        duration: The default length in minutes.

        durations: The lengths that visitors can choose.

        durations_possible: The same lengths in minutes alone.

        is_multiple_durations_allowed: Whether visitors choose the length.

        spot: The default place, such as zoom.

        spot_phone_call_number: The phone number, if `spot` is phone_call.

        spot_in_person_location: The address, if `spot` is in_person.

        spot_custom_text: The text, if `spot` is custom.

        spots: The places that visitors can choose.

        is_multiple_spots_allowed: Whether visitors choose the place.

        schedulable_range_type: The unit of `schedulable_range_value`: number_of_days_into_the_future,
            number_of_business_days_into_the_future or date_range.

        schedulable_range_value: How far ahead it can be booked, such as "60".

        lead_time: The minimum notice of a booking in minutes.

        start_time_increment: The minutes between two start times.

        before_buffer_time: The minutes kept free before a meeting.

        after_buffer_time: The minutes kept free after a meeting.

        locked_time_zone: The IANA time zone in which all visitors see the times; empty if it is the visitor's.

        booking_modification_allowed: Whether visitors can reschedule and cancel.

        rescheduling_lead_time: The minimum notice of a change in minutes.

        rescheduling_too_late_notice: The text for those who reschedule too late.

        cancellation_lead_time: The minimum notice of a cancellation in minutes.

        cancellation_too_late_notice: The text for those who cancel too late.

        cancellation_policy: The cancellation policy.

        is_email_reminders_enabled: Whether reminders are sent by e-mail.

        is_sms_reminders_enabled: Whether reminders are sent by SMS.

        pre_booking_allowed: Whether bookings in advance are allowed; the API doesn't explain it.

        fees: The prices.

        conditional_pricing_enabled: Whether the price depends on conditions.

        original_price_enabled: Whether `original_price` is shown.

        original_price: The price before a reduction as text.

        organization_id: The uuid of the workspace.

        is_template: Whether it is a template.

        created_at: The time of creation, in ISO 8601.

        updated_at: The time of the last change, in ISO 8601.

        deleted_at: The time of deletion; empty, since what is deleted isn't found.

        values: All arguments, by their names.
    """

    name: str = ""
    slug: str = ""
    disabled: bool = False
    hosts: Sequence[str] = ()
    host_names: Sequence[str] = ()
    description: str = ""
    kind: str = ""
    duration: int | None = None
    durations: Sequence[FoundDuration] = ()
    durations_possible: Sequence[int] = ()
    is_multiple_durations_allowed: bool | None = None
    spot: str = ""
    spot_phone_call_number: str = ""
    spot_in_person_location: str = ""
    spot_custom_text: str = ""
    spots: Sequence[FoundSpot] = ()
    is_multiple_spots_allowed: bool | None = None
    schedulable_range_type: str = ""
    schedulable_range_value: str = ""
    lead_time: int | None = None
    start_time_increment: int | None = None
    before_buffer_time: int | None = None
    after_buffer_time: int | None = None
    locked_time_zone: str = ""
    booking_modification_allowed: bool | None = None
    rescheduling_lead_time: int | None = None
    rescheduling_too_late_notice: str = ""
    cancellation_lead_time: int | None = None
    cancellation_too_late_notice: str = ""
    cancellation_policy: str = ""
    is_email_reminders_enabled: bool | None = None
    is_sms_reminders_enabled: bool | None = None
    pre_booking_allowed: bool | None = None
    fees: Sequence[Fee] = ()
    conditional_pricing_enabled: bool | None = None
    original_price_enabled: bool | None = None
    original_price: str = ""
    organization_id: str = ""
    is_template: bool | None = None
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GetMeetingTemplateResult(MeetingResult):
    """
    A template as it stands.

    Attributes:
        id: The uuid, for `SchedulingLink(template_id=…)`.

        sid: The sid.

        allow_multiple_add_on_services: Whether visitors can choose several add-on services.
    """

    id: str = ""
    sid: str = ""
    allow_multiple_add_on_services: bool | None = None


@dataclass(frozen=True, kw_only=True)
class GetSchedulingLinkResult(MeetingResult):
    """
    A link as it stands, managed by anyone.

    Attributes:
        id: The sid.

        meeting_id: The uuid.

        url: The public address.
    """

    id: str = ""
    meeting_id: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class AvailabilityPeriod:
    """
    A time in which a member can be booked, by the clock of the member's time zone.

    Attributes:
        id: The uuid; empty in an override.

        wday: The day of the week, such as monday; empty in an override.

        start_time: The beginning, such as "09:00 AM".

        end_time: The end, such as "05:00 PM".
    """

    id: str = ""
    wday: str = ""
    start_time: str = ""
    end_time: str = ""


@dataclass(frozen=True, kw_only=True)
class AvailabilityOverride:
    """
    A date with other hours than the week's.

    Attributes:
        date: The date, such as "2026-12-24".

        periods: The hours of that date; none on a day off.
    """

    date: str = ""
    periods: Sequence[AvailabilityPeriod] = ()


@dataclass(frozen=True, kw_only=True)
class AvailabilityUser:
    """
    The member whose availability it is.

    Attributes:
        id: The uuid.

        name: First and last name.

        email: The e-mail address.
    """

    id: str = ""
    name: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class GetAvailabilityResult:
    """
    The hours in which a member can be booked.

    Attributes:
        id: The uuid.

        sid: The sid.

        name: The name.

        default: Whether it is the member's default availability.

        periods: The hours of the week.

        overrides: The dates with other hours.

        user: The member.

        before_buffer_time: The minutes kept free before a meeting; version 1 of the API only.

        after_buffer_time: The minutes kept free after a meeting; version 1 of the API only.
    """

    id: str = ""
    sid: str = ""
    name: str = ""
    default: bool | None = None
    periods: Sequence[AvailabilityPeriod] = ()
    overrides: Sequence[AvailabilityOverride] = ()
    user: AvailabilityUser = AvailabilityUser()
    before_buffer_time: int | None = None
    after_buffer_time: int | None = None


@dataclass(frozen=True, kw_only=True)
class Slot:
    """
    A free time of a link, by the clock of the time zone that was asked for.

    Attributes:
        date: The date, such as "2026-12-24".

        start_time: The beginning, such as "09:30 AM".

        end_time: The end, such as "10:00 AM".

        count: The number of bookings that the slot takes; the API doesn't explain it.
    """

    date: str = ""
    start_time: str = ""
    end_time: str = ""
    count: int | None = None


def result_of(kind: type[Result], row: Mapping[str, Any]) -> Result:
    """
    Return a result of this class with what a row holds under the names of its attributes.
    """
    found = {name: _read(hint, row.get(name), name) for name, hint in types_of(kind).items()}
    return kind(**{name: value for name, value in found.items() if value is not None})


def types_of(kind: type[Any]) -> Mapping[str, Any]:
    """
    Return the type of each attribute of a result: the own ones first, then those that it shares with others.
    """
    if kind not in _TYPES:
        hints = get_type_hints(kind)
        _TYPES[kind] = {name: hints[name] for name in (*inspect.get_annotations(kind), *hints)}
    return _TYPES[kind]


_TYPES: dict[type[Any], Mapping[str, Any]] = {}


def is_optional(hint: Any) -> bool:
    """
    Whether an attribute of this type can be None.
    """
    return NoneType in get_args(hint)


def descriptions(kind: type[Any]) -> Mapping[str, str]:
    """
    Return what the docstrings of a result, and of the class it is derived from, say of each attribute.
    """
    found: dict[str, str] = {}
    for each in reversed(kind.__mro__):
        _, _, attributes = (inspect.cleandoc(each.__doc__ or "")).partition("Attributes:\n")
        for name, text in re.findall(r"^    (\w+): (.+?)(?=\n\n|\Z)", attributes, re.MULTILINE | re.DOTALL):
            found[name] = " ".join(text.split())
    return found


def _read(hint: Any, value: Any, what: str) -> Any:
    """
    Return a value as its type holds it; None if it isn't of that type.
    """
    kind = next((each for each in get_args(hint) if each is not NoneType), hint) if is_optional(hint) else hint
    if is_dataclass(kind):
        return result_of(kind, value) if isinstance(value, Mapping) else None  # type: ignore[arg-type]
    if get_origin(kind) is Sequence:
        return tuple(_items(get_args(kind)[0], value, what)) if isinstance(value, list | tuple) else None
    if get_origin(kind) is Mapping:
        return value if isinstance(value, Mapping) else None
    with suppress(UnexpectedResponseError):
        return value if value is None or kind is Any else _READERS[kind](value, what)
    return None


def _items(hint: Any, values: Sequence[Any], what: str) -> Iterator[Any]:
    for value in values:
        found = _read(hint, value, what)
        if found is not None:
            yield found


def _text(value: Any, what: str) -> str:
    """
    Return a text; a number, such as that of a price, as its digits.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return repr(value) if is_number else read_text(value, what)


_READERS = {str: _text, bool: read_flag, int: read_whole_number}
