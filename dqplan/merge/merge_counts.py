"""Results of modules x emitted program -> Counts of the circuit's bits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import numpy as np

from dqplan.core.circuit import Circuit, Register
from dqplan.core.counts import Counts, counts_of
from dqplan.core.errors import Place, ResultsError
from dqplan.core.gates import Op
from dqplan.load.emitted import Emitted, read_emitted, read_program
from dqplan.load.results import results_of_text
from dqplan.load.source import Source
from dqplan.merge.frame import flips_of
from dqplan.merge.join import join_tables
from dqplan.merge.tables import Table, table_of

JOINT = "joint"
"""What results of all modules together are named after, as their program is."""


def merge_counts(
    files: Mapping[str, str],
    results: Mapping[str, Source],
    circuit: Circuit | None = None,
    *,
    uncorrected: bool = False,
) -> Counts:
    """Put measurement results back into the registers of the circuit that was split.

    Results of modules are joined shot by shot. Counts say nothing about which outcomes belong together, so that they
    can only be joined if at most one module found more than one outcome.

    Args:
        files: texts of the directory by file name: plan.json, joint.qasm, input.qasm or input.json, <module>.qasm.
        results: what was found, by module; or by `joint`, of all modules together.
        circuit: that was split, if its copy is not among the files.
        uncorrected: the programs ran without the operations that wait for messages; bits that these would have changed
            are corrected here, where that is exact (`merge.frame`).

    Raises:
        PlanError: the directory is incomplete or damaged.
        ResultsError: results are damaged, do not fit the program or each other, or do not tell enough.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/bernstein_vazirani_8.qasm")
    >>> segments, hardware = dqplan.segments_of(circuit), dqplan.load_hardware("line:2x5+1")
    >>> plan = dqplan.solve_plan(segments, hardware, effort=dqplan.Effort.QUICK)
    >>> found = {"m0": Source("m0.json", '{"1011001": 100}'), "m1": Source("m1.json", '{"0000000": 100}')}
    >>> merge_counts(dqplan.program_files(dqplan.split_circuit(plan)), found, circuit).outcomes
    {'1011001': 100}
    """
    emitted = read_emitted(files, circuit)
    writers = _writers(emitted)
    flips = flips_of(emitted) if uncorrected else {}
    needed = {clbit for clbit in emitted.clbits if writers.get(clbit)}
    needed |= {source for clbit in needed for source in flips.get(clbit, ())}
    if not needed:
        raise ResultsError("the circuit measures nothing", hint="there is nothing to merge")
    tables = [_table(emitted, files, writers, *result) for result in results.items()]
    joined = join_tables([table.part(needed) for table in tables], _absent(emitted, writers, needed, tables))
    bits = np.zeros((len(joined.bits), emitted.joint.num_clbits), dtype=np.uint8)
    bits[:, joined.clbits] = joined.bits
    recorded = bits.copy()
    for clbit, sources in flips.items():
        bits[:, clbit] ^= np.bitwise_xor.reduce(recorded[:, sorted(sources)], axis=1)
    counts = np.ones(len(bits), dtype=np.int64) if joined.counts is None else joined.counts
    return counts_of(emitted.circuit.cregs, bits[:, emitted.clbits], counts)


def _writers(emitted: Emitted) -> dict[int, set[str]]:
    """The modules that may have measured what each bit of the joint program holds at the end."""
    writers: dict[int, set[str]] = {}
    for operation in emitted.joint:
        if operation.op == Op.MEASURE:
            module = emitted.module_name(emitted.module_of[operation.qubits[0]])
            earlier = writers.get(operation.clbit, set()) if operation.condition else set()
            writers[operation.clbit] = {module, *earlier}
    return writers


def _table(
    emitted: Emitted, files: Mapping[str, str], writers: Mapping[int, Set[str]], module: str, source: Source
) -> Table:
    """The results of one module, as far as it measured the bits itself, or of all."""
    results = results_of_text(source.text, source.name)
    known = list(dict.fromkeys(part.module for part in emitted.document.layout.registers))
    if module in known and f"{module}.qasm" in files:
        registers = _numbered(emitted, read_program(files[f"{module}.qasm"], f"{module}.qasm").cregs)
        own = {clbit for clbit, modules in writers.items() if module in modules}
        table = table_of(results, _choices(emitted, registers, own))
        return table.part({clbit for clbit in own if writers[clbit] == {module}})
    if module != JOINT:
        message = f"{module!r} is no module of the program: there are {', '.join(known)}"
        raise ResultsError(message, place=Place(source.name), hint="say whose results these are: MODULE=FILE")
    every = set(range(emitted.joint.num_clbits))
    return table_of(results, _choices(emitted, list(emitted.joint.cregs), every))


def _choices(emitted: Emitted, registers: Sequence[Register], own: Set[int]) -> list[list[Register]]:
    """What results may cover: all registers, those with bits that are measured there, or of these the circuit's."""
    measured = [r for r in registers if not own.isdisjoint(range(r.start, r.start + r.size))]
    return [list(registers), measured, [r for r in measured if r.start < emitted.first_message]]


def _numbered(emitted: Emitted, registers: Sequence[Register]) -> list[Register]:
    """A module's registers with the numbers of the joint program."""
    known = {register.name: register for register in emitted.joint.cregs}
    return [known[register.name] for register in registers if register.name in known]


def _absent(
    emitted: Emitted, writers: Mapping[int, Set[str]], needed: Set[int], tables: Sequence[Table]
) -> dict[str, str]:
    """What nobody tells: names of bits, and what would have to be given."""
    there = {clbit for table in tables for clbit in table.clbits}
    names = emitted.clbit_names
    return {
        names[clbit]: " and ".join(sorted(writers[clbit])) if len(writers[clbit]) == 1 else JOINT
        for clbit in sorted(needed - there)
    }
