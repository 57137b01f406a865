"""
The provider as Pulumi's host calls it: a moved class heals without a request.
"""

from __future__ import annotations

from pulumi.dynamic import ConfigureRequest, ResourceProvider
from pulumi.dynamic.config import Config
from pulumi.dynamic.dynamic import serialize_provider

from neetocal_provider.scheduling_link import SchedulingLinkProvider

NEWS = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30.0}
OLDS = {
    **NEWS,
    "url": "http://127.0.0.1:9/intro",
    "meeting_id": "cc98d282",
    "disabled": False,
    "kind": "one_on_one",
    "workspace": "acme",
    "declared": [],
}
UNUSED_PORT = {
    "neetocal:workspace": "acme",
    "neetocal:apiKey": "acme-0123456789",
    "neetocal:baseUrl": "http://127.0.0.1:9",
    "neetocal:apiVersion": "v2",
}


def test_a_moved_provider_class_is_a_change_that_asks_the_api_nothing() -> None:
    """
    One `pulumi up` brings the state up to the program's class; nobody listens at this address.
    """
    ours, moved = serialize_provider(SchedulingLinkProvider()), serialize_provider(ResourceProvider())
    provider = SchedulingLinkProvider()
    provider.configure(ConfigureRequest(Config(UNUSED_PORT, "project")))
    news = {**NEWS, "__provider": ours}

    assert provider.diff("8r3rs2k", {**OLDS, "__provider": ours}, news).changes is False
    found = provider.diff("8r3rs2k", {**OLDS, "__provider": moved}, news)
    assert (found.changes, found.replaces) == (True, [])
    assert provider.update("8r3rs2k", {**OLDS, "__provider": moved}, news).outs == {**OLDS, "duration": 30}
