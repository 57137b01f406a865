"""
The pytest plugin, in projects of somebody else.
"""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

pytest_plugins = ["pytester"]

LINK = '{"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}'
CREATE = f"""
    import json, os, urllib.request

    def create():
        request = urllib.request.Request(
            os.environ["NEETOCAL_BASE_URL"] + "/api/external/v2/meetings",
            json.dumps({LINK}).encode(),
            {{"X-Api-Key": os.environ["NEETOCAL_API_KEY"], "Content-Type": "application/json"}},
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open(request) as response:
            return response.status
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """
    A project whose pytest has our plugin and pytest-xdist, and none that happens to be installed.
    """
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for variable in ("NEETOCAL_BASE_URL", "NEETOCAL_API_KEY", "NEETOCAL_WORKSPACE", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(variable, raising=False)
    pytester.makeini("[pytest]\naddopts = -p neetocal_emulator.pytest_plugin -p xdist\nfilterwarnings = error")
    return pytester


def test_the_plugin_is_installed() -> None:
    """
    Whoever installs the package has the fixtures without any configuration.
    """
    (found,) = entry_points(group="pytest11", name="neetocal_emulator")

    assert found.value == "neetocal_emulator.pytest_plugin"


def test_every_test_begins_at_the_seed(project: pytest.Pytester) -> None:
    """
    One server for all tests, of which nothing outlives a test: links, journal, switches, faults, another seed.
    """
    project.makepyfile(
        CREATE
        + """
    ports = set()

    def test_one(neetocal_environment, neetocal_emulator):
        assert create() == 201
        neetocal_emulator.switch(get_meeting="wrapped")
        neetocal_emulator.fault("status", status=500)
        seed = urllib.request.Request(
            neetocal_emulator.url + "/_emulator/seed",
            b'{"workspaces": {"other": {"api_keys": ["other"]}}}',
            {"Content-Type": "application/json"},
        )
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(seed).close()
        ports.add(neetocal_emulator.port)

    def test_two(neetocal_environment, neetocal_emulator):
        assert neetocal_emulator.meetings() == neetocal_emulator.requests == []
        assert neetocal_emulator.workspaces == ["acme", "globex"]
        assert create() == 201
        ports.add(neetocal_emulator.port)
        assert len(ports) == 1
    """
    )

    project.runpytest_subprocess().assert_outcomes(passed=2)


def test_the_environment_is_set_for_a_test_and_no_longer(project: pytest.Pytester) -> None:
    """
    `neetocal_environment` sets what a client reads, and takes it back.
    """
    project.makepyfile(
        """
        import os

        def test_set(neetocal_environment, neetocal_emulator):
            assert neetocal_environment == neetocal_emulator.environment()
            assert neetocal_environment.items() <= os.environ.items()

        def test_unset(neetocal_emulator):
            assert not [name for name in os.environ if name.startswith("NEETOCAL_")]
        """
    )

    project.runpytest_subprocess().assert_outcomes(passed=2)


def test_seed_and_switches_can_be_overridden(project: pytest.Pytester) -> None:
    """
    A project, a module or a class brings a seed and switches of its own; the others keep theirs.
    """
    project.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def neetocal_emulator_seed():
            return {"workspaces": {"ours": {"api_keys": ["our-key"]}}}
        """
    )
    project.makepyfile(
        """
        import pytest

        def test_the_projects(neetocal_emulator):
            assert neetocal_emulator.workspaces == ["ours"]

        class TestTheirs:
            @pytest.fixture
            def neetocal_emulator_seed(self, tmp_path):
                path = tmp_path / "seed.yaml"
                path.write_text("workspaces: {theirs: {api_keys: [their-key]}}")
                return path

            @pytest.fixture
            def neetocal_emulator_switches(self):
                return {"error_body": "notice"}

            def test_theirs(self, neetocal_environment):
                assert neetocal_environment["NEETOCAL_WORKSPACE"] == "theirs"

        def test_the_projects_again(neetocal_emulator):
            assert neetocal_emulator.environment()["NEETOCAL_API_KEY"] == "our-key"
        """
    )

    project.runpytest_subprocess().assert_outcomes(passed=3)


def test_a_bad_seed_is_told_in_its_own_words(project: pytest.Pytester) -> None:
    """
    A slip in the project's seed is an error of the test's setup that names it.
    """
    project.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="session")
        def neetocal_emulator_seed():
            return {"workspace": {}}

        def test_nothing(neetocal_emulator):
            pass
        """
    )

    result = project.runpytest_subprocess()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*SeedError: the seed has no workspace; it has *workspaces*")


def test_each_worker_has_an_emulator_of_its_own(project: pytest.Pytester) -> None:
    """
    With pytest-xdist, tests that run at the same time do not see each other's links.
    """
    project.makepyfile(
        CREATE
        + """
    import pytest

    @pytest.mark.parametrize("number", range(20))
    def test_alone(neetocal_environment, neetocal_emulator, number):
        assert create() == 201
        assert len(neetocal_emulator.requests) == 1
    """
    )

    project.runpytest_subprocess("-n", "2").assert_outcomes(passed=20)


def test_projects_that_do_not_use_it_pay_nothing(project: pytest.Pytester) -> None:
    """
    Loading the plugin imports neither server nor store.
    """
    project.makepyfile(
        """
        import sys

        def test_nothing():
            ours = {name for name in sys.modules if name.startswith("neetocal_emulator")}
            assert ours == {"neetocal_emulator", "neetocal_emulator.pytest_plugin"}
            assert not {"starlette", "uvicorn", "yaml", "sqlite3", "httpx"} & set(sys.modules)
        """
    )

    project.runpytest_subprocess("-p", "no:xdist").assert_outcomes(passed=1)


def test_the_fixtures_explain_themselves(project: pytest.Pytester) -> None:
    """
    `pytest --fixtures` tells what each is for.
    """
    result = project.runpytest_subprocess("--fixtures")

    result.stdout.fnmatch_lines(
        [
            "neetocal_emulator_seed *",
            "*override it*",
            "neetocal_emulator_switches *",
            "*override it*",
            "neetocal_emulator *",
            "*running neetoCal emulator*",
            "neetocal_environment *",
            "*environment variables*",
        ]
    )
