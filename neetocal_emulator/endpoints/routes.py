"""
Which path and verb leads where, in both versions.

The tables are the list of what is emulated; a path that is not here is 404
(UNKNOWN_PATH), a verb that is not here is 405 (UNKNOWN_VERB).
"""

from __future__ import annotations

from neetocal_emulator.endpoints import (
    add_on_services,
    automation_rules,
    availabilities,
    bookings,
    calendar_preferences,
    discount_codes,
    meetings,
    options,
    packages,
    payments,
    slots,
    team,
    templates,
)
from neetocal_emulator.endpoints.call import Endpoint, Version
from neetocal_emulator.store.options import DURATION, SPOT

__all__ = ["PREFIXES", "ROUTES", "Binding"]

Binding = tuple[str, str, Endpoint]

PREFIXES: dict[Version, str] = {"v1": "/api/external/v1", "v2": "/api/external/v2"}

_COMMON: list[Binding] = [
    # Scheduling links
    ("GET", "/meetings", meetings.list_meetings),
    ("POST", "/meetings", meetings.create_meeting),
    ("GET", "/meetings/{sid}", meetings.get_meeting),
    ("PATCH", "/meetings/{sid}", meetings.update_meeting),
    ("PUT", "/meetings/{sid}", meetings.update_meeting),
    # Durations of a link
    ("GET", "/meetings/{sid}/durations", options.list_options(DURATION)),
    ("POST", "/meetings/{sid}/durations", options.create_option(DURATION)),
    ("GET", "/meetings/{sid}/durations/{id}", options.get_option(DURATION)),
    ("PUT", "/meetings/{sid}/durations/{id}", options.update_option(DURATION)),
    ("DELETE", "/meetings/{sid}/durations/{id}", options.delete_option(DURATION)),
    # Spots of a link
    ("GET", "/meetings/{sid}/spots", options.list_options(SPOT)),
    ("POST", "/meetings/{sid}/spots", options.create_option(SPOT)),
    ("GET", "/meetings/{sid}/spots/{id}", options.get_option(SPOT)),
    ("PUT", "/meetings/{sid}/spots/{id}", options.update_option(SPOT)),
    ("DELETE", "/meetings/{sid}/spots/{id}", options.delete_option(SPOT)),
    # Availabilities
    ("GET", "/availabilities", availabilities.list_availabilities),
    ("POST", "/availabilities", availabilities.create_availability),
    # Bookings
    ("GET", "/bookings", bookings.list_bookings),
    ("POST", "/bookings", bookings.create_booking),
    ("GET", "/bookings/{sid}", bookings.get_booking),
    ("POST", "/bookings/{sid}/payments", payments.create_payment),
    # Packages
    ("GET", "/packages", packages.list_packages),
    ("GET", "/packages/{package_id}", packages.get_package),
    ("GET", "/packages/{package_id}/purchases", packages.list_purchases),
    ("GET", "/packages/{package_id}/purchases/{id}", packages.get_purchase),
]

_V1: list[Binding] = [
    ("POST", "/meetings/{sid}/create_one_off_link", meetings.create_one_off_link),
    # Templates
    ("GET", "/meeting_templates", templates.list_templates),
    # Team members
    ("GET", "/team_members", team.list_members),
    ("POST", "/team_members", team.add_members),
    ("DELETE", "/team_members", team.remove_members_by_email),
    ("PATCH", "/team_members/{id}", team.update_member),
    ("DELETE", "/team_members/{id}", team.remove_member),
    # Availabilities; the first that fits counts
    ("GET", "/availabilities/team_member", availabilities.list_member_availabilities),
    ("GET", "/availabilities/{id}", availabilities.get_availability),
    ("PATCH", "/availabilities/{id}", availabilities.update_availability),
    ("POST", "/meetings/{sid}/availability", availabilities.update_meeting_availability),
    ("POST", "/meetings/{sid}/availability/create", availabilities.create_meeting_availability),
    # Slots
    ("GET", "/slots/{slug}", slots.list_slots),
    # Bookings
    ("PATCH", "/bookings/{sid}", bookings.reschedule_booking),
    ("POST", "/bookings/{sid}/cancel", bookings.cancel_booking),
    ("GET", "/bookings/{sid}/associated_bookings", bookings.list_associated_bookings),
    ("PUT", "/bookings/{sid}/payments/{id}/confirm", payments.confirm_payment),
    # Automation rules and discount codes
    ("GET", "/automation_rules", automation_rules.list_rules),
    ("POST", "/automation_rules", automation_rules.create_rule),
    ("DELETE", "/automation_rules/{id}", automation_rules.delete_rule),
    ("POST", "/discount_codes", discount_codes.create_code),
]

