"""Small programs on modules with native gates and coupling maps."""

from __future__ import annotations

from dataclasses import replace

from dqplan.core.circuit import Circuit
from dqplan.core.hardware import Hardware
from dqplan.core.normalise import segments_of
from dqplan.core.program import Program
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.load_hardware import load_hardware
from dqplan.split.split_circuit import split_circuit
from tests.arbitrary_plans import arbitrary_plan

CIRCUIT = """OPENQASM 3.0;
include "stdgates.inc";
qubit[4] q;
bit[2] c;
h q[0];
cp(0.7) q[0], q[1];
cx q[1], q[2];
cx q[0], q[3];
c[0] = measure q[1];
if (c == 1) ry(0.3) q[2];
swap q[0], q[3];
cp(0.4) q[2], q[0];
cx q[3], q[1];
ry(1.1) q[3];
c[1] = measure q[3];
"""


def network(
    gates: tuple[str, ...] | None = ("cz", "rz", "sx", "x"),
    coupling: tuple[tuple[int, int], ...] | None = ((0, 3), (0, 2), (1, 2)),
    shorthand: str = "all:2x2+2",
) -> Hardware:
    """Modules of two data and two comm qubits: comm 1 - data 0 - comm 0 - data 1, unless told otherwise."""
    hardware = load_hardware(shorthand)
    modules = [replace(module, native_gates=gates, coupling=coupling) for module in hardware.modules]
    return replace(hardware, modules=tuple(modules))


def program_on(hardware: Hardware, circuit: Circuit | None = None, seed: int = 3) -> Program:
    """Some program, with shares and teleports."""
    segments = segments_of(circuit or circuit_of_text(CIRCUIT, "input.qasm"))
    return split_circuit(arbitrary_plan(segments, hardware, seed))
