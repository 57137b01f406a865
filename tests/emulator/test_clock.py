"""
The emulator's clock, which everything that has a time follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from neetocal_emulator import Emulator, SetupError
from tests.emulator.api import Api

NOON = "2031-05-06T12:00:00.000Z"


@pytest.fixture
def control(emulator: Emulator) -> Iterator[httpx.Client]:
    """
    A client of the control routes.
    """
    with httpx.Client(base_url=f"{emulator.url}/_emulator", trust_env=False) as client:
        yield client


def test_a_frozen_clock_stamps_everything(emulator: Emulator, v2: Api) -> None:
    """
    Links, their options and the journal have the time at which the clock stands.
    """
    shown = emulator.clock(at=NOON, frozen=True)

    meeting = v2.create(durations=[{"duration": 5}])

    assert shown == datetime(2031, 5, 6, 12, tzinfo=timezone.utc)
    assert {NOON} == {meeting["created_at"], meeting["updated_at"], meeting["durations"][0]["created_at"]}
    assert [each.at for each in emulator.requests] == [NOON]


def test_a_running_clock_never_stamps_twice(emulator: Emulator, v2: Api) -> None:
    """
    Put to another time, back or forth, the clock runs on from there.
    """
    for at in ("2031-05-06", "2021-05-06"):
        emulator.clock(at=at)
        first, second = v2.create(slug=f"a-{at}"), v2.create(slug=f"b-{at}")

        assert at < first["created_at"] < second["created_at"] < f"{at}T01"


def test_an_offset_is_kept(emulator: Emulator) -> None:
    """
    The clock can be a day ahead of real time, and be stopped and let go there.
    """
    day = timedelta(days=1).total_seconds()
    real = datetime.now(timezone.utc)

    ahead = emulator.clock(offset_s=day)
    stopped = emulator.clock(frozen=True)

    assert day <= (ahead - real).total_seconds() < day + 60
    assert stopped == emulator.clock()
    assert stopped <= emulator.clock(frozen=False) < stopped + timedelta(minutes=1)


def test_a_reset_shows_real_time(emulator: Emulator) -> None:
    """
    A reset lets the clock run, at the time it really is.
    """
    emulator.clock(at=NOON, frozen=True)

    emulator.reset()

    assert abs(emulator.clock() - datetime.now(timezone.utc)) < timedelta(minutes=1)


def test_the_clock_is_turned_over_http(control: httpx.Client) -> None:
    """
    PATCH changes what it names, PUT starts from real time.
    """
    at_first = control.get("/clock").json()
    frozen = control.patch("/clock", json={"at": NOON, "frozen": True}).json()
    moved = control.patch("/clock", json={"at": "2031-05-06T12:00:01Z"}).json()
    again = control.put("/clock", json={}).json()

    assert (at_first["frozen"], abs(at_first["offset_s"]) < 1) == (False, True)
    assert (frozen["now"], frozen["frozen"]) == (NOON, True)
    assert (moved["now"], moved["frozen"]) == ("2031-05-06T12:00:01.000Z", True)
    assert (again["frozen"], abs(again["offset_s"]) < 1) == (False, True)


def test_real_time_is_exactly_no_seconds_ahead(emulator: Emulator, control: httpx.Client) -> None:
    """
    A clock that was never turned, or was turned back, says 0.0, neither -0.0 nor a thousandth.
    """
    fresh = control.get("/clock")
    emulator.clock(at=NOON, frozen=True)
    back = control.put("/clock", json={})

    assert '"offset_s": 0.0' in fresh.text
    assert '"offset_s": 0.0' in back.text


@pytest.mark.parametrize(
    "turn",
    [
        {"at": "tomorrow"},
        {"at": 7},
        {"at": "0001-01-01"},
        {"at": NOON, "offset_s": 1},
        {"offset_s": "1"},
        {"offset_s": 1e300},
        {"frozen": "yes"},
        {"speed": 2},
    ],
)
def test_a_turn_that_makes_no_sense_is_told(control: httpx.Client, turn: dict[str, object]) -> None:
    """
    The clock stays as it was.
    """
    response = control.put("/clock", json=turn)

    assert (response.status_code, list(response.json())) == (400, ["error"])
    assert abs(control.get("/clock").json()["offset_s"]) < 1


def test_a_slip_in_python_is_told(emulator: Emulator) -> None:
    """
    In Python the slip is an error.
    """
    with pytest.raises(SetupError, match="tomorrow"):
        emulator.clock(at="tomorrow")
