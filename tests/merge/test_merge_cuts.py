"""The sum over all terms gives back what the whole circuit gives."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dqplan
from dqplan.core.circuit import Circuit
from dqplan.core.cutting import num_subexperiments
from dqplan.core.errors import ResultsError, UsageError
from dqplan.load.load_circuit import load_circuit
from dqplan.load.source import Source
from tests.cut.cases import (
    cut_and_written,
    exact_results,
    ghz,
    islands,
    measured_circuits,
    named_distribution,
    subexperiments,
)

MANY = 60
"""Subexperiments; more take too long here."""


def _assert_exact(circuit: Circuit, files: dict[str, str]) -> None:
    found = {each.name: each.value for each in dqplan.merge_cuts(files, exact_results(files)).outcomes}
    wanted = named_distribution(circuit)
    for name in found.keys() | wanted.keys():
        assert found.get(name, 0.0) == pytest.approx(wanted.get(name, 0.0), abs=1e-9)


@settings(max_examples=40)
@given(
    measured_circuits(),
    st.sampled_from([(1, 3), (2, 2), (1, 1, 2), ((1, 1), 2), ((1, 2), 1), ((1, 1), (1, 1))]),
)
def test_exact_results_of_any_circuit_give_its_distribution(circuit: Circuit, sizes: tuple[int, ...]) -> None:
    """On islands of one module and of two that e-bits join, with conditions, resets, cuts of gates and of wires."""
    segments = dqplan.segments_of(circuit)
    try:
        cut = dqplan.cut_circuit(segments, islands(*sizes), max_overhead=1e9, effort=dqplan.Effort.QUICK)
    except dqplan.InfeasibleError:
        return
    if not cut.cuts or num_subexperiments(cut.cuts, len(cut.islands)) > MANY:
        return
    _, files = cut_and_written(circuit, islands(*sizes), 1e9)
    assert dqplan.verify_cuts(files, circuit).holds
    _assert_exact(circuit, files)


def test_cut_wires_give_the_distribution_of_an_adder() -> None:
    circuit = load_circuit("sample_circuits/cdkm_adder_10.qasm")
    cut, files = cut_and_written(circuit, islands(6, 6))
    assert {each.kind.value for each in cut.cuts} == {"wire"}
    _assert_exact(circuit, files)


def test_cut_gates_and_e_bits_give_the_distribution_of_qaoa() -> None:
    """Two islands, one of them of two modules that an e-bit link joins."""
    circuit = load_circuit("sample_circuits/qaoa_8.qasm")
    cut, files = cut_and_written(circuit, islands((2, 2), 4))
    assert dqplan.verify_cuts(files, circuit).ebits > 0
    assert cut.overhead == pytest.approx((1 + 2 * np.sin(np.pi / 4)) ** 4)
    _assert_exact(circuit, files)


@pytest.mark.parametrize("fault", ["coefficient", "sign"])
def test_a_wrong_sum_is_not_the_distribution(fault: str) -> None:
    """What verify would find, too; here it shows that the comparison can fail."""
    circuit = ghz(4)
    _, files = cut_and_written(circuit, islands(2, 2))
    document = json.loads(files["cuts.json"])
    term = document["cuts"][0]["terms"][3]
    if fault == "coefficient":
        term["coefficient"] = -term["coefficient"]
    else:
        term["signed"] = [False, False]
    wrong = {**files, "cuts.json": json.dumps(document)}
    with pytest.raises(AssertionError):
        _assert_exact(circuit, wrong)


def _sampled(exact: dict[str, Source], shots: int, rng: np.random.Generator) -> dict[str, Source]:
    drawn = {}
    for name, source in exact.items():
        distribution = json.loads(source.text)
        parts = np.array(list(distribution.values()))
        counts = rng.multinomial(shots, parts / parts.sum()).tolist()
        drawn[name] = Source(name, json.dumps(dict(zip(distribution, counts, strict=True))))
    return drawn


def test_standard_errors_are_how_far_estimates_scatter() -> None:
    """Of 200 repetitions with a fixed seed, the spread is that of the errors told, within its own error of 5 %."""
    circuit = load_circuit("sample_circuits/qaoa_8.qasm")
    _, files = cut_and_written(circuit, islands(4, 4))
    exact, rng = exact_results(files), np.random.default_rng(1)
    found = [
        dqplan.merge_cuts(files, _sampled(exact, 400, rng), ["c[0] c[7]", "c[1] c[2]"]).parities for _ in range(200)
    ]
    for place in (0, 1):
        values = np.array([each[place].value for each in found])
        errors = np.array([each[place].error for each in found])
        assert values.mean() == pytest.approx(-0.5, abs=5 * values.std() / np.sqrt(200))
        assert values.std() == pytest.approx(np.sqrt((errors**2).mean()), rel=0.2)


def test_each_kind_of_wrong_results_is_told() -> None:
    _, files = cut_and_written(ghz(4), islands(2, 2))
    exact = exact_results(files)
    name = subexperiments(files)[0]
    with pytest.raises(ResultsError, match=f"results of 1 of 10 subexperiments are missing, the first is {name}"):
        dqplan.merge_cuts(files, {key: text for key, text in exact.items() if key != name})
    with pytest.raises(ResultsError, match="'island7/0' is no subexperiment"):
        dqplan.merge_cuts(files, {**exact, "island7/0": Source("x", "{}")})
    with pytest.raises(ResultsError, match=r"the probabilities add up to 0\.5"):
        dqplan.merge_cuts(files, {**exact, name: Source("x", '{"0 00": 0.5}')})
    with pytest.raises(ResultsError, match="has 4 bits; expected are 3 or 2"):
        dqplan.merge_cuts(files, {**exact, name: Source("x", '{"0000": 5}')})
    with pytest.raises(ResultsError, match="all counts are 0"):
        dqplan.merge_cuts(files, {**exact, name: Source("x", '{"0 00": 0}')})
    with pytest.raises(UsageError, match="there is no classical bit 'z'"):
        dqplan.merge_cuts(files, exact, ["c[0] z"])


def test_one_shot_each_has_no_standard_error() -> None:
    _, files = cut_and_written(ghz(4), islands(2, 2))
    results = _sampled(exact_results(files), 1, np.random.default_rng(0))
    estimates = dqplan.merge_cuts(files, results)
    assert estimates.shots == 10
    assert estimates.parities[0].error is None
