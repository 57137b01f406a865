"""
Behaviour switches: what nobody outside the vendor knows for sure.

Each switch has the likeliest reading as its default and the other readings as
further values, so that a client can be tried against all of them.
The annotation is the list of values; nothing else repeats it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args, get_type_hints

from neetocal_emulator.errors import SwitchError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Switches"]


@dataclass(frozen=True, kw_only=True)
class Switches:
    """
    How the server behaves where the documentation is silent or contradicts itself.
    """

    get_meeting: Literal["bare", "wrapped"] = "bare"
    """
    Whether GET of one link is the object itself or `{"meeting": …}` (GET_IS_BARE).
    """

    patch_without_hosts: Literal["accepted", "refused"] = "accepted"
    """
    Whether an update may leave the hosts out (PATCH_HOSTS).
    """

    patch_without_kind: Literal["kept", "reset"] = "kept"
    """
    Whether an update that leaves the kind out resets it to one_on_one (PATCH_KIND).
    """

    create_only_fields_in_patch: Literal["dropped", "accepted"] = "dropped"
    """
    What an update does with is_multiple_durations_allowed and …spots… (PATCH_FIELDS).
    """

    spot_in_patch: Literal["accepted", "dropped"] = "accepted"
    """
    What an update of a link or template does with spot (SPOT_IN_REQUESTS).
    """

    nested_options_on_create: Literal["honoured", "ignored"] = "honoured"
    """
    Whether durations and spots inside a create become options (NESTED_OPTIONS).
    """

    default_option: Literal["conflict", "swap", "locked"] = "conflict"
    """
    How the default among durations or spots moves (OPTION_ONE_DEFAULT).

    `conflict` refuses a second default; `swap` moves the flag; `locked` moves it
    too, and refuses to take it from the only default (OPTION_KEEPS_DEFAULT).
    """

    error_body: Literal["error", "errors", "notice", "field_errors", "message"] = "error"
    """
    Under which key an error's text stands (ERROR_BODY).
    """

    slug_taken_status: Literal[422, 400, 409] = 422
    """
    The status of a taken slug (SLUG_UNIQUE).
    """

    unknown_hosts: Literal["refused", "accepted"] = "refused"
    """
    Whether a host must be a team member (HOSTS_ARE_MEMBERS).
    """

    hosts_in_answers: Literal["everywhere", "not_in_lists", "nowhere"] = "everywhere"
    """
    Which answers show the hosts (HOSTS_SHOWN).
    """

    templates_among_links: Literal["hidden", "shown"] = "hidden"
    """
    Whether the list of links holds templates, and GET of one link answers a template's sid (LIST_LIVE_ONLY).
    """

    texts: Literal["as_sent", "tidied", "html", "escaped", "composed"] = "as_sent"
    """
    In which form the texts of requests are stored (TEXTS_AS_SENT).

    `tidied` squeezes blanks and takes the separators out of phone numbers; `html` wraps descriptions and custom
    texts in a paragraph; `escaped` writes &, < and > as entities; `composed` composes characters (NFC) and drops
    a byte order mark.
    """

    list_without_page_number: Literal["first_page", "everything"] = "first_page"
    """
    What a list answers when page_number is missing (LIST_WITHOUT_PAGE).
    """

    member_again: Literal["ignored", "refused", "invited"] = "ignored"
    """
    What adding does with somebody who is an active member already (MEMBER_AGAIN).

    `invited` gives them the role of the request and sends an invitation.
    """

    removed_members: Literal["gone", "inactive"] = "gone"
    """
    Whether a removed member is no longer answered, or answered with `active` false (MEMBER_REMOVED).
    """

    active_in_patch: Literal["dropped", "accepted"] = "dropped"
    """
    What an update of a member in v2 does with `active` (MEMBER_ACTIVE).
    """

    availability_name_in_patch: Literal["accepted", "dropped"] = "accepted"
    """
    What an update of an availability does with its name (AVAILABILITY_NAME).
    """

    repeated_names: Literal["accepted", "refused"] = "accepted"
    """
    Whether a member's availabilities, and a link's add-on services, can have the same name (REPEATED_NAME).
    """

    unconnected_calendars: Literal["empty", "not_found"] = "empty"
    """
    How preferences for an integration without calendars are answered (CALENDAR_UNCONNECTED).
    """

    service_patch: Literal["accepted", "refused"] = "accepted"
    """
    Whether an add-on service is updated by PATCH as well as by PUT (ADD_ON_UPDATE).
    """

    service_list: Literal["whole", "paged"] = "whole"
    """
    Whether the list of a link's add-on services has pages (ADD_ON_LIST).
    """

    prices_on_free_links: Literal["accepted", "refused"] = "accepted"
    """
    Whether a service of a link without a fee can have a price (ADD_ON_PRICE).
    """

    add_on_flag_on_create: Literal["dropped", "accepted"] = "dropped"
    """
    What the create of a template does with allow_multiple_add_on_services (TEMPLATE_ADD_ONS).
    """

    add_on_flag_in_answers: Literal["shown", "hidden"] = "shown"
    """
    Whether a template's answers have allow_multiple_add_on_services (TEMPLATE_ADD_ONS).
    """

    discount_code_answers: Literal["documented", "whole"] = "documented"
    """
    Whether answers on discount codes have the fields of the pages' samples, or all of them (DISCOUNT_ANSWERS).
    """

    discount_code_pages: Literal["page", "either"] = "page"
    """
    Whether the list of discount codes reads `page` alone, or `page_number` as well (DISCOUNT_LIST).
    """

    discount_code_expiry: Literal["start_of_day", "end_of_day"] = "start_of_day"
    """
    Which time of its last day a code's `expires_at` is answered with (DISCOUNT_EXPIRY).
    """

    unknown_meeting_ids: Literal["refused", "dropped"] = "refused"
    """
    What becomes of a discount code's links that do not exist (DISCOUNT_LINKS).
    """

    def changed(self, changes: Mapping[str, object]) -> Switches:
        """
        Return a copy with these switches set; refuses names and values that do not exist.
        """
        for name, value in changes.items():
            _check(name, value)
        return replace(self, **dict(changes))  # type: ignore[arg-type]  # checked just above

    def to_dict(self) -> dict[str, str | int]:
        """
        Return every switch by name.
        """
        return asdict(self)

    @classmethod
    def choices(cls) -> dict[str, tuple[str | int, ...]]:
        """
        Return the values that each switch can have.
        """
        return {name: get_args(hint) for name, hint in get_type_hints(cls).items()}


def _check(name: str, value: object) -> None:
    choices = Switches.choices()
    if name not in choices:
        raise SwitchError(f"There is no switch {name!r}; there are {', '.join(choices)}.")
    # 422.0 equals 422 and is no status.
    if not any(type(value) is type(choice) and value == choice for choice in choices[name]):
        raise SwitchError(f"Switch {name} is one of {', '.join(map(str, choices[name]))}, not {value!r}.")
