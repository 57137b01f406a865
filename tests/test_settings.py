"""
Settings: where each comes from, and one sentence for each that is wrong.
"""

import pytest

from neetocal_provider.errors import ConfigError
from neetocal_provider.settings import SETTINGS, Settings, load_settings, settings_for

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
    assert f"neetocal:workspace (environment: NEETOCAL_WORKSPACE) is {workspace!r}" in problem(workspace=workspace)


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
    ],
)
def test_an_address_is_scheme_and_host_alone(address: str) -> None:
    """
    Everything else in an address is a mistake or a trick.
    """
    assert "which is not an address" in problem(baseUrl=address)


@pytest.mark.parametrize("address", ["http://acme.neetocal.com", "http://10.0.0.1", "http://localhost.evil.com"])
def test_plain_http_is_refused_beyond_loopback(address: str) -> None:
    """
    The key is never sent unencrypted over a network.
    """
    assert "unencrypted" in problem(baseUrl=address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:4010", "http://localhost:4010", "http://[::1]:4010"])
def test_plain_http_is_fine_on_loopback(address: str) -> None:
    """
    An emulator on this machine needs no certificate.
    """
    assert load(baseUrl=address).base_url == address


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


def test_a_link_of_another_workspace_is_never_looked_for_here() -> None:
    """
    Asking the wrong workspace would answer 404, and a living link would count as gone.
    """
    with pytest.raises(ConfigError, match="lives in workspace 'globex'"):
        settings_for("globex", COMPLETE.get)