_V2: list[Binding] = [
    ("DELETE", "/meetings/{sid}", meetings.delete_meeting),
    ("POST", "/meetings/{sid}/one-off-links", meetings.create_one_off_link),
    # Templates
    ("GET", "/meeting-templates", templates.list_templates),
    ("POST", "/meeting-templates", templates.create_template),
    ("GET", "/meeting-templates/{id}", templates.get_template),
    ("PATCH", "/meeting-templates/{id}", templates.update_template),
    ("PUT", "/meeting-templates/{id}", templates.update_template),
    ("DELETE", "/meeting-templates/{id}", templates.delete_template),
    # Team members
    ("GET", "/team-members", team.list_members),
    ("POST", "/team-members", team.add_members),
    ("GET", "/team-members/{id}", team.get_member),
    ("PATCH", "/team-members/{id}", team.update_member),
    ("PUT", "/team-members/{id}", team.update_member),
    ("DELETE", "/team-members/{id}", team.remove_member),
    # Availabilities
    ("GET", "/availabilities/{id}", availabilities.get_availability),
    ("PATCH", "/availabilities/{id}", availabilities.update_availability),
    ("PUT", "/availabilities/{id}", availabilities.update_availability),
    ("POST", "/meetings/{sid}/availabilities", availabilities.create_meeting_availability),
    ("PATCH", "/meetings/{sid}/availabilities", availabilities.update_meeting_availability),
    ("PUT", "/meetings/{sid}/availabilities", availabilities.update_meeting_availability),
    # Slots
    ("GET", "/meetings/{sid}/slots", slots.list_slots),
    ("GET", "/meetings/{sid}/unavailable-slots", slots.list_unavailable_slots),
    ("GET", "/common-slots", slots.list_common_slots),
    # Calendars and add-on services of a link
    ("GET", "/meetings/{sid}/calendar-preferences/{integration}", calendar_preferences.get_preferences),
    ("PATCH", "/meetings/{sid}/calendar-preferences/{integration}", calendar_preferences.update_preferences),
    ("GET", "/meetings/{sid}/add-on-services", add_on_services.list_services),
    ("POST", "/meetings/{sid}/add-on-services", add_on_services.create_service),
    ("GET", "/meetings/{sid}/add-on-services/{id}", add_on_services.get_service),
    ("PATCH", "/meetings/{sid}/add-on-services/{id}", add_on_services.patch_service),
    ("PUT", "/meetings/{sid}/add-on-services/{id}", add_on_services.update_service),
    ("DELETE", "/meetings/{sid}/add-on-services/{id}", add_on_services.delete_service),
    # Bookings
    ("PATCH", "/bookings/{sid}", bookings.update_booking),
    ("PUT", "/bookings/{sid}", bookings.update_booking),
    ("PUT", "/bookings/{sid}/payments/{id}", payments.confirm_payment),
    # Automation rules and discount codes
    ("GET", "/automation-rules", automation_rules.list_rules),
    ("POST", "/automation-rules", automation_rules.create_rule),
    ("DELETE", "/automation-rules/{id}", automation_rules.delete_rule),
    ("GET", "/discount-codes", discount_codes.list_codes),
    ("POST", "/discount-codes", discount_codes.create_code),
    ("PATCH", "/discount-codes/{id}", discount_codes.update_code),
    ("PUT", "/discount-codes/{id}", discount_codes.update_code),
    ("DELETE", "/discount-codes/{id}", discount_codes.delete_code),
]

ROUTES: dict[Version, list[Binding]] = {"v1": [*_COMMON, *_V1], "v2": [*_COMMON, *_V2]}
