"""The files of a program, as names and texts; writing them is the command line's business."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dqplan.core.native import Native, run_by_modules
from dqplan.core.outlook import Outlook
from dqplan.core.program import Program
from dqplan.core.survival import Survival
from dqplan.core.verdict import Check
from dqplan.load.load_circuit import Language
from dqplan.split.dialects import Dialect, file_name, native_file_name
from dqplan.split.emit.emit_program import emit_program
from dqplan.split.plan_document import plan_document
from dqplan.split.schedule_document import schedule_document
from dqplan.split.timeline import MOST_OPERATIONS, timeline_svg

_INDENTED = 2
"""Objects in objects that are laid out over several lines."""


def program_files(
    program: Program,
    *,
    source_text: str | None = None,
    source_language: Language = Language.QASM3,
    emit: Sequence[Dialect] = (Dialect.QASM3,),
    checks: Sequence[Check] = (),
    outlook: Outlook | None = None,
    native: Native | None = None,
) -> dict[str, str]:
    """Everything that `dqplan split -o DIRECTORY` writes, by file name.

    Args:
        program: what to write.
        source_text: the circuit as it was read, kept as `input.qasm` or `input.json` so that the directory can be
            verified on its own; None leaves it out.
        source_language: of `source_text`.
        emit: languages, in files of their own; see `split.dialects` for the names. OpenQASM 3, which `verify` reads,
            is written in any case.
        checks: to be recorded in plan.json.
        outlook: the same, and its schedule goes to schedule.json and, as a picture, to timeline.svg. It is that of the
            native program if there is one.
        native: the program compiled for its modules, from `recompile_program`; it is written to files whose names say
            so, such as `joint.native.qasm` and `<module>.native.qasm`.

    Raises:
        UnsupportedError: one of the languages has no words for the program; it names the first operation in question.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/ghz_8.qasm")
    >>> segments, hardware = dqplan.segments_of(circuit), dqplan.load_hardware("line:2x5+1")
    >>> plan = dqplan.solve_plan(segments, hardware, effort=dqplan.Effort.QUICK)
    >>> sorted(program_files(dqplan.split_circuit(plan)))
    ['joint.qasm', 'm0.qasm', 'm1.qasm', 'plan.json']
    """
    files = {}
    if source_text is not None:
        files["input.json" if source_language is Language.CIRQ_JSON else "input.qasm"] = source_text
    for dialect in dict.fromkeys((Dialect.QASM3, *emit)):
        files |= {file_name(name, dialect): text for name, text in emit_program(program, dialect).items()}
        if native is not None:
            texts = emit_program(native.program, dialect)
            files |= {native_file_name(name, dialect): text for name, text in texts.items()}
    if outlook is not None and outlook.schedule is not None:
        scheduled = run_by_modules(program, native)
        files["schedule.json"] = laid_out(schedule_document(scheduled, outlook.schedule, outlook.supply)) + "\n"
        if len(scheduled.circuit) <= MOST_OPERATIONS:
            files["timeline.svg"] = timeline_svg(scheduled, outlook.schedule)
    return {"plan.json": plan_text(program, checks, sorted([*files, "plan.json"]), outlook, native), **files}


def plan_text(
    program: Program,
    checks: Sequence[Check],
    files: Sequence[str],
    outlook: Outlook | None = None,
    native: Native | None = None,
    survival: Survival | None = None,
) -> str:
    """The text of plan.json; arguments as for `plan_document`."""
    return laid_out(plan_document(program, checks, files, outlook, native, survival)) + "\n"


def laid_out(value: Any, depth: int = 0) -> str:
    """JSON with one entry of an object per line, so that every column of a plan, however long, is one line.

    (The encoder of Python that makes indented text is slow: a plan of 10^6 gates would take minutes.)
    """
    if not isinstance(value, dict) or depth > _INDENTED:
        return json.dumps(value, ensure_ascii=False)
    indent = " " * (depth + 1)
    entries = (f"{indent}{json.dumps(key)}: {laid_out(entry, depth + 1)}" for key, entry in value.items())
    return "{\n" + ",\n".join(entries) + f"\n{' ' * depth}}}"
