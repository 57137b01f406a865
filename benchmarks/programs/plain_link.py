"""
What a user writes who follows Pulumi's guide to dynamic providers, and wants nothing more.

As there: one plain request for each call, the arguments and what was answered as outputs, a change for every property
that differs, an exception for every answer that is none, and a read for refresh.
"""

import os
from typing import Any

import pulumi
import requests
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

FIELDS = ("slug", "name", "hosts", "duration")


class PlainLinkProvider(ResourceProvider):
    """
    A class without attributes in a module of its own, so that little of it is stored.
    """

    def create(self, props: dict[str, Any]) -> CreateResult:
        """
        Create the link.
        """
        link = ask("POST", "/meetings", sent(props))
        return CreateResult(link["sid"], {**props, "meeting_id": link["id"]})

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """
        Compare each field.
        """
        changed = [field for field in FIELDS if _olds.get(field) != _news.get(field)]
        return DiffResult(changes=bool(changed), replaces=[])

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """
        Ask for the link.
        """
        link = ask("GET", f"/meetings/{id_}")
        live = {"slug": link["slug"], "name": link["name"], "duration": link["duration"]}
        live["hosts"] = [host["email"] for host in link["hosts"]]
        return ReadResult(id_, {**props, **live})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """
        Send all fields.
        """
        link = ask("PATCH", f"/meetings/{_id}", sent(_news))
        return UpdateResult({**_news, "meeting_id": link["id"]})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """
        Delete the link.
        """
        ask("DELETE", f"/meetings/{_id}")


def sent(props: dict[str, Any]) -> dict[str, Any]:
    """
    Return the fields of a link; the host makes a float of every number, which the API refuses.
    """
    return {**{field: props[field] for field in FIELDS}, "duration": int(props["duration"])}


def ask(method: str, path: str, body: Any = None) -> dict[str, Any]:
    """
    Send one request and return what it answered.
    """
    response = requests.request(
        method,
        f"{os.environ['NEETOCAL_BASE_URL']}/api/external/v2{path}",
        json=body,
        headers={"X-Api-Key": os.environ["NEETOCAL_API_KEY"]},
        timeout=60,
    )
    response.raise_for_status()
    answer: dict[str, Any] = response.json() if response.content else {}
    found: dict[str, Any] = answer.get("meeting", answer)
    return found


class PlainLink(Resource):
    """
    The link as a resource.
    """

    meeting_id: pulumi.Output[str]

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **props: Any) -> None:
        super().__init__(PlainLinkProvider(), resource_name, {**props, "meeting_id": None}, opts)


# The same with as many outputs as ours has, which Pulumi itself takes more time for


OUTPUTS = ("url", "meeting_id", "disabled", "kind", "workspace")


class FullLinkProvider(PlainLinkProvider):
    """
    Does what its base does.
    """

    def create(self, props: dict[str, Any]) -> CreateResult:
        """
        Create the link; it makes no difference which text an output holds.
        """
        made = super().create(props)
        outputs = made.outs or {}
        return CreateResult(made.id, {**outputs, **dict.fromkeys(OUTPUTS, outputs["meeting_id"])})


class FullLink(Resource):
    """
    The link as a resource.
    """

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **props: Any) -> None:
        super().__init__(FullLinkProvider(), resource_name, {**dict.fromkeys(OUTPUTS), **props}, opts)
