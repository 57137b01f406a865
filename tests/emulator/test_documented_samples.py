"""
The vendor's own samples, sent and compared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from neetocal_emulator import Emulator
from tests.emulator.api import Api

SAMPLES = Path(__file__).parents[1] / "samples"
SEED: dict[str, Any] = {
    "workspaces": {
        "spinkart": {
            "api_keys": ["k"],
            "team_members": [
                {"email": "oliver@example.com", "first_name": "Oliver", "last_name": "Smith"},
                {"email": "jane@example.com"},
            ],
            "templates": [
                {"id": "cc98d282-4cf6-414d-ba58-53fa94b9bca3", "name": "Shape", "slug": "shape", "duration": 15}
            ],
        }
    }
}


def test_the_create_pages_samples_fit() -> None:
    """
    The page's request is accepted in v1, and the answer has every field of the page's answer.
    """
    request = json.loads((SAMPLES / "create-v1-request.json").read_text())
    sample = json.loads((SAMPLES / "create-v1-response.json").read_text())
    with Emulator(seed=SEED) as emulator:
        api = Api(emulator.url, version="v1", key="k")
        response = api.post("/meetings", request)
        api.close()

    meeting = response.json()["meeting"]
    assert (response.status_code, list(response.json())) == (200, list(sample))
    assert set(sample["meeting"]) <= set(meeting)
    for nested in ("durations", "spots"):
        assert [list(each) for each in meeting[nested]] == [list(each) for each in sample["meeting"][nested]]
    plain = set(request) - {"template_id", "hosts", "durations", "spots"}
    assert {name: meeting[name] for name in plain} == {name: request[name] for name in plain}
