"""Program -> Native: every module's part is routed and translated by itself, and the parts are put together again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from dqplan.core.circuit import Circuit, CircuitBuilder
from dqplan.core.errors import InternalError, UnsupportedError
from dqplan.core.gates import NUM_QUBITS, Op
from dqplan.core.native import Compiled, Native
from dqplan.core.program import Program, QubitKind
from dqplan.split.recompile.coupling import Coupling
from dqplan.split.recompile.gate_set import gate_set_of
from dqplan.split.recompile.placement import placed_route
from dqplan.split.recompile.routing import task_of
from dqplan.split.recompile.steps import Step, steps_by_module
from dqplan.split.recompile.translation import Row, Segment, translate_steps


def recompile_program(program: Program) -> Native | None:
    """Compile each module's part of a program to the module's native gates and coupling map.

    Only what is inside a module changes: e-bits, measurements, resets and conditional operations stay, in their order,
    and e-bits stay on their comm qubits. A coupling map that is unknown, or that does not reach the comm qubits in use
    (because they are unlimited, or their limit is ignored), is not kept to.

    Returns:
        None if no module in use has native gates or a coupling map.

    Raises:
        HardwareError: native gates that cannot express what is needed.
        InfeasibleError: a coupling map that leaves places in use unconnected.
        UnsupportedError: qubits stay in memory, of which neither native gates nor couplings are known.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/ghz_8.qasm")
    >>> from dataclasses import replace
    >>> module = dqplan.Module("a", data_qubits=5, comm_qubits=1, native_gates=("rz", "sx", "cz"))
    >>> modules = (module, replace(module, name="b"))
    >>> hardware = dqplan.Hardware("pair", modules, (dqplan.Link(0, 1, ebit_fidelity=0.9),))
    >>> plan = dqplan.solve_plan(dqplan.segments_of(circuit), hardware, effort=dqplan.Effort.QUICK)
    >>> native = recompile_program(dqplan.split_circuit(plan))
    >>> [part.two_qubit_gates for part in native.modules]
    [4, 4]
    """
    parts = [_Part(program, module) for module in sorted(set(program.module_of.tolist()))]
    if not any(part.routed or part.module.native_gates is not None for part in parts):
        return None
    if QubitKind.MEMORY in program.kind_of:
        raise UnsupportedError("programs with memory qubits are not compiled to native gates", hint="--no-recompile")
    local = [0] * program.circuit.num_qubits
    for part in parts:
        for qubit, number in part.local.items():
            local[qubit] = number
    steps = steps_by_module(program, local)
    for part in parts:
        part.compile(steps[part.index])
    return _put_together(program, parts)


class _Part:
    """One module's part of a program.

    Attributes:
        index, module: of the hardware.
        routed: whether it has a coupling map to keep to.
        local: for its qubits in the joint program, their numbers in the module: data qubits, then comm qubits.
        start, end: the places of the module's qubits at the start and at the end.
        segments: what becomes of its steps.
        swaps: how many were put in.
    """

    def __init__(self, program: Program, index: int) -> None:
        self.index, self.module = index, program.plan.hardware.modules[index]
        registers = {
            program.kind_of[register.start]: range(register.start, register.start + register.size)
            for register in program.circuit.qregs
            if program.module_of[register.start] == index
        }
        data, comm = registers.get(QubitKind.DATA, range(0)), registers.get(QubitKind.COMM, range(0))
        self.routed = self.module.coupling is not None and len(comm) <= (self.module.comm_qubits or 0)
        self.num_data = self.module.data_qubits if self.routed else len(data)
        self.num_comm = (self.module.comm_qubits or 0) if self.routed else len(comm)
        self.local = {qubit: number for number, qubit in enumerate(data)}
        self.local |= {qubit: self.num_data + number for number, qubit in enumerate(comm)}
        self.comm_used = len(comm)
        self.outputs = [self.local[qubit] for qubit in program.output_qubit if qubit in self.local]
        self.start: Sequence[int] = range(self.num_data + self.num_comm)
        self.end: Sequence[int] = self.start
        self.segments: Iterator[Segment] = iter(())
        self.swaps = 0

    def compile(self, steps: Sequence[Step]) -> None:
        """Route the steps, if need be, and translate them."""
        if self.routed:
            steps = self._routed(steps)
        entangling = any(NUM_QUBITS[step.operation.op] > 1 and step.operation.op != Op.EPR for step in steps)
        gates = gate_set_of(self.module, entangling=entangling)
        self.segments = translate_steps(steps, gates)

    def _routed(self, steps: Sequence[Step]) -> Sequence[Step]:
        coupling = Coupling(self.module, self.comm_used, len(self.local))
        task = task_of(steps, coupling.num_places, self.num_data, self.outputs)
        self.start, route = placed_route(task, coupling, sorted(self.local.values()))
        self.end = [route.place_of[content] for content in task.contents]
        self.swaps = route.swaps
        return route.steps


def _put_together(program: Program, parts: Sequence[_Part]) -> Native:
    builder, base = CircuitBuilder(name=program.circuit.name), {}
    for part in parts:
        base[part.index] = builder.num_qubits
        for suffix, size in (("data", part.num_data), ("comm", part.num_comm)):
            if size:
                builder.add_qreg(f"{part.module.name}_{suffix}", size)
    for register in program.circuit.cregs:
        builder.add_creg(register.name, register.size)
    comments = _write(program, parts, base, builder)
    start, end = [0] * program.circuit.num_qubits, [0] * program.circuit.num_qubits
    for part in parts:
        for qubit, number in part.local.items():
            start[qubit] = base[part.index] + part.start[number]
            end[qubit] = base[part.index] + part.end[number]
    native = replace(
        program,
        circuit=builder.build(),
        module_of=np.repeat([p.index for p in parts], [p.num_data + p.num_comm for p in parts]).astype(np.int32),
        input_qubit=tuple(start[qubit] for qubit in program.input_qubit),
        output_qubit=tuple(end[qubit] for qubit in program.output_qubit),
        comments=comments,
        trace=None,
    )
    return Native(native, tuple(start), tuple(_compiled(program, native, part) for part in parts))


def _write(program: Program, parts: Sequence[_Part], base: dict[int, int], builder: CircuitBuilder) -> dict[int, str]:
    """Write the parts into one circuit, fixed steps in the order of the joint program; returns the comments."""
    flows = {part.index: part.segments for part in parts}
    remarks, comments = sorted(program.comments.items()), {}
    module_of = program.module_of.tolist()
    for row, operation in enumerate(program.circuit):
        if operation.op < Op.EPR and operation.condition is None:
            continue
        modules = list(dict.fromkeys(module_of[qubit] for qubit in operation.qubits))
        found = [_until_fixed(flows[module], base[module], builder) for module in modules]
        while remarks and remarks[0][0] <= row:
            comments[len(builder.op)] = remarks.pop(0)[1]
        if operation.op == Op.EPR:
            places = [base[module] + step.qubits[0] for module, (step, _) in zip(modules, found, strict=True)]
            builder.append(Op.EPR, places)
            continue
        for op, qubits, params, condition in found[0][1]:
            there = [base[modules[0]] + place for place in qubits]
            clbit, line = operation.clbit, operation.line
            builder.append(op, there, params, clbit=clbit, condition=condition, line=line)
    for module, flow in flows.items():
        for segment in flow:
            _append(segment, base[module], builder)
    return comments


def _until_fixed(flow: Iterator[Segment], base: int, builder: CircuitBuilder) -> tuple[Step, list[Row]]:
    """Write a module's gates up to its next fixed step, which is returned with its rows."""
    for segment in flow:
        if segment.step is not None:
            return segment.step, segment.rows
        _append(segment, base, builder)
    raise InternalError("a module's part of the native program lacks a fixed step")


