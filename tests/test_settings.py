"""
Settings: where each comes from, and one sentence for each that is wrong.
"""

import os
import re
from collections.abc import Mapping
from contextlib import closing, suppress

import httpx
import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neetocal_provider.api.client import Client
from neetocal_provider.errors import ConfigError, NeetoCalError
from neetocal_provider.settings import SETTINGS, Settings, load_settings, settings_for
from tests.remote import links_of

COMPLETE = {"neetocal:workspace": "acme", "neetocal:apiKey": "marker-key"}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in SETTINGS.values():
        monkeypatch.delenv(setting.variable, raising=False)


def load(**changes: str | None) -> Settings:
    """
    Return the settings of a complete stack config with some changes.
    """
    config = {**COMPLETE, **{f"neetocal:{key}": value for key, value in changes.items()}}
    return load_settings(config.get)


def problem(**changes: str | None) -> str:
    """
    Return the one sentence with which a changed stack config is refused.
    """
    with pytest.raises(ConfigError) as caught:
        load(**changes)
    (sentence,) = caught.value.problems
    return sentence


def test_defaults_are_the_vendors_address_and_version_2() -> None:
    """
    Workspace and key are enough: the rest is what most people need.
    """
    settings = load()

    assert Settings(workspace="acme", api_key="marker-key", base_url="https://acme.neetocal.com") == settings
    assert settings.api_version == "v2"


def test_the_same_values_are_validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Each call reads them, so that a setting which changes is seen at once, also after another one.
    """
    first, other = load(), load(workspace="globex")

    assert load() is first
    assert load(workspace="globex") is other
    monkeypatch.setenv("NEETOCAL_TIMEOUT", "7")
    assert (load().timeout, first.timeout) == (7, 300)
    monkeypatch.delenv("NEETOCAL_TIMEOUT")
    assert load() is first


def test_stack_config_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What a stack says wins over what a shell happens to hold.
    """
    monkeypatch.setenv("NEETOCAL_WORKSPACE", "globex")

    assert load().workspace == "acme"


