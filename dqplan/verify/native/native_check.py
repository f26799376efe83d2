"""Native programs: gates that the modules can do, on places that they couple, which do what the joint program does.

The second part is a replay (`verify.native.replay`), linear in the size of the programs and without simulation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from dqplan.core.circuit import Operation
from dqplan.core.gates import Op
from dqplan.core.native import native_ops
from dqplan.core.units import count, counted
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import Emitted, with_whole_ebits
from dqplan.verify.legality import size_violations
from dqplan.verify.native.replay import Replay
from dqplan.verify.native.state import StrayedError

NAME = "native programs"
_LARGEST = 1e-6
"""Deviations that add up to more than this are no rounding."""


def check_native(emitted: Emitted, native: Emitted | None, files: Mapping[str, str]) -> Check:
    """Compare the native program with the hardware and with the joint program.

    Args:
        emitted: what `split` wrote.
        native: the same with the native program, if there is one.
        files: texts by file name.
    """
    if native is None:
        return _without(emitted)
    fault = next(chain(size_violations(native), _Places(native).faults()), None)
    if fault is not None:
        return Check(NAME, Status.FAILED, fault)
    if emitted.joint.cregs != native.joint.cregs:
        detail = f"{native.joint_file} has other classical registers than {emitted.joint_file}"
        return Check(NAME, Status.FAILED, detail)
    replay = Replay(with_whole_ebits(emitted, files), native)
    try:
        replay.run()
    except StrayedError as stray:
        return Check(NAME, Status.FAILED, str(stray))
    if replay.deviation > _LARGEST:
        detail = f"it strays from {emitted.joint_file} by {replay.deviation:.1e} in all, which is no rounding"
        return Check(NAME, Status.FAILED, detail)
    detail = (
        f"all {count(len(native.joint))} operations are native and on coupled places; replayed beside "
        f"{emitted.joint_file}: e-bits, measurements and messages in the same order, and the gates in between equal "
        f"(deviations add up to {replay.deviation:.0e})"
    )
    return Check(NAME, Status.PROVED, detail + _unchecked(native))


def _without(emitted: Emitted) -> Check:
    """What is to be said if there is no native program."""
    used = [emitted.hardware.modules[module] for module in sorted(set(emitted.module_of))]
    limited = [module.name for module in used if module.native_gates is not None or module.coupling is not None]
    unknown = [module.name for module in used if not module.coupling_known]
    if limited:
        detail = f"the programs keep their logical gates; they are not compiled for {_some(limited)}"
        return Check(NAME, Status.SKIPPED, detail)
    if unknown:
        detail = f"the coupling of {_some(unknown)} is limited, but the hardware does not say how"
        return Check(NAME, Status.SKIPPED, detail)
    return Check(NAME, Status.PROVED, "the hardware allows every gate between all qubits of a module")


def _unchecked(native: Emitted) -> str:
    """Modules whose coupling could not be compared."""
    used = sorted(set(native.module_of))
    unknown = [native.module_name(module) for module in used if not native.hardware.modules[module].coupling_known]
    beyond = [native.module_name(module) for module in used if _reaches_beyond(native, module)]
    told = f"; not routed, because its coupling is unspecified: {_some(unknown)}" if unknown else ""
    return told + (f"; not routed, because comm qubits lie outside its coupling map: {_some(beyond)}" if beyond else "")


def _some(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {counted(len(names) - 1, 'other module')}"


def _reaches_beyond(native: Emitted, module: int) -> bool:
    """Whether a module with a coupling map has more comm qubits in the program than the map has."""
    described = native.hardware.modules[module]
    comm = [c for m, c in zip(native.module_of, native.is_comm, strict=True) if m == module]
    return described.coupling is not None and sum(comm) > (described.comm_qubits or 0)


class _Places:
    """The native gates and the coupling of every module, and the place of every qubit in its coupling map."""

    def __init__(self, native: Emitted) -> None:
        self.native = native
        modules = native.hardware.modules
        self.ops = [native_ops(module) for module in modules]
        self.local = [0] * native.joint.num_qubits
        for register in native.joint.qregs:
            first = modules[native.module_of[register.start]].data_qubits if native.is_comm[register.start] else 0
            self.local[register.start : register.start + register.size] = range(first, first + register.size)
        self.coupled = [
            None
            if module.coupling is None or _reaches_beyond(native, number)
            else frozenset(frozenset(pair) for pair in module.coupling)
            for number, module in enumerate(modules)
        ]

    def faults(self) -> Iterator[str]:
        """What a module cannot do, in program order, with file and line."""
        for row, operation in enumerate(self.native.joint):
            if operation.op == Op.EPR:
                continue
            for fault in self._faults(operation):
                yield f"{self.native.place(row)}: {fault}"

    def _faults(self, operation: Operation) -> Iterator[str]:
        names = ", ".join(self.native.qubit_names[qubit] for qubit in operation.qubits)
        modules = {self.native.module_of[qubit] for qubit in operation.qubits}
        if len(modules) > 1:
            yield f"{operation.op.spelling} {names} acts on two modules and is no e-bit"
            return
        module = modules.pop()
        ops, coupled, name = self.ops[module], self.coupled[module], self.native.module_name(module)
        if ops is not None and operation.op < Op.EPR and operation.op not in ops:
            yield f"{operation.op.spelling} is no native gate of {name}"
        if len(operation.qubits) > 1 and coupled is not None:
            pair = frozenset(self.local[qubit] for qubit in operation.qubits)
            if pair not in coupled:
                yield f"{operation.op.spelling} {names} acts on places that {name} does not couple"
