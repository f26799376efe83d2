"""Pictures of results that are made up: what is drawn, read back from the SVG."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dqplan.sweep.plot import plots_of
from dqplan.sweep.write_results import write_results
from tests.sweep.test_table import planned, results, row

SVG = "{http://www.w3.org/2000/svg}"


def told(picture: str) -> list[str]:
    """What the points say."""
    return [title.text or "" for title in ElementTree.fromstring(picture).iter(f"{SVG}title")]


def test_for_every_number_the_best_row_is_drawn() -> None:
    rows = [row(0, rate=10), row(1, rate=10), row(2, rate=20.0), row(3, circuit="d", rate=20.0)]
    found = results([(one, planned(one, ebits)) for one, ebits in zip(rows, (5, 4, 3, 7), strict=True)])
    (name,) = plots_of(found)
    assert name == "plot_rate.svg"
    assert told(plots_of(found)[name]) == ["c: 4 at 10", "c: 3 at 20", "d: 7 at 20"]


def test_slack_is_what_the_hardware_has_more_than_the_circuit_needs() -> None:
    rows = [row(0), replace(row(1), data_qubits=11)]
    picture = plots_of(results([(one, planned(one, ebits)) for one, ebits in zip(rows, (5, 4), strict=True)]))
    assert told(picture["plot_slack.svg"]) == ["c: 5 at 5", "c: 4 at 8"]


def test_times_and_fidelities_have_panels_of_their_own_if_they_are_known() -> None:
    rows = [row(n, qubits=n + 1) for n in range(3)]
    figures = [(5, 0.5, 0.9), (5, 50.0, 0.8), (5, None, None)]
    picture = plots_of(results([(one, planned(one, *of)) for one, of in zip(rows, figures, strict=True)]))[
        "plot_qubits.svg"
    ]
    assert told(picture) == [
        "c: 5 at 1",
        "c: 5 at 2",
        "c: 5 at 3",
        "c: 0.5 at 1",
        "c: 50 at 2",
        "c: 0.9 at 1",
        "c: 0.8 at 2",
    ]
    assert "p95, s, logarithmic" in picture
    assert "fidelity, logarithmic" not in picture


def test_more_is_higher_and_further_right() -> None:
    rows = [row(n, rate=10**n) for n in range(4)]
    picture = plots_of(results([(one, planned(one, n)) for n, one in enumerate(rows)]))["plot_rate.svg"]
    points = [
        (float(c.get("cx", "")), float(c.get("cy", ""))) for c in ElementTree.fromstring(picture).iter(f"{SVG}circle")
    ]
    steps = [b[0] - a[0] for a, b in pairwise(points)]
    assert steps == pytest.approx([steps[0]] * 3, abs=0.2)  # equal ratios are equal steps
    assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)


def test_what_does_not_vary_or_is_no_number_is_not_drawn() -> None:
    rows = [row(0, rate=10, shape="line", known=True), row(1, rate=10, shape="ring", known=False)]
    assert plots_of(results([(one, planned(one, 3)) for one in rows])) == {}
    assert plots_of(results([])) == {}


def test_names_cannot_steer_the_picture_or_the_file_system() -> None:
    rows = [row(n, circuit="<b>&", **{"../a b": n}) for n in (1, 2)]
    (name,) = plots_of(found := results([(one, planned(one, 3)) for one in rows]))
    assert name == "plot_.._a_b.svg"
    assert told(plots_of(found)[name])[0] == "<b>&: 3 at 1"


def test_pictures_of_earlier_rows_go(tmp_path: Path) -> None:
    varied = [row(n, rate=n) for n in (1, 2)]
    write_results(str(tmp_path), results([(one, planned(one, 3)) for one in varied]))
    assert (tmp_path / "plot_rate.svg").exists()
    write_results(str(tmp_path), results([(varied[0], planned(varied[0], 3))]))
    assert not list(tmp_path.glob("plot_*"))
