"""The pages in a real browser: axe-core finds nothing, nothing spills, keyboard and no script do.

CI must have Chromium; elsewhere these are skipped with a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from servers import Server, serving
from sites import EVERY_PAGE

AXE = Axe().axe_script
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1100, "height": 900}},
    "320 px": {"viewport": {"width": 320, "height": 640}},
    "forced colours": {"viewport": {"width": 1100, "height": 900}, "forced_colors": "active"},
    "no script": {"viewport": {"width": 1100, "height": 900}, "java_script_enabled": False},
}
ALIKE = re.compile(r"/search|/reports/(themes.by|review|agency|briefing|repeated).*")
EVERY_KIND = [path for path in EVERY_PAGE if not ALIKE.fullmatch(path)]  # one of each template
AREA = re.compile("^Area$")
WRONG = (
    "/search?area=Nowhere",
    "/search?q=genogram&from=soon",
    "/repeated?since=soon&area=Nowhere",
    "/reports/themes?by=year&from=soon&area=Nowhere",
    "/reports/themes?of=area&one=Nowhere&other=Fellside",
)
PATIENCE = 60_000  # milliseconds; the machine may be busy


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium)
        yield started
        started.close()


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Server]:
    with serving(built, "--read-only") as running:
        yield running


@pytest.fixture(scope="module")
def writable(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    import shutil

    from kb.library import KnowledgeBase

    home = Path(shutil.copytree(built, tmp_path_factory.mktemp("written") / "home"))
    base = KnowledgeBase.open(home)
    base.judge_pair("fellside-7/1", "quillerby-9/1", same=False, who="anna")
    base.judge_themes("fellside-7/1", no=["genograms"], who="anna")
    with serving(home) as running:
        yield running


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_page(**look: Any) -> Page:
        contexts.append(browser.new_context(**look))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield open_page
    for context in contexts:
        context.close()


def violations(page: Page) -> list[str]:
    """What axe finds in a page as it is shown now."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found = page.evaluate(_LOOK, TAGS)
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"][:3]]


_LOOK = """async (tags) => (await axe.run({runOnly: tags, resultTypes: ['violations'],
  preload: false, performanceTimer: false})).violations"""


