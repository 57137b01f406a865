"""
The web page, in a real browser: Debian's Chromium, driven by Playwright.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from neetocal_emulator import Emulator
from tests.emulator.api import Api

pytestmark = pytest.mark.xdist_group("page")

Visit = Callable[..., Page]

MARKUP = "<script>document.title = 'hacked'</script><img src=x onerror=alert(1)>"
WATCH_POLICY = """
    window.violations = [];
    addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
"""

# Where the button is in the frames after a jump to it.
BUTTON_TOPS = """
    async () => {
        const button = document.getElementById('links-more');
        button.scrollIntoView({ block: 'center' });
        const tops = [];
        while (tops.length < 10) {
            await new Promise(requestAnimationFrame);
            tops.push(Math.round(button.getBoundingClientRect().top));
        }
        return tops;
    }
"""


@pytest.fixture(scope="session")
def _running_site() -> Iterator[Emulator]:
    with Emulator(page=True) as emulator:
        yield emulator


@pytest.fixture
def site(_running_site: Emulator) -> Emulator:
    """
    A running emulator with the page and the default seed.
    """
    _running_site.reset()
    return _running_site


@pytest.fixture
def api(site: Emulator) -> Iterator[Api]:
    """
    The API of `site` with acme's key.
    """
    api = Api(site.url)
    yield api
    api.close()


@pytest.fixture
def visit(browser: Browser, site: Emulator) -> Iterator[Visit]:
    """
    Open paths, each in a tab of its own; afterwards nothing may have gone wrong in any.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_tab(path: str = "/", *, at: Emulator = site, width: int = 1280, **options: Any) -> Page:
        origin = at.url
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        context.add_init_script(WATCH_POLICY)
        page = context.new_page()
        page.on("request", lambda request: None if request.url.startswith(origin) else wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
        page.goto(origin + path)
        return page

    yield open_tab
    violations = [kind for context in contexts for page in context.pages for kind in page.evaluate("violations")]
    for context in contexts:
        context.close()

    assert wrong == violations == []


def links(page: Page) -> Locator:
    """
    The lines of the list of links.
    """
    return page.locator("#links-list .row")


def requests(page: Page) -> Locator:
    """
    The lines of the journal.
    """
    return page.locator("#requests-list > li")


def expect_live(page: Page) -> None:
    """
    Wait until the page hears of changes.
    """
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()


def overflow(page: Page) -> int:
    """
    How many pixels the page is wider than its window.
    """
    width: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return width


# Live


def test_a_new_link_appears_without_a_reload(visit: Visit, api: Api) -> None:
    """
    A link created through the API is there at once and without a reload.
    """
    page = visit()
    expect_live(page)
    page.evaluate("window.isSame = true")

    api.create(slug="intro", name="Intro call", duration=90, spot="zoom")

    expect(links(page)).to_have_count(1)
    expect(links(page)).to_contain_text(re.compile(r"Intro call.*/intro.*One-on-one.*1.h.30.min.*Zoom.*Ada.Okafor"))
    assert page.evaluate("window.isSame")


def test_changes_and_deletions_appear_too(visit: Visit, site: Emulator, api: Api) -> None:
    """
    What is edited behind the API's back is seen, and so is what goes.
    """
    sid = api.create()["sid"]
    page = visit()
    expect_live(page)

    site.edit_meeting(sid, name="Renamed")
    expect(links(page)).to_contain_text("Renamed")
    api.delete(f"/meetings/{sid}")

    expect(links(page)).to_have_count(0)


def test_a_disabled_link_says_so(visit: Visit, site: Emulator, api: Api) -> None:
    """
    Disabled is a word in the link's line, not only a colour.
    """
    sid = api.create()["sid"]
    api.create(slug="open")
    page = visit()
    expect_live(page)
    expect(page.get_by_text("Disabled")).to_have_count(0)

    site.edit_meeting(sid, disabled=True)

    expect(links(page).filter(has_text="/intro").get_by_text("Disabled")).to_be_visible()
    expect(links(page).filter(has_text="/open").get_by_text("Disabled")).to_have_count(0)


def test_what_is_open_or_focused_stays_so(visit: Visit, api: Api) -> None:
    """
    A change touches only the lines that it is about.
    """
    api.create(slug="b-first", name="First")
    page = visit()
    requests(page).first.locator("summary").click()
    page.get_by_role("link", name="First").focus()

    api.create(slug="a-second", name="Second")
    expect(links(page)).to_have_count(2)

    expect(page.get_by_role("link", name="First")).to_be_focused()
    expect(requests(page).last.locator("details")).to_have_attribute("open", "")


def test_a_lost_answer_is_asked_for_again(visit: Visit, api: Api) -> None:
    """
    A question that fails while nothing else happens does not leave the page with what it showed before.
    """
    api.create(slug="intro")
    page = visit()
    expect_live(page)
    expect(links(page)).to_have_count(1)
    page.route("**/_emulator/overview?*", lambda route: route.abort(), times=1)

    page.get_by_role("searchbox").fill("nothing like that")

    expect(page.get_by_text("No link matches")).to_be_visible()
    expect_live(page)


def test_without_a_stream_the_page_asks_again_and_again(visit: Visit, site: Emulator, api: Api) -> None:
    """
    Where event streams do not get through, the page polls and says so.
    """
    page = visit("/_emulator/health")
    page.route("**/_emulator/events", lambda route: route.abort())
    page.goto(site.url)
    expect(page.locator("#state")).to_have_text("Polling")

    api.create()

    expect(links(page)).to_have_count(1)


def test_the_page_outlives_the_emulator(visit: Visit) -> None:
    """
    The page says when the emulator is gone, and shows the next one on the same port.
    """
    first = Emulator(page=True)
    first.start()
    port = first.port
    page = visit(at=first)
    expect_live(page)
    first.stop()
    expect(page.locator("#state")).to_have_text("Not reachable")

    with Emulator(page=True, port=port) as second:
        api = Api(second.url)
        api.create(name="Born later")
        api.close()

        expect(links(page)).to_contain_text("Born later")
        expect_live(page)


def test_open_streams_do_not_delay_the_stop() -> None:
    """
    Whoever listens is let go: the stream ends properly, and isn't cut off because it holds up the stop.
    """
    emulator = Emulator(page=True)
    emulator.start()
    with httpx.stream("GET", f"{emulator.url}/_emulator/events", trust_env=False) as stream:
        lines = stream.iter_lines()
        assert "event: change" in (next(lines), next(lines), next(lines))

        emulator.stop()

        assert [line for line in lines if line.startswith("event")] == []


def test_events_are_few() -> None:
    """
    However much happens, there are no more than five events a second.
    """
    with Emulator(page=True) as emulator:
        api = Api(emulator.url)
        with httpx.stream("GET", f"{emulator.url}/_emulator/events", trust_env=False) as stream:
            begun = time.perf_counter()
            for number in range(100):
                api.create(slug=f"link-{number}")
            api.close()
            emulator.stop()
            seconds = time.perf_counter() - begun
            events = list(stream.iter_lines()).count("event: change")

    assert 1 <= events <= 2 + seconds * 5


# The journal


def test_a_request_shows_what_was_sent_and_answered(visit: Visit, api: Api) -> None:
    """
    A line tells verb, path, status and time; opened, both bodies and the masked key.
    """
    page = visit()
    expect_live(page)
    api.create(name="Intro call")
    api.post("/meetings", {"slug": "intro"})
    expect(requests(page)).to_have_count(2)

    newest = requests(page).first
    expect(newest.locator("summary")).to_have_text(
        re.compile(r"\d\d:\d\d:\d\d\s*POST\s*v2\s*/meetings\s*422\s*[\d.]+ ms")
    )
    newest.locator("summary").click()

    expect(newest).to_contain_text("/api/external/v2/meetings")
    expect(newest.get_by_label("Request body")).to_have_text('{\n  "slug": "intro"\n}')
    expect(newest.get_by_label("Answer body")).to_contain_text("can't be blank")
    expect(newest).to_contain_text("****-key")
    assert "acme-demo-key" not in page.content()


def test_refused_keys_are_seen_and_other_workspaces_are_not(visit: Visit, site: Emulator) -> None:
    """
    The journal is the workspace's, with the requests that belong to nobody.
    """
    for key in ("globex-demo-key", "wrong-and-secret"):
        stranger = Api(site.url, key=key)
        stranger.get("/meetings")
        stranger.close()

    page = visit("/?workspace=acme")
    expect(requests(page)).to_have_count(1)
    requests(page).first.locator("summary").click()

    expect(page.locator("#requests-total")).to_have_text("1")
    expect(requests(page)).to_contain_text("401")
    expect(requests(page)).to_contain_text("the key was refused")
    assert "wrong-and" not in page.content()


def test_looking_leaves_no_trace(visit: Visit, site: Emulator) -> None:
    """
    The page's own requests are not in the journal; a client that misses the API's prefix is.
    """
    expect_live(visit())
    visit("/nowhere")
    assert site.requests == []

    response = httpx.get(f"{site.url}/meetings", trust_env=False)

    assert (response.status_code, response.headers["content-type"]) == (404, "application/json")
    assert [each.path for each in site.requests] == ["/meetings"]


def test_a_reset_empties_the_journal(visit: Visit, site: Emulator, api: Api) -> None:
    """
    What the emulator has forgotten goes from the page too.
    """
    api.create()
    page = visit()
    expect(requests(page)).to_have_count(1)
    expect_live(page)

    site.reset()

    expect(page.get_by_text("Nothing was asked yet")).to_be_visible()
    expect(page.get_by_text("No links yet")).to_be_visible()
    expect(requests(page)).to_have_count(0)


# The lists


def test_links_are_grouped_by_team_or_host(visit: Visit, api: Api) -> None:
    """
    By team where slugs share their first word, by host at a click; a shared link is under each host.
    """
    api.create(slug="sales-demo")
    api.create(slug="sales-kick-off", hosts=["ada@acme.example", "ben@acme.example"])
    api.create(slug="lonely", hosts=["ben@acme.example"])
    page = visit()
    headings = page.locator("#links-list h3")
    expect(headings).to_have_text(["sales", "Others"])
    expect(links(page)).to_have_count(3)

    page.get_by_role("radio", name="By host").check()

    expect(headings).to_have_text(["Ada Okafor", "Ben Lindqvist"])
    expect(links(page)).to_have_count(4)
    expect(page).to_have_url(re.compile("group=host"))


def test_links_without_teams_are_grouped_by_host(visit: Visit, api: Api) -> None:
    """
    Where slugs share nothing, the page begins with the hosts.
    """
    for slug in ("ada-intro", "ben-intro", "mei-intro"):
        api.create(slug=slug)

    page = visit()

    expect(page.get_by_role("radio", name="By host")).to_be_checked()
    expect(page.locator("#links-list h3")).to_have_text(["Ada Okafor"])


def test_links_can_be_filtered(visit: Visit, api: Api) -> None:
    """
    Every word must be in the name, the slug or a host; nothing found tells the way back.
    """
    api.create(slug="sales-demo", name="Product demo", hosts=["grace@acme.example"])
    api.create(slug="sales-kick-off", name="Kick-off")
    page = visit()
    field = page.get_by_role("searchbox")

    field.fill("DEMO grace")
    expect(links(page)).to_have_text([re.compile("Product demo")])
    expect(page.get_by_text("1 of 2 links")).to_be_visible()
    field.fill("zzz")
    page.get_by_role("button", name="Clear the filter").click()

    expect(links(page)).to_have_count(2)
    expect(field).to_be_focused()


def test_each_workspace_is_shown_by_itself(visit: Visit, site: Emulator, api: Api) -> None:
    """
    The switcher shows the other workspace; its address can be kept.
    """
    other = Api(site.url, key="globex-demo-key")
    other.create(slug="theirs", name="Theirs", hosts=["omar@globex.example"])
    other.close()
    api.create(slug="ours", name="Ours")
    page = visit()
    expect(links(page)).to_have_text([re.compile("Ours")])

    page.get_by_label("Workspace").select_option("globex")
    expect(links(page)).to_have_text([re.compile("Theirs")])
    page.reload()

    expect(links(page)).to_have_text([re.compile("Theirs")])
    expect(page.locator("#people-list")).to_contain_text("Omar Diallo")


def test_templates_and_members_are_shown(visit: Visit, site: Emulator, api: Api) -> None:
    """
    Templates with what they give, members with their address; who is inactive says so.
    """
    members = {each["email"]: each["id"] for each in api.get("/team-members", page_size=50).json()["team_members"]}
    page = visit()
    expect(page.locator("#templates-list")).to_contain_text(re.compile(r"Deep dive.*1.h, 1.h.30.min.*Zoom.*Ada.Okafor"))
    expect_live(page)

    site.edit_object("team-members", members["ben@acme.example"], active=False)

    ben = page.locator("#people-list > li").filter(has_text="ben@acme.example")
    expect(ben).to_contain_text("Inactive")
    expect(page.get_by_text("Inactive")).to_have_count(1)


def test_empty_lists_tell_what_to_do(visit: Visit, site: Emulator) -> None:
    """
    Without links the page shows how to make some, with this emulator's address.
    """
    page = visit()

    first_steps = page.locator("#links-empty")
    expect(first_steps).to_contain_text("No links yet")
    expect(first_steps).to_contain_text(f"export NEETOCAL_BASE_URL={site.url}")
    expect(first_steps).to_contain_text("neetocal-emulator run -- pulumi up")
    expect(page.locator("#requests-empty")).to_contain_text(f"{site.url}/api/external/v2")


def test_changed_behaviour_is_told(visit: Visit, site: Emulator, api: Api) -> None:
    """
    Whoever wonders about an answer sees which switches are not as usual, and which faults struck.
    """
    page = visit()
    expect_live(page)
    expect(page.get_by_text("Changed behaviour")).to_be_hidden()

    site.switch(error_body="notice")

    expect(page.get_by_text("Changed behaviour: error_body = notice")).to_be_visible()
    site.fault("status", status=503, method="GET", times=2)
    api.get("/meetings")

    expect(page.get_by_text("fault status 503 on GET, struck 1 of 2")).to_be_visible()
    expect(requests(page).first).to_contain_text(re.compile("fault.*503"))


def test_ten_thousand_links_stay_usable(visit: Visit) -> None:
    """
    The first are shown, the others on demand or by the filter.
    """
    seed = {"slug": "", "name": "Intro", "duration": 30, "hosts": ["a@x.example"]}
    meetings = [{**seed, "slug": f"team{number % 100:02}-{number:05}"} for number in range(10_000)]
    workspace = {"api_keys": ["k"], "team_members": [{"email": "a@x.example"}], "meetings": meetings}
    with Emulator(page=True, seed={"workspaces": {"big": workspace}}) as emulator:
        page = visit(at=emulator)
        expect(links(page)).to_have_count(200)

        page.get_by_role("button", name="Show 100 more of 9,800").click()
        expect(links(page)).to_have_count(300)
        page.get_by_role("searchbox").fill("09999")

        expect(links(page)).to_have_text([re.compile("team99-09999")])


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_under_a_click(visit: Visit, width: int) -> None:
    """
    Whoever jumps to the end of a long list finds the button there, and there it stays.
    """
    seed = {"name": "Intro", "duration": 30, "hosts": ["a@x.example"]}
    meetings = [{**seed, "slug": f"team{number % 2}-{number:03}"} for number in range(400)]
    workspace = {"api_keys": ["k"], "team_members": [{"email": "a@x.example"}], "meetings": meetings}
    with Emulator(page=True, seed={"workspaces": {"x": workspace}}) as emulator:
        page = visit(at=emulator, width=width)
        expect(links(page)).to_have_count(200)

        tops = page.evaluate(BUTTON_TOPS)

        assert tops == [tops[0]] * 10


# The official tool's login


def test_the_official_tool_is_let_in_by_a_click(visit: Visit, site: Emulator) -> None:
    """
    The page that the tool opens asks for the workspace, and sends the person back to the terminal.
    """
    address = f"{site.url}/api/cli/v1"
    token = httpx.post(f"{address}/sessions").json()["login_token"]
    page = visit(f"/api/cli/v1/login?token={token}", width=390)

    page.get_by_role("link", name="globex").click()

    expect(page.get_by_role("heading", name="You are logged in")).to_be_visible()
    assert overflow(page) == 0
    assert httpx.post(f"{address}/sessions/{token}/status").json()["status"] == "authenticated"


# Public pages


def test_a_public_page_shows_what_a_visitor_sees(visit: Visit, site: Emulator, api: Api) -> None:
    """
    Name, description, lengths, places and hosts, the defaults first; reached from the list.
    """
    sid = api.create(slug="demo", name="Product demo", description="First line\nSecond line")["sid"]
    site.edit_meeting(
        sid,
        is_multiple_durations_allowed=True,
        durations=[{"duration": 30}, {"duration": 60, "is_default": True}],
        is_multiple_spots_allowed=True,
        spots=[{"spot": "zoom"}, {"spot": "in_person", "in_person_location": "5 High Street"}],
    )
    page = visit()

    page.get_by_role("link", name="Product demo").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Product demo")
    expect(page.locator(".facts li")).to_have_text(
        ["1 h", "30 min", "Zoom", "In person: 5 High Street", "Ada Okafor", "One-on-one"]
    )
    expect(page.get_by_text("Second line")).to_be_visible()
    expect(page.get_by_text("choose a day and a time")).to_be_visible()
    expect(page.locator("button, input")).to_have_count(0)


def test_a_disabled_links_public_page_says_so(visit: Visit, site: Emulator, api: Api) -> None:
    """
    A visitor of a disabled link is told, and offered no times.
    """
    site.edit_meeting(api.create()["sid"], disabled=True)

    page = visit("/intro")

    expect(page.get_by_text("This link is disabled")).to_be_visible()
    expect(page.get_by_text("No times are offered")).to_be_visible()


def test_an_unknown_slug_is_404(visit: Visit, site: Emulator) -> None:
    """
    A browser gets a page that says so, and the way to all links.
    """
    page = visit("/nothing-here")

    expect(page.get_by_role("heading")).to_have_text("There is no link here")
    expect(page.get_by_role("link", name="All links")).to_be_visible()
    assert httpx.get(f"{site.url}/nothing-here", headers={"Accept": "text/html"}, trust_env=False).status_code == 404


def test_a_slug_of_two_workspaces_needs_a_choice(visit: Visit, site: Emulator, api: Api) -> None:
    """
    The page asks which is meant; `?workspace=` answers.
    """
    other = Api(site.url, key="globex-demo-key")
    other.create(name="Theirs", hosts=["omar@globex.example"])
    other.close()
    api.create(name="Ours")
    page = visit("/intro")
    expect(page.get_by_role("heading")).to_have_text("Which workspace?")

    page.get_by_role("link", name="globex").click()

    expect(page.get_by_role("heading")).to_have_text("Theirs")
    expect(visit("/intro?workspace=acme").get_by_role("heading")).to_have_text("Ours")


# Safety


@pytest.mark.parametrize("path", ["/", "/intro"])
def test_markup_is_shown_as_text(visit: Visit, api: Api, path: str) -> None:
    """
    Names and descriptions that look like HTML are only ever read.
    """
    api.create(name=MARKUP, description=MARKUP)

    page = visit(path)

    expect(page.get_by_text(MARKUP).first).to_be_visible()
    expect(page.locator("img[src=x], body script")).to_have_count(0)
    assert page.title() != "hacked"


def test_markup_in_the_journal_is_text(visit: Visit, api: Api) -> None:
    """
    Bodies and paths of requests are shown as they came.
    """
    api.get(f"/{MARKUP}")
    api.create(name=MARKUP)
    page = visit()
    expect(requests(page)).to_have_count(2)
    for line in requests(page).all():
        line.locator("summary").click()

    expect(requests(page).get_by_label("Request body").first).to_contain_text(MARKUP)
    expect(page.locator("img[src=x]")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/intro", "/nowhere", "/_emulator/page/page.js"])
def test_the_policy_allows_our_own_files_only(site: Emulator, api: Api, path: str) -> None:
    """
    Every page and file forbids everything that is not from the emulator itself.
    """
    api.create()

    headers = httpx.get(site.url + path, headers={"Accept": "text/html"}, trust_env=False).headers

    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_files_have_their_types(site: Emulator) -> None:
    """
    Style, script and icon are what they say.
    """
    types = {
        name: httpx.get(f"{site.url}/_emulator/page/{name}", trust_env=False).headers["content-type"].split(";")[0]
        for name in ("page.css", "page.js", "icon.svg")
    }

    assert types == {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}


def test_nothing_is_shadowed(site: Emulator, api: Api) -> None:
    """
    The API and the control routes answer as without the page.
    """
    assert api.get("/meetings").status_code == 200
    assert httpx.get(f"{site.url}/api/external/v2/nothing", trust_env=False).json() == {"error": "Not found"}
    assert httpx.get(f"{site.url}/_emulator/health", trust_env=False).json() == {"status": "ok"}
    assert httpx.get(f"{site.url}/_emulator/page/nothing.css", trust_env=False).status_code == 404


def test_without_the_page_there_is_none() -> None:
    """
    An emulator that was not asked for the page answers as neetoCal's API would.
    """
    with Emulator(page=False) as emulator:
        for path in ("/", "/intro", "/_emulator/events"):
            assert httpx.get(emulator.url + path, headers={"Accept": "text/html"}, trust_env=False).status_code == 404


# For everybody


def test_everything_is_reached_by_keyboard(visit: Visit, api: Api) -> None:
    """
    Tab walks through every control in the order of the page, each visibly in focus; Enter and Space do the rest.
    """
    api.create(slug="sales-demo", name="Demo")
    page = visit()
    expect(requests(page)).to_have_count(1)
    walked = []
    for _ in range(11):
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))
        assert page.evaluate(
            "[document.activeElement, document.activeElement.nextElementSibling]"
            ".some((element) => element && getComputedStyle(element).outlineStyle === 'solid')"
        ), walked

    assert walked[0] == "Skip to the links"
    assert [re.sub(r"\s*\d.*", "", name, flags=re.DOTALL) for name in walked[2:6]] == [
        "Links",
        "Templates",
        "Team",
        "Requests",
    ]
    assert "filter" in walked
    assert "Demo" in walked
    assert "POST" in walked[-1]


