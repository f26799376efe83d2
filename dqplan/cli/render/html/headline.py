"""The numbers that everybody asks for first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from dqplan.cli.render.html.markup import Html, data, element, listed, text, together
from dqplan.cli.render.html.tables import bar, facts, section, table
from dqplan.core.units import count, counted, duration, significant
from dqplan.load.plan_document import PlanDocument
from dqplan.load.written_plan import WrittenPlan

_MARKS = {"proved": "✓", "tested": "✓", "failed": "✗", "skipped": "–"}


def headline(written: WrittenPlan) -> Html:
    """Numbers large, what they rest on small, and the e-bits beside those of simpler planners."""
    document = written.document
    tiles = element("div", *_tiles(document), class_="tiles")
    return section("summary", "Summary", tiles, _prices(document), facts(_about(written)))


def checks(document: PlanDocument) -> Html:
    """What was checked about the programs when they were written."""
    rows = [
        (check.name, element("span", _marked(check.status), class_=f"status {check.status}"), check.detail)
        for check in document.checks
    ]
    if not rows:
        rows = [("all", element("span", _marked("skipped"), class_="status skipped"), "not asked for (--no-check)")]
    told = "Checks of the emitted programs, made when they were written"
    listed_checks = table(told, ("check", "status", "found in the emitted text"), rows)
    return section("checks", "Checks", element("div", listed_checks, class_="checks"))


def _marked(status: str) -> str:
    return f"{_MARKS[status]} {status}"


def _tiles(document: PlanDocument) -> Iterator[Html]:
    cost, outlook = document.cost, document.outlook
    yield _tile("e-bits", data("cost.ebits", cost.ebits, count(cost.ebits)), _bound(document))
    teleports = data("cost.teleports", cost.teleports, count(cost.teleports))
    yield _tile("shares", data("cost.shares", cost.shares, count(cost.shares)), teleports, " of them teleports")
    if outlook and outlook.makespan and cost.makespan_s is not None:
        makespan = outlook.makespan
        quantile = data("outlook.makespan.p95_s", makespan.p95_s, duration(makespan.p95_s))
        told = data("cost.makespan_s", cost.makespan_s, duration(cost.makespan_s))
        yield _tile("expected makespan", told, "95 % within ", quantile)
    if outlook and outlook.fidelity and cost.fidelity is not None:
        average = data("outlook.fidelity.average", outlook.fidelity.average, significant(outlook.fidelity.average))
        told = data("cost.fidelity", cost.fidelity, significant(cost.fidelity))
        yield _tile("process fidelity", told, average, " on average over inputs")
    yield _tile("checks", *_verdict(document))


def _tile(name: str, value: Html, *below: str) -> Html:
    return element(
        "div",
        element("h3", name),
        element("p", value, class_="value"),
        element("p", *below, class_="note"),
        class_="tile",
    )


def _bound(document: PlanDocument) -> Html:
    """How far the plan can be from the best one, as far as it is proved."""
    bound, ebits = document.bound, document.cost.ebits
    told = data("bound.ebits", bound.ebits, count(bound.ebits))
    if bound.optimal:
        return together([told, " proved necessary: optimal"])
    gap = (ebits - bound.ebits) / ebits if ebits else 0.0
    return together([told, f" proved necessary, gap {gap:.0%}"])


def _verdict(document: PlanDocument) -> tuple[Html, str]:
    """In a word, and the number of checks by status."""
    found = Counter(str(check.status) for check in document.checks)
    word = "failed" if found["failed"] else "hold" if found["proved"] + found["tested"] else "not made"
    return text(word), ", ".join(f"{found[status]} {status}" for status in _MARKS if found[status]) or "--no-check"


def _prices(document: PlanDocument) -> Html:
    """The plan's e-bits between what is proved necessary and what simpler planners would pay."""
    ebits, baseline = document.cost.ebits, document.baseline
    prices = [
        ("proved necessary", "bound.ebits", document.bound.ebits),
        ("this plan", "cost.ebits", ebits),
        ("static packets", "baseline.static_packets", baseline.static_packets),
        ("one e-bit per remote gate", "baseline.one_ebit_per_remote_gate", baseline.one_ebit_per_remote_gate),
    ]
    most = max(price for *_, price in prices) or 1
    rows = [
        (
            element("strong", name) if name == "this plan" else name,
            data(key, price, count(price)),
            f"{price / ebits:.2f} ×" if ebits and price > ebits else "",
            bar(price / most),
        )
        for name, key, price in prices
    ]
    told = "E-bits that are proved necessary, of this plan, and of simpler planners"
    return table(told, ("planner", "e-bits", "ratio", ""), rows, right=(1, 2))


def _about(written: WrittenPlan) -> Iterator[tuple[str, Html]]:
    document, hardware = written.document, written.hardware
    circuit, bound = document.circuit, document.bound
    parts = (
        ("circuit.num_qubits", circuit.num_qubits, "qubit"),
        ("circuit.num_gates_2q", circuit.num_gates_2q, "two-qubit gate"),
        ("circuit.num_segments", circuit.num_segments, "segment"),
    )
    yield "circuit", _counts(parts)
    size = int(hardware.data_capacity.sum())
    about = f", {counted(len(hardware.quantum_links), 'link')}, {counted(size, 'data qubit')}"
    limits = ", comm-qubit limits ignored (--relaxed)" if document.relaxed else ""
    modules = _counts([("hardware.num_modules", document.hardware.num_modules, "module")])
    yield "hardware", together([modules, about, limits, f" – {hardware.title}" if hardware.title else ""])
    search = f"for {document.objective}, {document.effort} effort, seed {document.seed}, "
    yield "search", text(f"{search}{duration(document.elapsed_s)}, {document.stop_reason}")
    yield "bound", text(f"by {bound.proved_by}, for {bound.covers}")
    weighted = document.cost.weighted_ebits
    if hardware.weighted and weighted is not None:
        told = " = e-bits times the weights of their links; this is kept low"
        yield "weights", together([data("cost.weighted_ebits", weighted, f"{weighted:g}"), told])


def _counts(parts: Iterable[tuple[str, int, str]]) -> Html:
    return listed(data(key, number, counted(number, noun)) for key, number, noun in parts)
