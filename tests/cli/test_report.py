"""`dqplan report`: the page says what plan.json says, loads nothing, and nothing in a plan can break out of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.cli.render.html.lanes import MOST_QUBITS
from dqplan.cli.render.html.page import report_page
from dqplan.core.errors import InputError
from dqplan.load.written_plan import written_plan
from tests.cli.pages import Page, circuit_directory, looked_up, read_page, sample_directory, stated
from tests.conftest import Run, plain_environment

TAGS = {
    *("html", "head", "meta", "title", "style", "script", "body", "header", "nav", "main", "section", "footer"),
    *("h1", "h2", "h3", "p", "a", "ul", "li", "div", "span", "strong", "data", "dl", "dt", "dd", "figure"),
    *("figcaption", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "label", "select", "option"),
    *("button", "svg", "g", "path", "rect", "circle", "line", "text"),
}
SMALL = sample_directory("cdkm_adder_10", "line:3x5")
TIMED = sample_directory("teleport_3", "simref_ion_4x5", timed=True)
PAGES = {"untimed": SMALL, "timed": TIMED}
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&\x1b\u202e"


def drawn(files: dict[str, str]) -> Page:
    return read_page(report_page(written_plan(files)))


@pytest.mark.parametrize("kind", PAGES)
def test_the_numbers_are_those_of_the_plan(kind: str) -> None:
    numbers = list(stated(drawn(PAGES[kind])))
    for key, value in numbers:
        assert value == str(looked_up(PAGES[kind], key)), key
    told = {key for key, _ in numbers}
    assert {"cost.ebits", "bound.ebits", "cost.shares", "cost.teleports", "baseline.static_packets"} <= told
    assert {f"cost.ebits_by_link.{link}" for link in looked_up(PAGES[kind], "cost.ebits_by_link")} <= told
    assert ("cost.fidelity" in told) == (kind == "timed")


def test_what_each_cause_takes_adds_up() -> None:
    page = drawn(TIMED)
    for bar in page.every("svg", "stack"):
        parts = [float(part) for part in re.findall(r"([\d.]+)%", bar.attributes["aria-label"])]
        assert sum(parts) == pytest.approx(100, abs=0.5)
    assert len(page.every("svg", "stack")) == 2


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["ghz_8", "qft_8", "cdkm_adder_10", "w_8", "repetition_code_5"]),
    st.sampled_from(["line:3x5", "all:4x4", "star:5x3", "grid:2x3x2"]),
    st.integers(0, 10**6),
)
def test_every_gate_share_and_e_bit_is_drawn(circuit: str, hardware: str, seed: int) -> None:
    files = sample_directory(circuit, hardware, seed=seed)
    page = drawn(files)
    plan, cost = looked_up(files, "plan"), looked_up(files, "cost")
    shares = page.every("path", "copy") + page.every("path", "teleport")
    assert len(shares) == cost["shares"]
    assert len(page.every("path", "teleport")) == cost["teleports"]
    assert all("C" in share.attributes["d"] for share in shares)
    ebits = [int(re.search(r"(\d+) e-bit", share.text)[1]) for share in shares]
    assert sum(ebits) == cost["ebits"]
    assert page.paths("gate").count("V") == len(plan["gates"]["event"])
    assert len(page.every("g", "qubit")) == looked_up(files, "circuit.num_qubits")
    links = [int(re.search(r": ([\d,]+) e-bit", link.text)[1]) for link in page.every("path", "used-link")]
    assert sum(links) == cost["ebits"]


def test_gates_within_modules_stand_in_the_blocks_of_the_second_matrix() -> None:
    page = drawn(SMALL)
    homes, wires = looked_up(SMALL, "plan.segments.home"), looked_up(SMALL, "plan.segments.qubit")
    begins = [homes[wires.index(wire)] for wire in range(10)]
    ends = [{wires[segment] for segment in pair} for pair in looked_up(SMALL, "plan.gates.segments")]
    second = page.every("svg", "matrix")[1]
    blocks = [each.attributes for each in page.every("rect", "block") if second in each.around]
    spans = [(float(block["x"]), float(block["x"]) + float(block["width"])) for block in blocks]
    assert [round((end - begin) / 30) for begin, end in spans] == [begins.count(name) for name in ("m0", "m1", "m2")]
    for kind, inside in (("fill-gate", True), ("fill-link", False)):
        paths = "".join(each.attributes["d"] for each in page.every("path", kind) if second in each.around)
        cells = [(float(x) + 15, float(y) + 15) for x, y in re.findall(r"M([\d.]+) ([\d.]+)", paths)]
        assert all(any(low < x < high and low < y < high for low, high in spans) == inside for x, y in cells)
        pairs = {tuple(sorted(pair)) for pair in ends if (len({begins[wire] for wire in pair}) == 1) == inside}
        assert len(cells) == 2 * len(pairs)


def test_links_without_e_bits_are_drawn_as_such() -> None:
    page = drawn(TIMED)
    used = len(page.every("path", "used-link"))
    assert used == len(looked_up(TIMED, "cost.ebits_by_link"))
    assert page.paths("idle-link").count("M") == 4 - used


def test_every_operation_of_the_schedule_is_drawn() -> None:
    page, schedule = drawn(TIMED), json.loads(TIMED["schedule.json"])
    requests = [request for link in schedule["links"].values() for request in link["requests"]]
    named = [path for path in page.every("path", "stroke-link") if path.text]
    assert len(named) == len(requests) == looked_up(TIMED, "cost.ebits")
    for kind, op in (("readout", "measure"), ("reset", "reset")):
        drawn_strokes = page.paths(f"stroke-{kind}").count("M")
        assert 0 < drawn_strokes <= sum(slot["op"] == op for slots in schedule["modules"].values() for slot in slots)


@pytest.mark.parametrize("kind", PAGES)
def test_the_page_needs_nothing_else(kind: str) -> None:
    text = report_page(written_plan(PAGES[kind]))
    page = read_page(text)
    assert {each.name for each in page.elements} <= TAGS
    assert all(key not in each.attributes for each in page.elements for key in ("src", "srcset", "style", "xlink:href"))
    assert all(each.attributes["href"].startswith("#") for each in page.elements if "href" in each.attributes)
    assert not re.search(r"https?:|url\(|@import|import\(|fetch\(|XMLHttp", text)
    policy = next(each for each in page.every("meta") if "http-equiv" in each.attributes)
    assert policy.attributes["content"].startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize("kind", PAGES)
def test_it_can_be_read_without_eyes_and_without_a_mouse(kind: str) -> None:
    page = drawn(PAGES[kind])
    names = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(names) == len(set(names))
    targets = [each.attributes["href"][1:] for each in page.every("a")]
    targets += [each.attributes["aria-labelledby"] for each in page.every("section")]
    assert set(targets) <= set(names)
    for picture in page.every("svg"):
        hidden, told = picture.within(**{"aria-hidden": "true"}), picture.within(role="img")
        assert hidden or (told and any("aria-label" in each.attributes for each in (*picture.around, picture)))
    for box in page.every("div", "scroll"):
        assert box.attributes["tabindex"] == "0"
        assert box.attributes["aria-label"]
    assert all(each.attributes["scope"] in ("row", "col") for each in page.every("th"))
    assert len(page.every("h1")) == len(page.every("main")) == 1


def hostile(value: Any, path: str = "") -> Any:
    """A document in which every free text is an attack."""
    if isinstance(value, dict):
        renamed = path in (".cost.ebits_by_link", ".links", ".outlook.basis", ".outlook.critical_path")
        return {f"{key}{EVIL}" if renamed else key: hostile(entry, f"{path}.{key}") for key, entry in value.items()}
    if isinstance(value, list):
        return [hostile(entry, path) for entry in value]
    free = (".circuit.name", ".hardware.name", ".hardware.description.title", ".hardware.description.name")
    free += (".stop_reason", ".effort", ".objective", ".bound.covers", ".bound.proved_by", ".outlook.missing")
    free += (".outlook.assumed", ".checks.name", ".checks.detail", ".layout.registers.name", ".proved_by", ".circuit")
    return EVIL if path in free else value


def test_no_text_can_break_out_of_its_place() -> None:
    plan = json.loads(TIMED["plan.json"])
    plan["checks"] = [{"name": "recount", "status": "failed", "detail": "x"}]
    schedule = hostile(json.loads(TIMED["schedule.json"]))
    text = report_page(
        written_plan({**TIMED, "plan.json": json.dumps(hostile(plan)), "schedule.json": json.dumps(schedule)})
    )
    page = read_page(text)
    assert {each.name for each in page.elements} <= TAGS
    assert len(page.every("script")) == 1
    assert not [key for each in page.elements for key in each.attributes if key.startswith("on")]
    assert "alert" not in page.every("script")[0].text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 15
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert page.every("h1")[0].text.startswith("\"'><script>alert(1)</script>")


def write(files: dict[str, str], directory: Path) -> None:
    directory.mkdir()
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of everything in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, entry in inner for place in leaves(entry, (*path, key)))]


DOCUMENTS = {name: json.loads(TIMED[name]) for name in ("plan.json", "schedule.json")}
PLACES = [(name, place) for name, document in DOCUMENTS.items() for place in leaves(document) if place]
ODDITIES = [None, 0, -1, 1, 2**53, 10**400, 1e-320, 1e308, "", "x", [], {}, [[]], True, "\ud800", EVIL]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(ODDITIES))
def test_any_damage_gives_a_page_or_an_error_in_words(place: tuple[str, tuple[Any, ...]], odd: Any) -> None:
    name, (*steps, last) = place
    document = json.loads(TIMED[name])
    part = document
    for step in steps:
        part = part[step]
    part[last] = odd
    try:
        text = report_page(written_plan({**TIMED, name: json.dumps(document)}))
    except InputError:
        return
    text.encode()
    assert {each.name for each in read_page(text).elements} <= TAGS


def test_gates_that_no_line_leads_to_are_counted() -> None:
    plan = json.loads(SMALL["plan.json"])
    plan["plan"]["shares"] = []
    page = drawn({"plan.json": json.dumps(plan)})
    note = next(each.text for each in page.every("p", "note") if "not drawn" in each.text)
    assert int(re.search(r"(\d+) gates? not drawn", note)[1]) > 0


def test_a_plan_without_anything_beside_it_is_drawn() -> None:
    page = drawn({"plan.json": TIMED["plan.json"]})
    assert "None was written" in next(
        each.text for each in page.every("section") if each.attributes["id"] == "schedule"
    )
    assert any(label.text == "q[0]" for label in page.every("text"))


def test_future_keys_and_causes_are_shown_or_passed_over() -> None:
    plan = json.loads(TIMED["plan.json"])
    plan["outlook"]["critical_path"]["parking"] = 1.0
    plan["outlook"]["fidelity"]["process"] *= 0.5
    plan["cost"]["raw_pairs"] = 3
    causes = [each.text for each in drawn({"plan.json": json.dumps(plan)}).every("th")]
    assert {"parking", "other"} <= set(causes)


@pytest.mark.parametrize("size", [MOST_QUBITS, 300])
def test_large_plans_stay_small_pages(size: int) -> None:
    """64 qubits on 4 modules, and more; nodes count elements, what a browser has to hold."""
    text = f'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[{size}] q;\n'
    for step in (1, 2, 5, 11):
        text += "".join(f"h q[{k}];\ncp(0.3) q[{k}], q[{(k + step) % size}];\n" for k in range(size))
    page = report_page(written_plan(circuit_directory(text, f"all:4x{size // 2}")))
    assert len(page.encode()) < 2_000_000
    assert len(read_page(page).elements) < 20_000
    assert ("Not drawn" in page) == (size > MOST_QUBITS)


def test_other_numbers_of_modules_are_shown_if_they_are_asked_for(dqplan: Run, tmp_path: Path) -> None:
    write(TIMED, tmp_path / "out")
    row = json.loads(dqplan("profile", "out/input.qasm", "--modules", "2", "--format", "json").stdout)["demand"][0]
    page = read_page(dqplan("report", "out", "--modules", "2").stdout)
    told = [each.text for each in page.every("td", "number") if each.within(id="demand")]
    keys = ("modules_used", "module_size", "ebits", "bound", "one_ebit_per_remote_gate")
    assert [number.removeprefix("≥ ") for number in told] == [str(row[key]) for key in keys]
    assert any(each.text == "By modules" for each in page.every("a"))
    (tmp_path / "out" / "input.qasm").unlink()
    refused = dqplan("report", "out", "--modules", "2")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "no copy of the circuit" in refused.stderr


def test_the_page_is_written_whole_and_always_the_same(dqplan: Run, tmp_path: Path) -> None:
    write(TIMED, tmp_path / "out")
    done = dqplan("report", "out", "-o", "page.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    environment = plain_environment() | {"PYTHONHASHSEED": "7"}
    assert dqplan("report", "out", env=environment).stdout == (tmp_path / "page.html").read_text(encoding="utf-8")
    refused = dqplan("report", "out", "-o", "no/page.html")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert dqplan("report", "page.html").returncode == 2
