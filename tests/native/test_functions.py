"""
What is asked of a function is checked before anything is looked up.
"""

from __future__ import annotations

from typing import Any

import pytest

from neetocal_emulator import Emulator
from neetocal_provider.api.client import connect
from neetocal_provider.errors import NeetoCalError
from neetocal_provider.resources.functions import FUNCTIONS, invoke
from neetocal_provider.resources.lookups import LookupCache
from neetocal_provider.resources.results import types_of
from neetocal_provider.settings import Settings, load_settings


@pytest.fixture
def settings(emulator: Emulator) -> Settings:
    """
    Give the settings of the emulator's workspace `acme`.
    """
    found = {**emulator.environment(), "NEETOCAL_API_VERSION": "v2"}
    return load_settings(
        {
            "neetocal:workspace": "acme",
            "neetocal:apiKey": found["NEETOCAL_API_KEY"],
            "neetocal:baseUrl": found["NEETOCAL_BASE_URL"],
        }.get
    )


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("getTeamMember", {}, "getTeamMember needs email."),
        ("getTeamMember", {"email": 7}, "getTeamMember takes a text for email."),
        ("getTeamMember", {"emial": "a"}, "getTeamMember has no argument 'emial'; did you mean email?"),
        ("getSchedulingLink", {}, "Give either slug or sid to look it up by."),
        ("getMeetingTemplate", {"name": "a", "id": "b"}, "Give either name or id to look it up by."),
    ],
)
def test_a_wrong_question_is_told(settings: Settings, name: str, given: dict[str, Any], sentence: str) -> None:
    """
    In a sentence, whichever language asked.
    """
    with pytest.raises(NeetoCalError) as caught:
        invoke(LookupCache(connect(settings), lambda _: None), name, given)

    assert str(caught.value) == sentence


def test_every_answer_has_the_outputs_of_the_schema(settings: Settings) -> None:
    """
    As the code declares them.
    """
    warned: list[str] = []
    cache = LookupCache(connect(settings), warned.append)

    member = invoke(cache, "getTeamMember", {"email": "Ada@acme.example"})
    everybody = invoke(cache, "listTeamMembers", {})["members"]

    assert member in everybody
    assert [*member] == [*types_of(FUNCTIONS["getTeamMember"].returns)]
    assert invoke(cache, "listSchedulingLinks", {}) == {"links": []}
    assert warned == []
