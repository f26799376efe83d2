"""Read an emitted program back from its texts: circuit, hardware, joint program, and how they belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from dqplan.core.circuit import Circuit, bit_names
from dqplan.core.errors import Place, PlanError
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware
from dqplan.core.program import QubitKind
from dqplan.load.load_circuit import INPUT_FILES, circuit_of_text

if TYPE_CHECKING:
    from dqplan.load.plan_document import LayoutPart, ManifestPart, PlanDocument, RegisterPart

JOINT_FILE = "joint.qasm"
NATIVE = ".native.qasm"
"""The ending of files that hold native programs."""
_HINT = "write the directory again with `dqplan split`"


@dataclass(frozen=True, eq=False)
class Emitted:
    """An emitted program as its texts tell it.

    Attributes:
        document: plan.json.
        circuit: the circuit that it should be equivalent to.
        hardware: the network.
        joint: the joint program.
        module_of: the module (index into the hardware's) of each qubit of the joint program.
        kind_of: what each qubit of the joint program is for.
        input, output: where each circuit qubit is at the start and at the end.
        clbits: the bit of the joint program that stands for each bit of the circuit.
        first_message: bits of the joint program from here on are messages.
        ending: of the names of the files that hold the joint program and the modules' programs.
    """

    document: PlanDocument
    circuit: Circuit
    hardware: Hardware
    joint: Circuit
    module_of: tuple[int, ...]
    kind_of: tuple[QubitKind, ...]
    input: tuple[int, ...]
    output: tuple[int, ...]
    clbits: tuple[int, ...]
    first_message: int
    ending: str = ".qasm"

    @property
    def joint_file(self) -> str:
        """The file that holds the joint program."""
        return f"joint{self.ending}"

    def place(self, row: int) -> str:
        """File and line of an operation of the joint program."""
        return str(Place(self.joint_file, int(self.joint.line[row])))

    @property
    def registers(self) -> Sequence[RegisterPart]:
        """The quantum registers of the joint program, as plan.json tells."""
        native = self.document.native if self.ending == NATIVE else None
        return self.document.layout.registers if native is None else native.registers

    @property
    def manifest(self) -> ManifestPart | None:
        """How the modules' programs interleave; None where an early version wrote the directory."""
        native = self.document.native if self.ending == NATIVE else None
        return self.document.manifest if native is None else native.manifest

    @cached_property
    def is_comm(self) -> list[bool]:
        """Whether each qubit of the joint program is a comm qubit."""
        return [kind is QubitKind.COMM for kind in self.kind_of]

    @cached_property
    def is_memory(self) -> list[bool]:
        """Whether each qubit of the joint program is a memory qubit."""
        return [kind is QubitKind.MEMORY for kind in self.kind_of]

    @cached_property
    def qubit_names(self) -> list[str]:
        """Of the joint program, such as `m0_data[3]`."""
        return bit_names(self.joint.qregs)

    @cached_property
    def clbit_names(self) -> list[str]:
        """Of the joint program, such as `c[3]`."""
        return bit_names(self.joint.cregs)

    def module_name(self, module: int) -> str:
        """Name of a module by index."""
        return self.hardware.modules[module].name


def read_emitted(files: Mapping[str, str], circuit: Circuit | None = None) -> Emitted:
    """Interpret the texts of a directory.

    Args:
        files: by name: plan.json, joint.qasm, and input.qasm or input.json unless `circuit` is given.
        circuit: to compare with instead of the input file.

    Raises:
        PlanError: a file is missing, or plan.json does not fit the joint program's registers.
        InputError: a text cannot be read; the error names file and line.
    """
    # Imported here because it needs pydantic.
    from dqplan.load.plan_document import PLAN_FILE, plan_document_of_text
    from dqplan.load.written_plan import hardware_of_plan

    document = plan_document_of_text(_text(files, PLAN_FILE))
    joint = read_program(_text(files, JOINT_FILE), JOINT_FILE)
    hardware = hardware_of_plan(document)
    if circuit is None:  # an empty circuit is false
        circuit = _input_circuit(files)
    layout = document.layout
    module_of, kind_of = _registers(layout.registers, joint, hardware, JOINT_FILE)
    if layout.messages > joint.num_clbits:
        raise _misfit(f"{layout.messages} message bits, {JOINT_FILE} has {joint.num_clbits} bits in all")
    if len(layout.input) != document.circuit.num_qubits or len(layout.output) != document.circuit.num_qubits:
        raise _misfit(
            f"{len(layout.input)} inputs and {len(layout.output)} outputs for {document.circuit.num_qubits} qubits"
        )
    return Emitted(
        document=document,
        circuit=circuit,
        hardware=hardware,
        joint=joint,
        module_of=module_of,
        kind_of=kind_of,
        input=_located(layout.input, joint, JOINT_FILE),
        output=_located(layout.output, joint, JOINT_FILE),
        clbits=_clbits(layout, joint),
        first_message=joint.num_clbits - layout.messages,
    )


def read_native(emitted: Emitted, files: Mapping[str, str]) -> Emitted | None:
    """The native program in the place of the joint program, e-bits as one operation each; None if there is none.

    Raises:
        PlanError: its text is missing, or plan.json does not fit its registers.
        InputError: its text cannot be read.
    """
    told = emitted.document.native
    if told is None:
        return None
    name = f"joint{NATIVE}"
    program = read_program(_text(files, name), name)
    module_of, kind_of = _registers(told.registers, program, emitted.hardware, name)
    start, output = _located(told.start, program, name), _located(told.output, program, name)
    if len(start) != emitted.joint.num_qubits or len(output) != len(emitted.output):
        raise _misfit(f"{len(start)} places at the start and {len(output)} at the end of {name}")
    return replace(
        emitted,
        joint=program,
        module_of=module_of,
        kind_of=kind_of,
        input=start,
        output=output,
        ending=NATIVE,
    )


def with_whole_ebits(emitted: Emitted, files: Mapping[str, str]) -> Emitted:
    """The same with each e-bit of the joint program as one operation, and not as the gates of its definition."""
    text = _text(files, emitted.joint_file)
    return replace(emitted, joint=_with_swaps(circuit_of_text(text, emitted.joint_file, keep_known=True)))


def read_program(text: str, name: str) -> Circuit:
    """Read an emitted OpenQASM text.

    A SWAP that is spelled as three CX, as OpenQASM 2 needs it, is a SWAP again; in a native program it was meant as
    three CX, and gates that it defines because a library lacks them are read as what they are.
    """
    native = name.endswith(NATIVE)
    program = circuit_of_text(text, name, keep_known=native)
    return program if native else _with_swaps(program)


def _text(files: Mapping[str, str], name: str) -> str:
    if name not in files:
        raise PlanError(f"{name} is missing", hint=_HINT)
    return files[name]


def _input_circuit(files: Mapping[str, str]) -> Circuit:
    for name in INPUT_FILES:
        if name in files:
            return circuit_of_text(files[name], name)
    hint = "name the circuit: dqplan verify DIRECTORY CIRCUIT"
    raise PlanError("the directory holds neither input.qasm nor input.json", hint=hint)


def _registers(
    layout: Sequence[RegisterPart], joint: Circuit, hardware: Hardware, file: str
) -> tuple[tuple[int, ...], tuple[QubitKind, ...]]:
    """Module and kind of each qubit of a joint program."""
    modules = {module.name: index for index, module in enumerate(hardware.modules)}
    told = [(part.name, part.size) for part in layout]
    found = [(register.name, register.size) for register in joint.qregs]
    if told != found:
        raise _misfit(f"the quantum registers {told}, {file} has {found}")
    unknown = {part.module for part in layout} - set(modules)
    if unknown:
        raise _misfit(f"the module {sorted(unknown)[0]!r}, the hardware has none of that name")
    module_of = tuple(modules[part.module] for part in layout for _ in range(part.size))
    return module_of, tuple(QubitKind(part.kind) for part in layout for _ in range(part.size))


def _located(names: list[str], joint: Circuit, file: str) -> tuple[int, ...]:
    number = {name: qubit for qubit, name in enumerate(bit_names(joint.qregs))}
    unknown = [name for name in names if name not in number]
    if unknown:
        raise _misfit(f"the qubit {unknown[0]}, {file} has none of that name")
    if len(set(names)) != len(names):
        raise _misfit("two circuit qubits in the same place")
    return tuple(number[name] for name in names)


def _clbits(layout: LayoutPart, joint: Circuit) -> tuple[int, ...]:
    """The joint program's bits in the order of the circuit's: registers as they are first named, runs by offset."""
    registers = {register.name: register for register in joint.cregs}
    order = {name: place for place, name in enumerate(dict.fromkeys(part.name for part in layout.clbits))}
    bits: list[int] = []
    for part in sorted(layout.clbits, key=lambda part: (order[part.name], part.offset)):
        register = registers.get(part.emitted)
        if register is None or register.size != part.size:
            raise _misfit(f"the classical register {part.emitted}[{part.size}], {JOINT_FILE} has none like it")
        bits += range(register.start, register.start + register.size)
    return tuple(bits)


def _misfit(what: str) -> PlanError:
    return PlanError(f"the layout tells of {what}", place=Place("plan.json"), hint=_HINT)


def _with_swaps(circuit: Circuit) -> Circuit:
    control, target = circuit.qubits[:, 0], circuit.qubits[:, 1]
    plain = (circuit.op == Op.CX) & (circuit.condition < 0)
    turned = (control[:-1] == target[1:]) & (target[:-1] == control[1:]) & plain[:-1] & plain[1:]
    swaps, end = np.zeros(len(circuit), dtype=bool), 0
    for row in np.flatnonzero(turned[:-1] & turned[1:]).tolist():
        if row >= end:  # the triples must not overlap
            swaps[row], end = True, row + 3
    if not swaps.any():
        return circuit
    kept = ~(np.roll(swaps, 1) | np.roll(swaps, 2))
    op = np.where(swaps, np.uint8(Op.SWAP), circuit.op).astype(np.uint8)
    columns = {name: getattr(circuit, name)[kept] for name in ("qubits", "params", "clbit", "condition", "line")}
    return replace(circuit, op=op[kept], **columns)
