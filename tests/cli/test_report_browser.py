"""Reports in a real browser, where there is one: Chromium, without a window and without a network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from dqplan.cli.render.html.page import report_page
from dqplan.load.written_plan import written_plan
from tests.cli.pages import looked_up, sample_directory

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run", "--no-pings", "--hide-scrollbars", "--enable-logging=stderr"),
)
PROBE = """
const wide = [...document.querySelectorAll("main *")].filter((each) => !each.closest(".scroll, svg"));
const found = {
  width: innerWidth,
  reaches: Math.max(...wide.map((each) => each.getBoundingClientRect().right)),
  tools: [...document.querySelectorAll(".tools")].every((each) => !each.hidden),
  background: getComputedStyle(document.body).backgroundColor,
  numbers: Object.fromEntries([...document.querySelectorAll("data")].map((each) => [each.dataset.key, each.value])),
};
const name = document.querySelector("#circuit-chart .names text");
found.scale = name.getBoundingClientRect().height / name.getBBox().height;
const drawing = document.querySelector("#circuit-chart .drawing");
const before = drawing.getBoundingClientRect().width;
document.querySelector("#circuit-chart [data-zoom='2']").click();
found.zoomed = drawing.getBoundingClientRect().width / before;
const choice = document.querySelector("[data-picks]");
choice.value = "0";
choice.dispatchEvent(new Event("change"));
found.lit = [...document.querySelectorAll(".lit")].map((each) => each.dataset.qubit);
dispatchEvent(new Event("beforeprint"));
found.open = [...document.querySelectorAll("details")].every((each) => each.open);
parent.document.title = JSON.stringify(found);
"""
FILES = sample_directory("teleport_3", "simref_ion_4x5", timed=True)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")

Browse = Callable[..., tuple[dict, str]]


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    """Open the page, run the probe in it, and return what it found and what the console said."""

    def run(text: str, *options: str) -> tuple[dict, str]:
        page, profile = tmp_path / "page.html", tmp_path / "profile"
        page.write_text(text, encoding="utf-8")
        command = [CHROMIUM, *QUIET, *options, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        said = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
        title = re.search(r"<title>(.*?)</title>", done.stdout)
        return (json.loads(title[1]) if title and title[1].startswith("{") else {}), said

    return run


def probed(text: str, width: int) -> str:
    """The page in a frame of some width, with the probe, which is added to what its policy lets run."""
    digest = base64.b64encode(hashlib.sha256(PROBE.encode()).digest()).decode()
    allowed = text.replace("script-src", f"script-src 'sha256-{digest}'")
    inner = escape(allowed.replace("</body>", f"<script>{PROBE}</script></body>"))
    return f'<!DOCTYPE html><title></title><iframe width="{width}" height="800" srcdoc="{inner}"></iframe>'


def test_the_policy_lets_style_and_script_through_and_nothing_is_complained_about(browse: Browse) -> None:
    _, said = browse(report_page(written_plan(FILES)))
    assert said == ""


def test_a_script_that_is_not_the_pages_own_does_not_run(browse: Browse) -> None:
    script = "<script>document.title = JSON.stringify({ran: true})</script></body>"
    text = report_page(written_plan(FILES)).replace("</body>", script)
    found, said = browse(text)
    assert found == {}
    assert "Content Security Policy" in said


@pytest.mark.parametrize(("width", "scheme", "shade"), [(320, 1, "rgb(246, 247, 249)"), (1200, 0, "rgb(15, 18, 24)")])
def test_a_page_fits_its_reader_and_shows_the_plan(browse: Browse, width: int, scheme: int, shade: str) -> None:
    """On a phone and on a desk; Chromium calls the dark scheme 0 and the light one 1."""
    options = ("--window-size=1300,900", f"--blink-settings=preferredColorScheme={scheme}")
    found, said = browse(probed(report_page(written_plan(FILES)), width), *options)
    assert said == ""
    assert found["reaches"] <= found["width"] == width
    assert found["background"] == shade
    assert {key: str(looked_up(FILES, key)) for key in found["numbers"]} == found["numbers"]
    assert found["numbers"]["cost.ebits"] == str(looked_up(FILES, "cost.ebits"))
    assert found["tools"]
    assert found["open"]
    assert found["scale"] == pytest.approx(1, abs=0.002)  # or names would drift away from their lanes
    assert found["zoomed"] == pytest.approx(2, abs=0.01)
    assert found["lit"] == ["0"]
