"""One bug of each kind in the middle of programs of 10, 100 and 1,000 qubits is caught, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.core.verdict import Status
from dqplan.load.emitted import read_emitted
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.structure.structure_check import check_structure
from tests.benchmarks.synthetic import program

SIZES = {10: (300, "all:2x6"), 100: (900, "all:4x26"), 1_000: (4_000, "all:8x130")}
"""Gates and hardware by number of qubits."""

Files = dict[str, str]
Bug = Callable[[list[str]], int]
"""Changes the lines of a program, and returns the number of the first line that is wrong."""


@pytest.fixture(scope="module", params=SIZES, ids=[f"{size} qubits" for size in SIZES])
def files(request: pytest.FixtureRequest) -> Files:
    num_gates, hardware = SIZES[request.param]
    text = program("local", request.param, num_gates)
    plan = solve_plan(segments_of(circuit_of_text(text, "input.qasm")), load_hardware(hardware), effort=Effort.QUICK)
    return {**program_files(split_circuit(plan)), "input.qasm": text}


def middle(lines: list[str], pattern: str) -> int:
    """The place of a line, in the second half of the program if there is one."""
    found = [number for number, line in enumerate(lines) if re.match(pattern, line)]
    return found[len(found) // 2]


def missing_correction(lines: list[str]) -> int:
    place = middle(lines, r"if \(msg\d+ == 1\) x")
    del lines[place]
    return place + 1


def swapped_control(lines: list[str]) -> int:
    place = middle(lines, r"cx \w+_data\[\d+\], \w+_data")
    lines[place] = re.sub(r"(\S+), (\S+);", r"\2, \1;", lines[place])
    return place + 1


def wrong_angle(lines: list[str]) -> int:
    place = middle(lines, r"cp\(-?\d+\.\d+\)")
    lines[place] = re.sub(r"\(.*?\)", lambda angle: f"({float(angle.group()[1:-1]) + 1e-6!r})", lines[place])
    return place + 1


def ebit_used_twice(lines: list[str]) -> int:
    place = middle(lines, r"cx \w+_data\[\d+\], \w+_comm")
    control, near = re.findall(r"\w+\[\d+\]", lines[place])
    register, number = control[:-1].split("[")
    lines.insert(place + 1, f"cx {register}[{int(number) - 1 if int(number) else 1}], {near};")
    return place + 2


def stale_copy(lines: list[str]) -> int:
    """The H of the original comes before the end of the share, in whose stead it stood behind it."""
    end = r"if \(msg\d+ == 1\) z (\w+_data\[\d+\]);"
    places = [n for n, line in enumerate(lines) if re.match(end, line) and lines[n - 2].startswith("h ")]
    for place in places[len(places) // 2 :] + places[: len(places) // 2]:
        home = re.match(end, lines[place]).group(1)
        later = next(n for n in range(place + 1, len(lines)) if home in lines[n])
        if lines[later] == f"h {home};":
            lines.insert(place - 2, lines.pop(later))
            return place - 1
    raise AssertionError("no share ends just before an H of its original")


BUGS: dict[str, Bug] = {
    bug.__name__.replace("_", " "): bug
    for bug in (missing_correction, swapped_control, wrong_angle, ebit_used_twice, stale_copy)
}


def test_the_program_without_bugs_is_proved(files):
    check = check_structure(read_emitted(files))
    assert check.status is Status.PROVED, check.detail


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_caught_with_its_place(files, bug):
    lines = files["joint.qasm"].splitlines()
    planted = BUGS[bug](lines)
    check = check_structure(read_emitted({**files, "joint.qasm": "\n".join(lines)}))
    assert check.status is Status.FAILED, check.detail
    place = re.match(r"joint\.qasm:(\d+): ", check.detail)
    assert place is not None, check.detail
    assert int(place.group(1)) >= planted - 1
    if bug == "wrong angle":
        assert int(place.group(1)) == planted