def test_keys_do_what_clicks_do(visit: Visit, api: Api) -> None:
    """
    The slash goes to the filter, an arrow changes the grouping, Space opens a request, Enter follows a link.
    """
    api.create(slug="sales-demo", name="Demo")
    page = visit()
    expect(requests(page)).to_have_count(1)

    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#links-list h3")).to_have_text(["Others"])
    requests(page).first.locator("summary").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Answer body")).to_be_visible()
    page.get_by_role("link", name="Demo").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Demo")


@pytest.mark.parametrize("path", ["/", "/?group=host", "/long", "/nowhere"])
def test_a_phone_needs_no_sideways_scrolling(visit: Visit, site: Emulator, api: Api, path: str) -> None:
    """
    At 360 pixels everything fits, names without a place to break included.
    """
    site.edit_meeting(api.create(slug="long", name="x" * 120, description="y" * 200)["sid"], disabled=True)
    api.create(slug="z" * 100)

    page = visit(path, width=360)
    if path.startswith("/?") or path == "/":
        expect(requests(page)).to_have_count(2)
        requests(page).first.locator("summary").click()
        expect(page.get_by_label("Answer body")).to_be_visible()

    assert overflow(page) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system_and_can_be_read(visit: Visit, scheme: str) -> None:
    """
    Every pair of text and ground has a contrast of at least 4.5 to 1 (WCAG AA), in the dark too.
    """
    page = visit(color_scheme=scheme)
    pairs = [(text, ground) for text in ("ink", "soft") for ground in ("ground", "panel", "sunk")]
    pairs += [("warn", "warn-soft"), ("warn", "panel"), ("bad", "panel"), ("accent", "panel"), ("accent", "sunk")]
    colours = {name: colour(page, name) for name in {name for pair in pairs for name in pair}}

    poor = {pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5}

    assert poor == set()
    assert (luminance(colours["panel"]) < luminance(colours["ink"])) == (scheme == "dark")


def test_nothing_moves_for_those_who_ask(visit: Visit, api: Api) -> None:
    """
    With reduced motion a new line does not light up.
    """
    page = visit(reduced_motion="reduce")
    expect_live(page)
    api.create()

    expect(links(page)).to_have_css("animation-name", "none")


def colour(page: Page, name: str) -> tuple[int, ...]:
    """
    A colour of the style sheet, as red, green and blue.
    """
    text: str = page.evaluate(
        "(name) => getComputedStyle(document.documentElement).getPropertyValue(name)", f"--{name}"
    )
    return tuple(bytes.fromhex(text.strip().removeprefix("#")))


def luminance(colour: tuple[int, ...]) -> float:
    """
    How bright a colour is, from 0 to 1, as WCAG defines it.
    """
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """
    The ratio of two colours' brightness, from 1 to 21.
    """
    dark, bright = sorted([luminance(one), luminance(other)])
    return (bright + 0.05) / (dark + 0.05)
