"""Hostile and damaged files do no harm: no traceback, no hang, no full memory, nothing written.

The hostile ones are in `corpus` and `hostile`; damaged ones are made by `mutate`. What counts as harm is in `commands`.
Here few cases are run, and the limits of what circuits may ask for are lowered, to be quick. Long runs, with the real
limits and the same cases for the same numbers:

    DQPLAN_FUZZ_SECONDS=900 python -m tests.fuzz.run qasm plan.json
    python -m tests.fuzz.corpus

A file that was found is looked at alone by `python -m tests.fuzz.commands KIND FILE`, and its reduced form belongs in
the corpus. `python -m tests.fuzz.guided` lets atheris look for files by what they reach in the readers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.fuzz.commands import KINDS, findings, run, written
from tests.fuzz.mutate import change_node, mutated, paths_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="limits need POSIX")

LARGE = ("qasm", "cirq", "hardware", "network", "sweep", "results")
PLANS = ("plan.json", "joint.qasm", "a0.qasm", "schedule.json")


@pytest.mark.parametrize("kinds", [(kind,) for kind in LARGE] + [PLANS], ids=lambda kinds: kinds[0])
def test_hostile_files_do_no_harm(kinds: tuple[str, ...]) -> None:
    """In a process of its own, which may take neither much time nor much memory."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.corpus", *kinds],
        cwd=ROOT,
        env={**os.environ, "DQPLAN_FUZZ_LOWERED": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def harm(kind: str, content: bytes) -> list[str]:
    """What commands do wrong with a file, in words."""
    with TemporaryDirectory(prefix="dqplan-fuzz-") as folder:
        return [
            f"{wrong}: dqplan {' '.join(outcome.args)}\n{outcome.stderr[-3000:]}"
            for outcome, wrong in findings(kind, content, Path(folder))
        ]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("outcomes", "manifest")])
@given(number=st.integers(0, 2**32))
@settings(max_examples=6)
def test_damaged_files_do_no_harm(kind: str, number: int) -> None:
    assert harm(kind, mutated(Random(f"{kind} {number}"), kind)) == []


def test_harm_is_noticed() -> None:
    """A reader that trips over its input, and one that prints what it was given, are both found."""
    assert harm("qasm", b"OPENQASM 3.0;\nqubit q;\n") == []
    folder = written()
    assert run(("verify", "nowhere"), folder).status == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dqplan.load.load_circuit.detect_language", lambda text, name: {}[text])
        assert "status 70" in harm("qasm", b"OPENQASM 3.0;\nqubit q;\n")[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dqplan.cli.terminal.streams.printable", lambda text: text)
        patch.setattr("dqplan.cli.app.talk", lambda text: print(text, file=sys.stderr))
        assert "steers terminals" in harm("qasm", b"OPENQASM 3.0;\nqubit \x1b[31mq;\n")[0]


@given(number=st.integers(0, 2**32))
@settings(max_examples=15)
def test_a_plan_that_was_changed_is_refused_or_fails_or_says_the_same(number: int) -> None:
    """What `verify` lets pass must be what nobody claims to check, or mean the same."""
    original = json.loads((written() / "out" / "plan.json").read_text(encoding="utf-8"))
    changed = change_node(Random(number), json.loads(json.dumps(original)))
    status = _verified(json.dumps(changed).encode())
    assert status in (0, 1, 2)
    if status == 0:
        assert [path for path in _differences(original, changed) if not _is_unchecked(path)] == []


UNCHECKED = (
    *(("circuit", "name"), ("circuit", "num_segments"), ("hardware", "name"), ("objective",), ("effort",), ("seed",)),
    *(
        ("relaxed",),
        ("stop_reason",),
        ("elapsed_s",),
        ("outlook",),
        ("pareto",),
        ("baseline",),
        ("checks",),
        ("native",),
    ),
    *(("files",), ("plan",), ("bound",), ("cost",), ("hardware", "description"), ("layout", "clbits")),
    *(("layout", "messages"), ("purification",)),
)
"""Told by the planner; `verify` says nothing about them, or not about all of them."""


def _is_unchecked(path: tuple[object, ...]) -> bool:
    return any(path[: len(free)] == free for free in UNCHECKED)


def _verified(content: bytes) -> int:
    """The status of `verify` for the directory with another plan.json."""
    import shutil

    with TemporaryDirectory() as name:
        folder = Path(name) / "work"
        shutil.copytree(written(), folder)
        (folder / "out" / "plan.json").write_bytes(content)
        return run(("verify", "out"), folder).status


def _differences(one: object, other: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Paths where two documents differ, keys that only the second has left out: readers pass over them."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [found for key in one for found in _differences(one[key], other.get(key), (*path, key))]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            found for i, pair in enumerate(zip(one, other, strict=True)) for found in _differences(*pair, (*path, i))
        ]
    return [] if one == other else [path]


def test_paths_lead_to_all_nodes() -> None:
    assert sorted(map(str, paths_of({"a": [1, {"b": 2}]}))) == sorted(
        map(str, [(), ("a",), ("a", 0), ("a", 1), ("a", 1, "b")])
    )
