"""
The scheduling link: outputs, endpoints, and what is special about it.
"""

from __future__ import annotations

import re
from collections.abc import Collection as AbstractCollection
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from neetocal_provider.api.endpoints import Endpoints, Rows
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.errors import InvalidRequestError, RefusedError
from neetocal_provider.resources.link_fields import FIELDS, SPOT_TEXTS
from neetocal_provider.schema.fields import Field, Update
from neetocal_provider.schema.resource import Failure, Output, Properties, Schema
from neetocal_provider.schema.types import UNKNOWN, Flag, Text

if TYPE_CHECKING:
    from neetocal_provider.api.client import Client
    from neetocal_provider.api.objects import RemoteObject
    from neetocal_provider.settings import Settings

__all__ = ["SCHEDULING_LINK", "UNLISTED", "MeetingType"]


def _url(props: Properties, settings: Settings) -> Any:
    slug = props.get("slug", UNKNOWN)
    return UNKNOWN if slug is UNKNOWN else settings.public_url(slug)


class MeetingType(ResourceType):
    """
    What is special about links and templates alike.
    """

    def problems(self, news: Properties) -> Iterator[Failure]:
        """
        Yield a failure for a place without the text that it needs; a template may bring that along.
        """
        needed = SPOT_TEXTS.get(str(news.get("spot")))
        if needed and not news.get(needed) and not self.is_copy(news):
            yield Failure("spot", f"needs {needed} beside it")

    def keeps(self, field: Field, olds: Properties, news: Properties) -> str:
        """
        Keep the values of a template, which may be gone, and the text without which a place that stays means nothing.
        """
        if self.is_copy(olds):
            return "it was made from a template, and what that says of it may have changed since"
        if "spot" not in news and SPOT_TEXTS.get(str(olds.get("spot"))) == field.name:
            return "its place means nothing without it"
        return ""

    def is_copy(self, props: Properties) -> bool:
        """
        Whether a link was made from a template.
        """
        return "template_id" in props


class _SchedulingLink(MeetingType):
    def present(self, client: Client, recorded: RemoteObject, patch: Properties) -> RemoteObject:
        """
        Ask for a link whose hosts and kind must be sent along: a person may have changed them.
        """
        from neetocal_provider.core.lag import despite_lag

        if patch.keys() >= _SENT_ALONG:
            return recorded
        collection = self.collection(client)
        return despite_lag(client, recorded.created_at, lambda: collection.read_to_update(recorded.id))

    def update(self, client: Client, present: RemoteObject, patch: Properties) -> RemoteObject:
        """
        Send a patch with the present hosts and kind: leaving them out might be refused, or reset the kind.

        What no answer tells is left out, and so are hosts if there are none.

        Raises:
            RefusedError: neetoCal refuses a host whom the link has already.
        """
        along = _SENT_ALONG - patch.keys()
        kept = {name: present.values[name] for name in sorted(along) if present.values.get(name)}
        try:
            return super().update(client, present, {**kept, **patch})
        except InvalidRequestError as error:
            hosts = kept.get("hosts", ())
            told = "|".join([r"\bhosts?\b", *map(re.escape, hosts)])
            if "hosts" in along and re.search(told, " ".join(error.messages), re.IGNORECASE):
                raise _host_refused(error, hosts) from error
            raise

    def finish(
        self,
        client: Client,
        remote: RemoteObject,
        news: Properties,
        names: AbstractCollection[str],
        olds: Properties | None = None,
    ) -> tuple[RemoteObject, Properties]:
        """
        Bring durations and spots to what is declared, through their own endpoints.
        """
        from neetocal_provider.resources import link_options

        options = [field for field in self.schema.fields if field.update is Update.SUBRESOURCE and field.name in names]
        given = [(field, news[field.name]) for field in options if field.name in news]
        stale = [field.name for field, value in given if field.differs(remote.values.get(field.name), value)]
        if stale:
            self.collection(client).invalidate(remote.id)
        return link_options.reconcile_all(client, self.schema, remote, news, stale, olds)

    def in_use(self, client: Client, id_: str, props: Properties) -> str:
        """
        Return how many upcoming bookings a link has.
        """
        from neetocal_provider.resources import link_bookings

        return link_bookings.upcoming(client, self.collection(client), id_, props)

    def warnings(self, props: Properties) -> Iterator[str]:
        """
        Yield a sentence if nobody can book a link.
        """
        if props.get("disabled") is True:
            yield (
                f"The {self.schema.named(props)} is disabled and cannot be booked, most likely because its last host "
                "left, its payment provider was disconnected, or somebody disabled it: remove the cause and enable it "
                "in the web app, since the API documents no field for that."
            )

    def notes(self, remote: RemoteObject) -> Iterator[str]:
        """
        Yield a sentence if nobody can book a link.
        """
        if remote.outputs["disabled"]:
            yield "Disabled: nobody can book it until somebody enables it in the web app."

    def replacement_warnings(self, olds: Properties) -> Iterator[str]:
        """
        Yield a sentence if bookings may stand in the way of the new link.
        """
        if olds.get("force_destroy"):
            yield (
                f"The {self.schema.named(olds)} will be deleted before it is made anew; if it has upcoming bookings, "
                "neetoCal refuses its slug until they are over: declare another slug, or cancel them first."
            )