def spills(page: Page) -> bool:
    """Whether a page has to be moved sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("part", [0, 1], ids=["some pages", "the others"])
def test_axe_finds_nothing_and_nothing_spills_on_any_page(
    writable: Server, opened: Callable[..., Page], part: int
) -> None:
    wide, narrow = opened(**LOOKS["wide"]), opened(**LOOKS["320 px"])
    said: list[str] = []
    wrong: dict[tuple[str, str], object] = {}
    for page in (wide, narrow):
        page.on("console", lambda message: said.append(message.text))
    for path in EVERY_KIND[part::2]:
        narrow.goto(writable.address + path)
        wrong[path, "320 px"] = violations(narrow) or spills(narrow)
        wide.goto(writable.address + path)
        wrong[path, "wide"] = violations(wide)
        wide.emulate_media(forced_colors="active")
        wrong[path, "forced colours"] = violations(wide)
        wide.emulate_media(forced_colors="none")
        wide.evaluate("document.documentElement.style.fontSize = '200%'")
        wrong[path, "letters of twice the size"] = spills(wide)
    assert {seen: found for seen, found in wrong.items() if found} == {}
    assert said == []  # neither a script's fault nor a broken policy


def test_axe_finds_nothing_in_a_report_to_take_away(
    server: Server, opened: Callable[..., Page], tmp_path: Path
) -> None:
    page = opened(**LOOKS["wide"])
    for name in (
        "themes?by=year",
        "progress?asked-again=yes",
        "repeated?since=2000",
        "themes?of=area&one=Fellside",
    ):
        taken = tmp_path / f"{name.partition('?')[0]}.html"
        taken.write_text(server.get(f"/reports/{name}&format=html"), "utf-8")
        page.goto(taken.as_uri())
        assert violations(page) == [], name


def test_axe_finds_nothing_on_pages_that_answer(
    writable: Server, opened: Callable[..., Page], tarnmoor: Path
) -> None:
    page = opened(**LOOKS["320 px"])
    page.goto(f"{writable.address}/check")
    page.get_by_label("The recommendation").fill(
        "All ward staff to be trained.\n\nDraw a genogram."
    )
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 drafts checked")
    assert violations(page) == []
    page.goto(f"{writable.address}/check")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert violations(page) == []
    page.goto(f"{writable.address}/add")
    page.get_by_label("Document", exact=True).set_input_files(tarnmoor)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What was read")
    assert violations(page) == []
    for path in WRONG:
        page.goto(writable.address + path)
        expect(page.get_by_role("alert")).to_be_focused()
        assert violations(page) == [], path
        assert not spills(page), path
        page.get_by_role("alert").get_by_role("link").first.click()
        assert page.evaluate("document.activeElement.matches('[aria-invalid], fieldset')"), path
    page.goto(f"{writable.address}/nowhere")
    assert violations(page) == []


@pytest.mark.parametrize("part", [0, 1], ids=["some pages", "the others"])
def test_the_keyboard_reaches_everything_and_focus_is_always_seen(
    server: Server, opened: Callable[..., Page], part: int
) -> None:
    page = opened(**LOOKS["wide"])
    for path in EVERY_KIND[part::2]:
        page.goto(server.address + path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", path
        wanted, reached = page.evaluate(_REACHABLE), 1
        for _ in range(wanted + 5):
            page.keyboard.press("Tab")
            seen = page.evaluate(_FOCUSED)
            if seen is None:
                break
            assert seen is True, (path, seen)
            reached += 1
        assert reached >= wanted, path


_REACHABLE = """() => [...document.querySelectorAll(`a[href], button, input:not([type=hidden]),
  select, textarea, summary`)].filter((one) => one.checkVisibility({visibilityProperty: true})
  && !(one.type === 'radio' && !one.checked)).length"""
_FOCUSED = """() => { const one = document.activeElement;
  if (!one || one === document.body || one.className === 'skip') return null;
  const look = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return box.width > 0 && (look.outlineStyle !== 'none' || look.boxShadow !== 'none')
    || one.outerHTML.slice(0, 200); }"""


def test_a_search_is_walked_by_keyboard_alone(server: Server, opened: Callable[..., Page]) -> None:
    page = opened(**LOOKS["wide"])
    page.goto(server.address)
    page.get_by_label("Search recommendations").focus()
    page.keyboard.type("genogram")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 recommendations for “genogram”")).to_be_visible()
    page.locator("summary", has_text=AREA).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Fellside (1)").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 recommendation for “genogram”")).to_be_visible()
    page.get_by_role("link", name=re.compile("Remove the filter")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 recommendations for “genogram”")).to_be_visible()


def test_filters_work_without_script(server: Server, opened: Callable[..., Page]) -> None:
    page = opened(**LOOKS["no script"])
    page.goto(f"{server.address}/search?q=genogram")
    page.locator("summary", has_text=AREA).click()
    page.get_by_label("Fellside (1)").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("heading", name="1 recommendation for “genogram”")).to_be_visible()


def test_the_queue_is_judged_by_keys(writable: Server, opened: Callable[..., Page]) -> None:
    page = opened(**LOOKS["wide"])
    page.goto(f"{writable.address}/queue?theme=training")
    page.keyboard.press("a")
    expect(page.locator(".ballot input[value=yes]:checked")).to_have_count(0)
    page.get_by_role("link", name="Use letter keys").click()
    first = page.locator("article a").first.inner_text()
    page.keyboard.press("a")
    expect(page.locator(".ballot input[value=yes]").first).to_be_checked()
    page.keyboard.press("a")
    expect(page.locator(".ballot input[value=no]").first).to_be_checked()
    page.keyboard.press("s")
    expect(page.get_by_role("status")).to_contain_text(f"Stored. {first}")
    page.keyboard.press("u")
    expect(page.get_by_role("status")).to_contain_text("Taken back.")
    expect(page.locator("article a").first).to_have_text(first)
    page.keyboard.press("n")
    expect(page.get_by_role("status")).to_contain_text("Skipped")
    page.keyboard.press("u")
    expect(page.get_by_role("status")).to_contain_text("Here it is again.")
    page.keyboard.press("c")
    expect(page.get_by_label(re.compile("I looked at every theme"))).to_be_checked()
    page.keyboard.press("/")
    expect(page.get_by_label("Another theme that holds")).to_be_focused()
    expect(page.get_by_role("link", name="Turn letter keys off")).to_be_visible()


def test_a_page_prints_without_what_is_only_for_the_screen(
    server: Server, opened: Callable[..., Page]
) -> None:
    page = opened(**LOOKS["wide"])
    page.emulate_media(media="print")
    page.goto(f"{server.address}/search?q=genogram")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("button", name="Apply filters")).to_be_hidden()
    expect(page.get_by_role("heading", name="2 recommendations for “genogram”")).to_be_visible()


@pytest.mark.parametrize("look", ["wide", "no script"])
def test_the_whole_journey_of_a_new_user(
    opened: Callable[..., Page], tmp_path: Path, shared_documents: Path, look: str
) -> None:
    """The Somerset plan is put in, searched, read, judged, checked against and reported on."""
    plan = shared_documents / "somerset-024-action-plan.txt"
    with serving(make_home_with_shipped_taxonomy(tmp_path / "home")) as server:
        page = opened(accept_downloads=True, **LOOKS[look])
        page.goto(server.address)
        page.get_by_role("link", name="Add an action plan").click()
        page.get_by_label("Document", exact=True).set_input_files(plan)
        page.get_by_role("button", name="Read it").click()
        expect(page.get_by_text("28 recommendations").first).to_be_visible()
        page.get_by_role("button", name="Store it").first.click()
        wait_until_built(page)
        expect(page.get_by_role("status")).to_contain_text("It was stored, and can be found.")
        page.get_by_role("link", name="Search", exact=True).click()
        page.get_by_label("Words").fill("genogram")
        page.get_by_role("button", name="Search").click()
        page.locator(".hits h3 a").first.click()
        expect(page.locator("blockquote")).to_contain_text("enogram")
        page.get_by_role("group", name=re.compile("Genograms")).get_by_label("Yes").check()
        page.get_by_role("button", name="Store my judgement").click()
        expect(page.get_by_role("status")).to_contain_text("Your judgement was stored.")
        page.get_by_role("link", name="Check a draft").click()
        page.get_by_label("The recommendation").fill(
            "Remind staff to use genograms in families with complicated relationships"
        )
        page.get_by_role("button", name="Check", exact=True).click()
        expect(page.locator(".hits h3 a").first).to_contain_text("recommendation 12")
        page.get_by_role("link", name="Reports").click()
        page.get_by_role("button", name="Show Theme frequency").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="JSON", exact=True).click()
        counted = json.loads(Path(download.value.path()).read_text())
        assert counted["denominators"]["recommendations"] == 28


def make_home_with_shipped_taxonomy(folder: Path) -> Path:
    from kb.library import KnowledgeBase

    home = KnowledgeBase.create(folder).home
    settings = home / "kb.toml"
    alone = settings.read_text().replace("learn_from_starter = true", "learn_from_starter = false")
    settings.write_text(alone)  # what is learnt is not what is looked at, and takes a minute
    return home


def wait_until_built(page: Page) -> None:
    """Go on when the build is done: the page looks by itself, or one looks."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for _ in range(120):
        if "/build" not in page.url:
            return
        link = page.get_by_role("link", name=re.compile("See whether it is done|Go on"))
        link.click()
        page.wait_for_timeout(1_000)
