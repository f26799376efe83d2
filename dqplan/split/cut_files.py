"""The files of a circuit that was cut: a folder for each island, and the sum that their results go into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dqplan.core.circuit import Circuit
from dqplan.core.cutting import OPERATIONS, CutCircuit, Island, Subexperiment, spelled_out, subexperiments_of
from dqplan.core.native import Native
from dqplan.core.outlook import Outlook
from dqplan.core.program import Program
from dqplan.core.verdict import Check
from dqplan.load.load_circuit import Language
from dqplan.split.cut_document import cut_document
from dqplan.split.dialects import Dialect, file_name
from dqplan.split.emit.emit_program import emit_program
from dqplan.split.files import laid_out, program_files
from dqplan.split.writer import Writer

CUTS_FILE = "cuts.json"


def cut_files(
    cut: CutCircuit,
    programs: Sequence[Program],
    *,
    source_text: str | None = None,
    source_language: Language = Language.QASM3,
    emit: Sequence[Dialect] = (Dialect.QASM3,),
    outlooks: Sequence[Outlook] | None = None,
    natives: Sequence[Native | None] | None = None,
) -> dict[str, str]:
    """Everything that `dqplan split -o DIRECTORY` writes where it cuts, by file name, such as `island0/joint.qasm`.

    The programs of an island are made from the one with every end measured, so that all have one plan.

    Args:
        cut: the circuit in parts.
        programs: those of the islands, with every end measured.
        source_text: the circuit as it was read.
        source_language: of `source_text`.
        emit: languages in which programs are written, beside OpenQASM 3.
        outlooks: of the islands' programs, as for `program_files`.
        natives: those programs compiled for their modules; subexperiments are written in logical gates only.

    Raises:
        UnsupportedError: one of the languages has no words for a program.

    >>> import dqplan
    >>> adder = dqplan.segments_of(dqplan.load_circuit("sample_circuits/cdkm_adder_10.qasm"))
    >>> cut = dqplan.cut_circuit(adder, dqplan.load_hardware("line:2x6+0"), max_overhead=256)
    >>> programs = [dqplan.split_circuit(plan) for plan in dqplan.plan_islands(cut)]
    >>> sorted(dqplan.cut_files(cut, programs))[:3]
    ['cuts.json', 'island0/00.qasm', 'island0/01.qasm']
    """
    files: dict[str, str] = {}
    if source_text is not None:
        files["input.json" if source_language is Language.CIRQ_JSON else "input.qasm"] = source_text
    for number, (island, program) in enumerate(zip(cut.islands, programs, strict=True)):
        folder = program_files(
            program,
            source_text=circuit_text(island.circuit),
            emit=emit,
            outlook=outlooks[number] if outlooks else None,
            native=natives[number] if natives else None,
        )
        files |= {f"{island.name}/{name}": text for name, text in folder.items()}
        for each in subexperiments_of(cut.cuts, number, island.name, island.num_ends):
            files |= _subexperiment(program, island, each, emit)
    return {CUTS_FILE: cuts_text(cut, programs, (), sorted([*files, CUTS_FILE])), **files}


def cuts_text(cut: CutCircuit, programs: Sequence[Program], checks: Sequence[Check], files: Sequence[str]) -> str:
    """The text of cuts.json; arguments as for `cut_document`."""
    subexperiments = [
        subexperiments_of(cut.cuts, number, island.name, island.num_ends) for number, island in enumerate(cut.islands)
    ]
    return laid_out(cut_document(cut, programs, subexperiments, checks, files)) + "\n"


def circuit_text(circuit: Circuit) -> str:
    """A circuit as OpenQASM 3."""
    writer = Writer(circuit, Dialect.QASM3)
    statements = (writer.statement(operation) for operation in circuit)
    return "".join([*writer.declarations(circuit.qregs, circuit.cregs, circuit.counts), *statements])


def _subexperiment(
    program: Program, island: Island, each: Subexperiment, emit: Sequence[Dialect]
) -> Iterator[tuple[str, str]]:
    """The texts of one program, and, if there are several modules, of their parts."""
    operations = [OPERATIONS[name] for name in each.operations]
    circuit, rows = spelled_out(program.circuit, len(island.clbits), operations)
    comments = {int(rows[row]): remark for row, remark in program.comments.items()}
    changed = replace(program, circuit=circuit, comments=comments, trace=None)
    folder, _, stem = each.name.partition("/")
    for dialect in dict.fromkeys((Dialect.QASM3, *emit)):
        texts = emit_program(changed, dialect)
        for name, text in texts.items():
            if name == "joint" or len(texts) > 2 or "joint" not in texts:
                yield f"{folder}/{file_name(stem if name == 'joint' else f'{stem}_{name}', dialect)}", text
