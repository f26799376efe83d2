"""Networks with islands, circuits that measure all they have, and exact results of subexperiments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

import dqplan
from dqplan.core.circuit import Circuit, CircuitBuilder
from dqplan.core.counts import outcome_name
from dqplan.core.cutting import CutCircuit
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, Link, Module
from dqplan.load.emitted import read_program
from dqplan.load.source import Source
from tests.branches import distribution_of
from tests.strategies import dynamic_circuits, unitary_circuits


def islands(*sizes: int | Sequence[int]) -> Hardware:
    """An island for each argument: of one module, or of two modules with an e-bit link."""
    modules: list[Module] = []
    links = []
    for size in sizes:
        if isinstance(size, int):
            modules.append(Module(f"m{len(modules)}", size, 0))
            continue
        links.append(Link(len(modules), len(modules) + 1, ebit_fidelity=1.0))
        modules += [Module(f"m{len(modules) + place}", each, 2) for place, each in enumerate(size)]
    return Hardware("islands", tuple(modules), tuple(links))


def ghz(size: int) -> Circuit:
    """A chain of CX on line k for q[k], then all are measured."""
    builder = CircuitBuilder("ghz")
    builder.add_qreg("q", size)
    builder.add_creg("c", size)
    builder.append(Op.H, [0])
    for qubit in range(1, size):
        builder.append(Op.CX, [qubit - 1, qubit], line=qubit)
    for qubit in range(size):
        builder.append(Op.MEASURE, [qubit], clbit=qubit)
    return builder.build()


@st.composite
def measured_circuits(draw: st.DrawFn, *, dynamic: bool = True) -> Circuit:
    """Any small circuit, perhaps with measurements and conditions, and at the end a measurement of every qubit."""
    kind = dynamic_circuits if dynamic else unitary_circuits
    drawn = draw(kind(max_qubits=4, max_gates=10))
    builder = CircuitBuilder("measured")
    for register in drawn.qregs:
        builder.add_qreg(register.name, register.size)
    for register in drawn.cregs:
        builder.add_creg(register.name, register.size)
    end = builder.add_creg("out", drawn.num_qubits)
    for op, qubits, params, clbit, condition, line in drawn:
        builder.append(op, qubits, params, clbit=clbit, condition=condition, line=line)
    for qubit in range(drawn.num_qubits):
        builder.append(Op.MEASURE, [qubit], clbit=end.start + qubit)
    return builder.build()


def cut_and_written(
    circuit: Circuit, hardware: Hardware, max_overhead: float = 1e6
) -> tuple[CutCircuit, dict[str, str]]:
    """The circuit in parts, and its files."""
    effort = dqplan.Effort.QUICK
    cut = dqplan.cut_circuit(dqplan.segments_of(circuit), hardware, max_overhead=max_overhead, effort=effort)
    programs = [dqplan.split_circuit(plan) for plan in dqplan.plan_islands(cut, effort=effort)]
    return cut, dqplan.cut_files(cut, programs)


def named_distribution(circuit: Circuit) -> dict[str, float]:
    """Outcomes as Qiskit names them, and their probabilities."""
    return {outcome_name(circuit.cregs, bits): float(part) for bits, part in distribution_of(circuit).items()}


def subexperiments(files: Mapping[str, str]) -> list[str]:
    """The names of all of them."""
    document = json.loads(files["cuts.json"])
    return [each["name"] for island in document["islands"] for each in island["subexperiments"]]


def exact_results(files: Mapping[str, str]) -> dict[str, Source]:
    """What every subexperiment gives, as exact probabilities, found by a simulator of the tests' own."""
    found = {
        name: named_distribution(read_program(files[f"{name}.qasm"], "joint.qasm")) for name in subexperiments(files)
    }
    return {name: Source(name, json.dumps(distribution)) for name, distribution in found.items()}