_SENT_ALONG = {"hosts", "kind"}
"""Fields that the API may want in each PATCH of a link."""


def _host_refused(error: InvalidRequestError, hosts: Iterable[str]) -> RefusedError:
    told = " ".join(error.messages).lower()
    named = [host for host in hosts if host.lower() in told] or list(hosts)
    if not named:
        return RefusedError(
            f"{error} neetoCal shows no hosts of the link, so none were sent, and nothing was changed: make this "
            "change in the web app and run `pulumi refresh`, or change it together with `hosts`."
        )
    return RefusedError(
        f"{error} The link has the host{'s' if len(named) > 1 else ''} {', '.join(named)}, who may have left neetoCal; "
        "nothing was changed: declare hosts who are active members of the workspace (without `ignore_changes` on "
        "`hosts`), or change the hosts in the web app, then run `pulumi up` again."
    )


UNLISTED = (
    "{rival} may have it, or a deleted link that has upcoming bookings; choose another slug, "
    "or wait until they are over"
)
"""Who may have the slug of a link or of a template."""

SCHEDULING_LINK = _SchedulingLink(
    schema=Schema(
        name="SchedulingLink",
        noun="link",
        description="A neetoCal scheduling link: an address at which visitors book a meeting with its hosts. Its id is "
        "the link's sid.",
        id_words="sid of a link",
        fields=FIELDS,
        outputs=(
            Output(name="url", type=Text(), description="The public address at which visitors book.", derive=_url),
            Output(
                name="meeting_id",
                type=Text(),
                description="The link's uuid, under which other parts of the API know it.",
                answered_as="id",
                default="",
            ),
            Output(
                name="disabled",
                type=Flag(),
                description="Whether it takes no bookings; the API documents no field that enables it.",
                default=False,
            ),
        ),
        identity=("slug",),
        fingerprint=("name", "hosts", "duration"),
        rival="a template",
        unlisted=UNLISTED.format(rival="a template"),
    ),
    # Create and update wrap a link; the vendor's pages disagree on GET, see docs/api-notes.md, "GET one link". Version
    # 1 documents no DELETE.
    endpoints=Endpoints(
        path="meetings",
        rows=Rows(keys=("meetings",), filters=("search", "host_email")),
        envelope=("meeting",),
        id_key="sid",
        flags={"is_template": False},
        delete_version="v2",
        reads_from_list=True,
    ),
    dependents="upcoming bookings",
    release="cancel them in the web app",
)
