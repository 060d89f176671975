"""The demo of `examples/flaskr`, used by a person: a real server and a real browser.

The browser is Chromium with its driver, both found on the PATH. Where they are missing the tests
are skipped, or fail if TYPEDFLASK_REQUIRE_BROWSER=1 says that they must run. The pictures go to the
folder TYPEDFLASK_SCREENSHOTS, else to pytest's own temporary one.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

pytestmark = pytest.mark.browser

DEMO = Path(__file__).resolve().parents[1] / "examples" / "flaskr" / "demo.py"

Scheme: TypeAlias = Literal["light", "dark"]

PATIENCE = 20.0
"""Seconds until something that should appear on a page counts as missing."""

SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing outside this machine is even looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

MARKUP_TITLE = "<b>Bold</b> & <script>document.title = 'a script ran'</script>"
MARKUP_TEXT = (
    "First line <b>not bold</b>\n"
    "<script>document.title = 'a script ran'</script>\n"
    "<img src=nowhere onerror=\"document.title = 'a script ran'\">"
)


@dataclass(frozen=True)
class Demo:
    """What the demo prints when it has started."""

    address: str
    name: str
    password: str


class Element(Protocol):
    """Something on a page that can be used."""

    def click(self) -> None: ...
    def send_keys(self, *keys: str) -> None: ...
    def get_property(self, name: str, /) -> object: ...


class Driver(Protocol):
    """What is asked of Selenium, with the types that its own methods leave open."""

    @property
    def title(self) -> str: ...
    def get(self, url: str, /) -> None: ...
    def find_elements(self, by: str, value: str, /) -> Sequence[Element]: ...
    def execute_script(self, script: str, /, *arguments: str) -> object: ...
    def execute_cdp_cmd(self, command: str, arguments: dict[str, object], /) -> object: ...
    def save_screenshot(self, path: str, /) -> bool: ...


class Browser:
    """The little of a browser that a visit needs."""

    def __init__(self, driver: Driver, pictures: Path) -> None:
        self._driver = driver
        self._pictures = pictures

    def look(self, width: int, height: int, scheme: Scheme = "light") -> None:
        """Give the page this size in CSS pixels, and a visitor who likes this colour scheme."""
        self._devtools(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
        )
        preference = {"name": "prefers-color-scheme", "value": scheme}
        self._devtools("Emulation.setEmulatedMedia", {"features": [preference]})

    def _devtools(self, command: str, arguments: dict[str, object]) -> None:
        self._driver.execute_cdp_cmd(command, arguments)

    def open(self, address: str) -> None:
        """Go to an address."""
        self._driver.get(address)

    @property
    def title(self) -> str:
        """The title of the page, which scripts could change."""
        return self._driver.title

    def find(self, selector: str) -> Sequence[Element]:
        """Everything on the page that a CSS selector fits."""
        return self._driver.find_elements(By.CSS_SELECTOR, selector)

    def wait_for(self, selector: str, text: str = "") -> str:
        """The text of the first such element that holds `text`, as soon as there is one."""

        # Asked as a script, the answer cannot fall between an old page and a new one.
        script = (
            "const [selector, text] = arguments;"
            "const shown = Array.from(document.querySelectorAll(selector), e => e.innerText);"
            "return shown.find(found => found.includes(text)) ?? null"
        )
        last_moment = time.monotonic() + PATIENCE
        while time.monotonic() < last_moment:
            found = self._driver.execute_script(script, selector, text)
            if isinstance(found, str):
                return found
            time.sleep(0.05)
        raise AssertionError(f"nothing like {selector!r} with {text!r} appeared on the page")

    def type_into(self, selector: str, text: str) -> None:
        """Type into the one such field."""
        (field,) = self.find(selector)
        field.send_keys(text)

    def value(self, selector: str) -> object:
        """What stands in the one such field."""
        (field,) = self.find(selector)
        return field.get_property("value")

    def press(self, selector: str) -> None:
        """Click the one such button or link."""
        (target,) = self.find(selector)
        target.click()

    def picture(self, name: str) -> Path:
        """Keep what is to be seen now."""
        path = self._pictures / f"{name}.png"
        assert self._driver.save_screenshot(str(path)), f"the browser could not write {path}"
        return path

    def brightness(self) -> float:
        """How bright the background of the page is, from 0 (black) to 1 (white)."""
        colour: object = self._driver.execute_script(
            "return getComputedStyle(document.body).backgroundColor"
        )
        levels = [int(level) for level in re.findall(r"\d+", str(colour))[:3]]
        assert len(levels) == 3, f"{colour!r} is not a colour with red, green and blue"
        return sum(levels) / (3 * 255)

    def overflow(self) -> int:
        """How many CSS pixels the page is wider than the window; 0 when it fits."""
        extra: object = self._driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert isinstance(extra, int)
        return extra


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A fresh Chromium without a window, closed in the end."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        reason = "needs chromium and chromedriver on the PATH (packages chromium, chromium-driver)"
        if os.environ.get("TYPEDFLASK_REQUIRE_BROWSER") == "1":
            pytest.fail(f"TYPEDFLASK_REQUIRE_BROWSER=1, but this test {reason}")
        pytest.skip(reason)

    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    options = Options()
    options.binary_location = chromium
    for switch in (*SWITCHES, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(switch)
    pictures = Path(os.environ.get("TYPEDFLASK_SCREENSHOTS") or tmp_path)
    pictures.mkdir(parents=True, exist_ok=True)
    # With the driver's path given, Selenium looks for none and downloads none.
    driver = webdriver.Chrome(options=options, service=Service(executable_path=chromedriver))
    try:
        yield Browser(driver, pictures)
    finally:
        driver.quit()


@pytest.fixture
def demo() -> Iterator[Demo]:
    """The demo as `make demo` runs it, on a free port; asked to stop in the end."""
    environment = {**os.environ, "PORT": "0", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, str(DEMO)], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            lines = [process.stdout.readline() for _ in range(3)]
            printed = re.match(
                r"Flaskr is at (\S+)\nSign in as (\S+) with the password (\S+)\n", "".join(lines)
            )
            assert printed is not None, f"the demo did not say where it is: {lines}"
            yield Demo(*printed.groups())
        finally:
            os.kill(process.pid, signal.SIGTERM)
            rest = process.communicate(timeout=PATIENCE)[0]
    assert (process.returncode, rest) == (0, "Stopped.\n")


def sign_in(browser: Browser, demo: Demo) -> None:
    """Fill in the form for signing in, as told by the demo."""
    browser.open(f"{demo.address}login")
    browser.type_into("#name", demo.name)
    browser.type_into("#password", demo.password)
    browser.press("main button")
    browser.wait_for(".flash", "You are signed in.")


def test_somebody_signs_in_posts_markup_and_signs_out(browser: Browser, demo: Demo) -> None:
    """The whole visit; markup in an entry stays text and runs nothing."""
    browser.look(1100, 900)
    browser.open(demo.address)
    browser.wait_for(".entry h2", "Hello, typed world")
    assert not browser.find("main form"), "only who is signed in may write"

    browser.press(".account a")
    browser.wait_for("h1", "Sign in")
    browser.type_into("#name", demo.name)
    browser.type_into("#password", demo.password)
    browser.press("main button")
    browser.wait_for(".flash", f"Welcome, {demo.name}. You are signed in.")

    browser.type_into("#title", MARKUP_TITLE)
    browser.type_into("#text", MARKUP_TEXT)
    browser.press("main form button")
    browser.wait_for(".flash", "Your entry is online.")
    assert browser.wait_for(".entry h2") == MARKUP_TITLE, "the newest entry is the first"
    assert browser.wait_for(".entry .text") == MARKUP_TEXT
    assert not browser.find(".entry b, .entry img, script")
    assert browser.title == "Flaskr"
    picture = browser.picture("flaskr-posted")
    assert picture.read_bytes().startswith(b"\x89PNG")

    browser.open(demo.address)
    browser.wait_for(".entry h2", MARKUP_TITLE)
    assert not browser.find(".flash"), "a message is shown once"

    browser.press(".account button")
    browser.wait_for(".flash", "You are signed out.")
    assert not browser.find("main form")
    assert len(browser.find(".entry")) == 5


def test_pages_fit_desktop_and_telephone_in_both_schemes(browser: Browser, demo: Demo) -> None:
    """No page needs scrolling sideways, and the dark scheme is dark."""
    pages = {
        "entries": demo.address,
        "entry": f"{demo.address}entries/3",
        "missing": f"{demo.address}nowhere",
    }
    schemes: tuple[Scheme, ...] = ("light", "dark")
    browser.look(1100, 1000)
    sign_in(browser, demo)
    browser.picture("flaskr")
    for scheme in schemes:
        for width in (1100, 390, 320):
            browser.look(width, 1000, scheme)
            for name, address in pages.items():
                browser.open(address)
                browser.wait_for("main")
                browser.picture(f"flaskr-{name}-{width}-{scheme}")
                assert browser.overflow() == 0, f"{name} is wider than {width} pixels"
            assert browser.brightness() < 0.2 if scheme == "dark" else browser.brightness() > 0.8


def test_what_cannot_be_posted_stays_in_the_form(browser: Browser, demo: Demo) -> None:
    """The browser lets white space pass as a title; the server says what is missing."""
    browser.look(1100, 1000)
    sign_in(browser, demo)
    browser.type_into("#title", "  ")
    browser.type_into("#text", "A text that took\n\nsome time")
    browser.press("main form button")
    browser.wait_for("#title-problem", "Please write a title.")
    assert browser.value("#text") == "A text that took\n\nsome time"
    browser.picture("flaskr-refused")