def test_the_environment_fills_what_the_stack_leaves_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Every setting can come from the environment.
    """
    for name, value in {
        "NEETOCAL_WORKSPACE": "globex",
        "NEETOCAL_API_KEY": "other",
        "NEETOCAL_BASE_URL": "http://127.0.0.1:4010/",
        "NEETOCAL_API_VERSION": "v1",
    }.items():
        monkeypatch.setenv(name, value)

    settings = load_settings(lambda _key: None)

    assert Settings(workspace="globex", api_key="other", base_url="http://127.0.0.1:4010", api_version="v1") == settings


def test_all_missing_settings_are_named_at_once_by_both_their_names() -> None:
    """
    One run is enough to learn everything that has to be set.
    """
    with pytest.raises(ConfigError) as caught:
        load_settings(lambda _key: None)

    workspace, key = caught.value.problems
    assert "neetocal:workspace" in workspace
    assert "NEETOCAL_WORKSPACE" in workspace
    assert "pulumi config set --secret neetocal:apiKey" in key
    assert "NEETOCAL_API_KEY" in key


@pytest.mark.parametrize(
    "workspace",
    ["", "Acme", "acme.evil.com/x", "acme@evil.com", "-acme", "acme-", "ac_me", "a" * 64, "acme\n", "acmé", " acme"],
)
def test_a_workspace_is_one_label_of_a_host_name(workspace: str) -> None:
    """
    Nothing that could lead the key to another host passes as a workspace.
    """
    shown = repr(workspace) if len(workspace) < 20 else "a text of 64 characters that may be a key"

    assert f"neetocal:workspace (environment: NEETOCAL_WORKSPACE) is {shown}" in problem(workspace=workspace)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://acme.neetocal.com",
        "acme.neetocal.com",
        "https://",
        "https://user@acme.neetocal.com",
        "https://acme.neetocal.com/path",
        "https://acme.neetocal.com?x=1",
        "https://acme.neetocal.com#x",
        "https://acme.neetocal.com:99999",
        "https://acme.neetocal.com\n",
        "https://acme%2fevil.com",
        "https://acme..neetocal.com",
        "https://...",
        f"https://{'a' * 64}.neetocal.com",
        "https://[::1]x",
        "https://{foo}.neetocal.com",
        "https://{workspace.neetocal.com",
        "https://127.1",
        "https://0x7f.1",
        "https://2130706433",
        "https://1.2.3.999",
        "https://[::.]",
        "https://acme.neetocal.com.",
        "https://acme.neetocal.com:",
        "https://acme.neetocal.com:0000443",
        "https://acme。neetocal.com",
        "https://acme.neetocal.com\\@evil.com",
        "https://{workspace}@evil.com",
        "https://evil.com/{workspace}",
        "https://evil.com#{workspace}",
    ],
)
def test_an_address_is_scheme_and_host_alone(address: str) -> None:
    """
    Everything else in an address is a mistake or a trick.
    """
    assert "which is not an address" in problem(baseUrl=address)


@pytest.mark.parametrize(
    "address",
    [
        "http://acme.neetocal.com",
        "http://10.0.0.1",
        "http://localhost.evil.com",
        "http://127.0.0.1.evil.com",
        "http://localhost-evil.com",
        "http://[::ffff:127.0.0.1]:4010",
        "http://[::ffff:7f00:1]",
        "http://[::]",
        "http://0.0.0.0",
        "http://{workspace}",
        "http://localhost.{workspace}",
    ],
)
def test_plain_http_is_refused_beyond_loopback(address: str) -> None:
    """
    The key is never sent unencrypted over a network.
    """
    assert "unencrypted" in problem(baseUrl=address)


@pytest.mark.parametrize("address", ["http://emulator:8470", "http://host.docker.internal:8470"])
def test_plain_http_is_fine_for_the_key_of_an_emulator(address: str) -> None:
    """
    In another container it has a name; a real key doesn't end so, whichever setting is wrong.
    """
    assert load(baseUrl=address, apiKey="acme-demo-key").base_url == address
    assert "or with a key that ends with -demo-key" in problem(baseUrl=address, apiKey="acme-demo-key-2")


@pytest.mark.parametrize("address", ["http://127.1", "http://0x7f.1", "http://2130706433", "http://localhost."])
def test_loopback_in_an_odd_spelling_is_no_address(address: str) -> None:
    """
    What one program takes for this machine, another may look up in the network.
    """
    assert "which is not an address" in problem(baseUrl=address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:4010", "http://localhost:4010", "http://[::1]:4010"])
def test_plain_http_is_fine_on_loopback(address: str) -> None:
    """
    An emulator on this machine needs no certificate.
    """
    assert load(baseUrl=address).base_url == address


_WORDS = "https:// http:// // acme {workspace} .neetocal.com evil.com localhost user:pass@ %2f %40 %00 xn-- 0x7f"
_HOSTS = "127.0.0.1 [::1] [::ffff:1.2.3.4] :443 :0 .. 1 / @ # ? : . \\ - ; , { } [ ]"
_UNUSUAL = "\n\t \r\0\u3002\uff0f\u017f\u00e9\ud800"
_PARTS = st.sampled_from([*_WORDS.split(), *_HOSTS.split(), *_UNUSUAL])
_ADDRESSES = st.lists(_PARTS | st.characters(), max_size=7).map("".join)
_ODD_ADDRESSES = _ADDRESSES | st.tuples(st.sampled_from(["https://", "http://"]), _ADDRESSES).map("".join)


@given(workspace=st.just("acme") | _ADDRESSES, address=_ODD_ADDRESSES | st.just("https://{workspace}.neetocal.com"))
@hypothesis.settings(max_examples=int(os.environ.get("NEETOCAL_FUZZ_EXAMPLES", "500")), deadline=None)
def test_no_workspace_and_no_address_lead_the_key_elsewhere(workspace: str, address: str) -> None:
    """
    What is accepted is the host that everybody reads in it, and every request goes there: encrypted, or to loopback.
    """
    try:
        found = load(workspace=workspace, baseUrl=address)
    except ConfigError:
        return
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(404)

    with closing(Client(found, httpx.MockTransport(handler))) as client, suppress(NeetoCalError):
        links_of(client).get("8r3rs2k")

    host = address.partition("://")[2].rstrip("/").replace("{workspace}", workspace).lower()
    assert re.fullmatch(r"[a-z0-9.-]+(:[0-9]+)?|\[::1\](:[0-9]+)?|\[::ffff:1\.2\.3\.4\](:[0-9]+)?", host)
    for request in asked:
        assert request.headers["Host"] in (host, re.sub(r":0*(80|443)$", "", host), re.sub(":0+", ":0", host))
        assert request.url.userinfo == b""
        assert str(request.url.raw_path, "ascii").startswith("/api/external/v2/meetings/")
        is_here = re.fullmatch(r"(127(\.[0-9]+){3}|localhost|\[::1\])(:[0-9]+)?", host) is not None
        assert request.url.scheme == "https" or is_here


def test_an_unknown_api_version_is_refused() -> None:
    """
    The sentence names what is there to choose from.
    """
    assert "is 'v3', which is no version of the API: use v2, or v1" in problem(apiVersion="v3")


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("adopt", "maybe", "is 'maybe', which is neither yes nor no"),
        *[("maxAttempts", value, "a whole number from 1 to 999") for value in ("0", "-1", "1000", "2.5", "many", "")],
        *[("timeout", value, "a number of seconds above 0") for value in ("0", "0.0", "-1", "1e9", "nan", "long", "")],
        *[("maxRequestsPerSecond", value, "requests a second above 0") for value in ("0", "-5", "inf", "all", "")],
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(key: str, value: str, reason: str) -> None:
    """
    The sentence names the setting, the value and what would be right.
    """
    sentence = problem(**{key: value})

    assert f"neetocal:{key} (environment: NEETOCAL_" in sentence
    assert repr(value) in sentence
    assert reason in sentence


def test_a_provider_that_a_program_makes_may_be_given_numbers_and_flags() -> None:
    """
    Stack config is text, but the inputs of an explicit provider need not be.
    """
    config = {**COMPLETE, "neetocal:maxAttempts": 3.0, "neetocal:adopt": True, "neetocal:timeout": 2.5}

    settings = load_settings(config.get)

    assert (settings.max_attempts, settings.adopt, settings.timeout) == (3, True, 2.5)


def test_limits_are_numbers() -> None:
    """
    A limit may have decimals where that makes sense.
    """
    settings = load(maxAttempts="3", timeout="2.5", maxRequestsPerSecond="0.5")

    assert (settings.max_attempts, settings.timeout, settings.max_requests_per_second) == (3, 2.5, 0.5)


@pytest.mark.parametrize("key", ["", "two words", "line\n", "schlüssel"])
def test_a_malformed_key_is_refused_without_being_shown(key: str) -> None:
    """
    A key that could not travel in a header is told early; its text never appears.
    """
    sentence = problem(apiKey=key)

    assert "NEETOCAL_API_KEY" in sentence
    assert not key or key not in sentence


@pytest.mark.parametrize(
    "value", ["0Key" * 6, "_" * 19 + "K", f"https://acme.neetocal.com/{'k' * 120}", "a b" * 40], ids=len
)
def test_what_may_be_a_key_is_not_shown_in_another_place(value: str) -> None:
    """
    Two settings are swapped more often than one is misspelled.
    """
    for setting in ("workspace", "baseUrl", "apiVersion"):
        sentence = problem(**{setting: value})

        assert f"is a text of {len(value)} characters that may be a key" in sentence
        assert value[-10:] not in sentence


def test_the_key_is_not_in_the_repr() -> None:
    """
    A printed `Settings` gives nothing away.
    """
    assert "marker-key" not in repr(load())


def test_a_link_of_another_workspace_is_reached_through_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A link can be removed from the workspace that its stack has moved away from.
    """
    monkeypatch.setenv("NEETOCAL_WORKSPACE", "globex")
    monkeypatch.setenv("NEETOCAL_API_KEY", "key-of-globex")

    settings = settings_for("globex", COMPLETE.get)

    assert (settings.workspace, settings.api_key) == ("globex", "key-of-globex")