def _append(segment: Segment, base: int, builder: CircuitBuilder) -> None:
    for op, places, params, _ in segment.rows:
        builder.append(op, [base + place for place in places], params)


def _compiled(program: Program, native: Program, part: _Part) -> Compiled:
    here = native.module_of_row == part.index
    gates = (native.circuit.op < Op.EPR) & here
    width = NUM_QUBITS[native.circuit.op]
    return Compiled(
        module=part.index,
        routed=part.routed,
        swaps=part.swaps,
        one_qubit_gates=int((gates & (width == 1)).sum()),
        two_qubit_gates=int((gates & (width > 1)).sum()),
        depth_before=_depth(program, part.index),
        depth_after=_depth(native, part.index),
    )


def _depth(program: Program, module: int) -> int:
    """Operations in the longest chain on qubits of a module; classical bits join nothing."""
    mine = np.append(program.module_of == module, False)
    circuit: Circuit = program.circuit
    rows = circuit.qubits[mine[circuit.qubits].any(axis=1)]
    level = [0] * (circuit.num_qubits + 1)
    inside = mine.tolist()
    for qubits in rows.tolist():
        own = [qubit for qubit in qubits if inside[qubit]]
        depth = 1 + max(level[qubit] for qubit in own)
        for qubit in own:
            level[qubit] = depth
    return max(level)
