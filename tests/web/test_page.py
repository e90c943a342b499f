"""The public page in a real browser: looked at in both languages, at phone and desk width, and used as a person would."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.places import NONGAN, SONGYUAN, YINGAN

SHOTS = Path(os.environ.get("GEO_REGISTRY_TEST_SHOTS", "out/shots"))


class Watched:
    """A page, with all it asked for and everything that went wrong."""

    def __init__(self, browser: Browser, width: int, height: int, *, script: bool = True) -> None:
        context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=script)
        self.page: Page = context.new_page()
        self.hosts: set[str] = set()
        self.faults: list[str] = []
        self.page.on("request", lambda r: self.hosts.add(urlsplit(r.url).netloc))
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))
        self.page.on(
            "console", lambda m: self.faults.append(m.text) if m.type in ("error", "warning") else None
        )
        self.page.on(
            "response",
            lambda r: self.faults.append(r.url) if r.status >= 400 and "/answer" not in r.url else None,
        )

    def drawn(self) -> None:
        self.page.locator("#map path.leaflet-interactive").nth(70).wait_for(state="attached")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(360, 740), (1440, 900)])
def test_looked_at(browser: Browser, server: str, lang: str, width: int, height: int) -> None:
    watched = Watched(browser, width, height)
    page = watched.page
    page.goto(f"{server}/?lang={lang}&place={YINGAN[0]},{YINGAN[1]}0000")
    watched.drawn()
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if lang == "zh" else "en")
    assert watched.hosts == {urlsplit(server).netloc}
    assert watched.faults == []
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, "the page scrolls sideways"
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"page-{lang}-{width}.png"), full_page=width < 500)
    page.context.close()


def test_asked_by_typing(browser: Browser, server: str) -> None:
    watched = Watched(browser, 1440, 900)
    page = watched.page
    page.goto(server)
    watched.drawn()
    page.get_by_label("地点（坐标、地址或地名）").fill(f"{NONGAN[0]},{NONGAN[1]}0")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict strong")).to_have_text("长春铁路运输法院")
    expect(page.locator(".reading")).to_contain_text("125.16791, 44.4261")
    assert "place=125.16791" in page.url
    page.get_by_label("地点（坐标、地址或地名）").fill(f"{YINGAN[0]},{YINGAN[1]}000")
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".outcome")).to_have_text("待查明")
    expect(page.locator(".question li")).to_have_count(2)
    page.locator("summary", has_text="案情").click()
    page.get_by_label("是否属林区法院辖区").select_option("forest")
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".verdict strong")).to_have_text("珲春林区基层法院")
    page.get_by_label("地点（坐标、地址或地名）").fill(f"{SONGYUAN[0]},{SONGYUAN[1]}")
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".verdict strong")).to_have_text("不给出法院名称")
    assert watched.faults == []
    page.context.close()


def test_bad_input_is_a_sentence_in_the_language_of_the_page(browser: Browser, server: str) -> None:
    watched = Watched(browser, 1440, 900)
    page = watched.page
    for lang, sentence in (("zh", "是否写反了"), ("en", "were they swapped?")):
        page.goto(f"{server}/?lang={lang}")
        page.locator("#place").fill("95.43,125.18")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text(sentence)
    page.context.close()


def test_asked_by_a_click(browser: Browser, server: str) -> None:
    watched = Watched(browser, 1440, 900)
    page = watched.page
    page.goto(server)
    watched.drawn()
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".verdict")).to_be_visible()
    assert re.search(r"±\d+ m", page.locator(".reading").inner_text())
    assert page.locator("#place").input_value().count(",") == 1
    claimed = page.locator("#accuracy_m").input_value()
    page.locator("details summary").first.click()
    page.locator("#kind").select_option("criminal")
    page.get_by_role("button", name="查询").click()
    page.wait_for_url(re.compile("kind=criminal"))
    assert f"accuracy_m={claimed}" in page.url  # what a click claims stays when the case is filled in
    page.locator("#place").fill("125.16791,44.42610")
    assert page.locator("#accuracy_m").input_value() == ""
    assert watched.faults == []
    page.context.close()


def test_asked_by_a_name_chosen_from_those_offered(browser: Browser, server: str) -> None:
    watched = Watched(browser, 1024, 768)
    page = watched.page
    page.goto(server)
    page.locator("#place").press_sequentially("农安")
    expect(page.locator("#names option").first).to_be_attached(
        timeout=60_000
    )  # the first one reads all names
    offered = page.eval_on_selector_all("#names option", "options => options.map(o => o.value)")
    assert offered[0].endswith("农安县")
    page.locator("#place").fill(offered[0])
    page.keyboard.press("Enter")
    expect(page.locator(".verdict strong")).to_have_text("长春铁路运输法院")
    expect(page.locator(".reading")).to_contain_text("农安县")
    assert watched.faults == []
    page.context.close()


def test_a_question_is_answered_by_a_link(browser: Browser, server: str) -> None:
    page = Watched(browser, 1024, 768).page
    page.goto(f"{server}/?place={YINGAN[0]},{YINGAN[1]}0")
    page.get_by_role("link", name="是，属林区法院辖区").click()
    expect(page.locator(".verdict strong")).to_have_text("珲春林区基层法院")
    page.goto(f"{server}/?place=4800000,500000")
    expect(page.locator(".question")).to_contain_text("几种读法")
    page.locator(".question a").first.click()
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator(".question")).to_have_count(0)
    page.context.close()


def test_answers_without_a_script(browser: Browser, server: str) -> None:
    """An old office browser, or one whose scripts are off, gets the answer from the server."""
    page = Watched(browser, 1024, 768, script=False).page
    page.goto(server)
    page.locator("#place").fill(f"{NONGAN[0]},{NONGAN[1]}0")
    page.get_by_role("button").click()
    expect(page.locator(".verdict strong")).to_have_text("长春铁路运输法院")
    page.context.close()


def test_what_is_typed_is_never_run(browser: Browser, server: str) -> None:
    watched = Watched(browser, 1024, 768)
    page = watched.page
    alerts: list[str] = []
    page.on("dialog", lambda d: alerts.append(d.message))
    page.goto(server)
    for text in ("<img src=x onerror=alert(1)>", "{{7*7}}", '"><script>alert(1)</script>', "125,44&lang=en"):
        page.locator("#place").fill(text)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text(text)
        page.goto(f"{server}/?place={httpx.QueryParams({'p': text})['p']}")
    assert alerts == []
    assert page.locator("img[src='x']").count() == 0
    page.context.close()


def test_every_control_is_reached_by_keyboard_and_has_a_name(browser: Browser, server: str) -> None:
    page = Watched(browser, 1440, 900).page
    page.goto(server)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    unnamed = page.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden]), select')].filter(e => !e.labels.length).map(e => e.id)"
    )
    assert unnamed == []
    page.context.close()


def test_pages_carry_a_policy_without_inline_scripts(server: str) -> None:
    response = httpx.get(server)
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)", response.text)
    assert " onclick=" not in response.text
    assert " style=" not in response.text


def test_the_documentation_page_asks_nobody_else(browser: Browser, server: str) -> None:
    watched = Watched(browser, 1200, 800)
    watched.page.goto(f"{server}/docs")
    expect(watched.page.locator(".opblock").first).to_be_visible()
    assert watched.hosts == {urlsplit(server).netloc}
    assert watched.faults == []
    watched.page.context.close()