def test_a_link_of_another_workspace_is_reached_with_former_settings() -> None:
    """
    A provider that turned to another workspace still knows the key of the one before.
    """
    former = {**COMPLETE, "neetocal:workspace": "globex", "neetocal:apiKey": "key-of-globex"}

    settings = settings_for("globex", COMPLETE.get, lambda _key: None, former.get)

    assert (settings.workspace, settings.api_key) == ("globex", "key-of-globex")


def test_a_link_of_another_workspace_is_never_looked_for_here() -> None:
    """
    Asking the wrong workspace would answer 404, and a living link would count as gone.
    """
    with pytest.raises(ConfigError, match="lives in workspace 'globex'"):
        settings_for("globex", COMPLETE.get)


# A key that was replaced


def recorded(config: Mapping[str, str], **environment: str) -> Settings:
    """
    Return the settings with which a recorded link is reached, with a key in the config and these variables.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(f"NEETOCAL_{name}", value)
        return settings_for("acme", config.get)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"WORKSPACE": "acme"},
        {"BASE_URL": "https://acme.neetocal.com/"},
        {"WORKSPACE": "acme", "BASE_URL": "https://{workspace}.neetocal.com", "API_VERSION": "v1"},
    ],
)
def test_the_environments_key_is_kept_at_hand(environment: dict[str, str]) -> None:
    """
    Where it is for the same workspace and address, it may open what the recorded key opens no more.
    """
    settings = recorded(COMPLETE, API_KEY="another", **environment)

    assert (settings.api_key, settings.fallback_key, settings.is_key_recorded) == ("marker-key", "another", True)
    assert "another" not in repr(settings)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"API_KEY": ""},
        {"API_KEY": "marker-key"},
        {"API_KEY": "two words"},
        {"API_KEY": "another", "WORKSPACE": "globex"},
        {"API_KEY": "another", "BASE_URL": "https://globex.neetocal.com"},
        {"API_KEY": "another", "BASE_URL": "https://acme.neetocal.com:8443"},
        {"API_KEY": "another", "BASE_URL": "http://127.0.0.1:4010"},
        {"API_KEY": "another", "BASE_URL": "nowhere"},
    ],
)
def test_a_key_for_another_place_is_not_at_hand(environment: dict[str, str]) -> None:
    """
    Nor is one that is the same, or no key.
    """
    config = {**COMPLETE, "neetocal:baseUrl": "https://{workspace}.neetocal.com"}

    assert recorded(config, **environment).fallback_key == ""


def test_a_key_of_the_environment_alone_is_never_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It is read when the run starts, so there is nothing to fall back to.
    """
    monkeypatch.setenv("NEETOCAL_API_KEY", "present")

    settings = settings_for("acme", {"neetocal:workspace": "acme"}.get)

    assert (settings.api_key, settings.fallback_key, settings.is_key_recorded) == ("present", "", False)
