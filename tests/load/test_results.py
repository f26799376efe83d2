"""Measurement results in all forms, and what is wrong with others."""

from __future__ import annotations

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqplan.core.errors import ResultsError
from dqplan.load.results import Columns, Words, results_of_text


@pytest.mark.parametrize(
    ("text", "words", "counts"),
    [
        ('{"00 1": 3, "11 0": 0}', ("00 1", "11 0"), [3, 0]),
        ('{"0x3": 3}', ("0x3",), [3]),
        ('["00", "01"]', ("00", "01"), None),
        ('{"counts": {"1": 2}, "shots": 2}', ("1",), [2]),
        ('{"results": [{"data": {"counts": {"0x1": 2}}}]}', ("0x1",), [2]),
        ('{"results": [{"data": {"counts": {"0x1": 2}, "memory": ["0x1", "0x1"]}}]}', ("0x1", "0x1"), None),
        ("outcome,count\n01,3\n10,4\n", ("01", "10"), [3, 4]),
        ("bitstring\n01\n\n10\n", ("01", "10"), None),
    ],
)
def test_outcomes_by_name(text: str, words: tuple[str, ...], counts: list[int] | None) -> None:
    results = results_of_text(text, "r")
    assert isinstance(results, Words)
    assert results.words == words
    assert (None if results.counts is None else results.counts.tolist()) == counts


@pytest.mark.parametrize(
    ("text", "bits", "counts"),
    [
        ('{"c": [[0, 1], [1, 1]], "d": [0, 1]}', {"c": [[0, 1], [1, 1]], "d": [[0], [1]]}, None),
        ("c,d\n10,0\n11,1\n", {"c": [[0, 1], [1, 1]], "d": [[0], [1]]}, None),
        ("c, count\n10, 7\n", {"c": [[0, 1]]}, [7]),
    ],
)
def test_outcomes_by_register(text: str, bits: dict[str, list[list[int]]], counts: list[int] | None) -> None:
    results = results_of_text(text, "r")
    assert isinstance(results, Columns)
    assert {name: column.tolist() for name, column in results.bits.items()} == bits
    assert (None if results.counts is None else results.counts.tolist()) == counts


def test_digits_of_cirq_that_are_not_packed() -> None:
    import io

    stream = io.BytesIO()
    np.save(stream, np.array([[[0, 1]], [[1, 1]]]))
    record = {"packed_digits": stream.getvalue().hex(), "binary": False, "dtype": "int64", "shape": [2, 1, 2]}
    results = results_of_text(json.dumps({"cirq_type": "ResultDict", "records": {"c": record}}), "r")
    assert isinstance(results, Columns)
    assert results.bits["c"].tolist() == [[0, 1], [1, 1]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("{}", "no counts"),
        ("[]", "no shots"),
        ('{"0": 0}', "all counts are 0"),
        ('{"0": -1}', "the count of '0' is -1"),
        ('{"0": NaN}', "the count of '0' is nan"),
        ('{"0": 1.5}', "the count of '0' is 1.5"),
        ('{"0": true}', "the count of '0' is True"),
        ('{"0": 1, "0": 2}', "'0' stands there twice"),
        ('{"0 2": 1}', "'0 2' is no outcome"),
        ("[0, 1]", "0 is no outcome"),
        ('{"c": [[0, 2]]}', "'c' holds something else than 0 and 1"),
        ('{"c": [[0, 1], [1]]}', "the shots of 'c' differ in length"),
        ('{"c": [0, 1], "d": [0]}', "'c' has 2 shots, 'd' has 1"),
        ('{"c": []}', "no shots"),
        ('{"results": []}', "a result of 0 circuits"),
        ('{"cirq_type": "ResultDict"}', "without records"),
        ('{"cirq_type": "ResultDict", "records": {"c": {"packed_digits": "zz"}}}', "the record of 'c' is damaged"),
        ("c,d\n0\n", "^r:2: 1 values below 2 names"),
        ("c,c\n0,1\n", "a column stands there twice"),
        ("c\n", "no rows below the header"),
        ("c\n0\n2\n", "column 'c' holds '2'"),
        ("c\n0\n01\n", "the shots of 'c' differ in length"),
        ("count\n3\n", "nothing that is counted"),
        ("c,count\n0,many\n", "the count of 'row 2' is 'many'"),
        ("outcome\n01x\n", "^r:2: '01x' is no outcome"),
        ("[" * 100_000, "nested too deeply|not JSON"),
    ],
)
def test_results_that_are_refused(text: str, message: str) -> None:
    with pytest.raises(ResultsError, match=message):
        results_of_text(text, "r")


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
KEYS = st.sampled_from(["00 1", "0x1", "c", "counts", "memory", "results", "cirq_type"]) | st.text(max_size=4)
JSON = st.recursive(LEAVES, lambda each: st.lists(each, max_size=3) | st.dictionaries(KEYS, each, max_size=3))


@given(st.one_of(JSON.map(json.dumps), st.text(min_size=1).filter(str.strip)))
def test_anything_is_read_or_refused(text: str) -> None:
    with suppress(ResultsError):
        results_of_text(text, "r")
