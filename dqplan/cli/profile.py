"""`dqplan profile`: what workloads need, before anything is planned."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.options import LanguageName, LanguageOption, QuietOption, VerboseOption
from dqplan.cli.output.output_file import check_file, write_file
from dqplan.cli.terminal.progress import Reporter
from dqplan.cli.terminal.streams import answer, check_read_once, drawn
from dqplan.core.errors import UsageError

if TYPE_CHECKING:
    from dqplan.core.profile import Demand, Profile
    from dqplan.core.segments import Segments

USUAL_MODULES = (2, 4, 8, 16, 32, 64)
"""Tried as long as every module gets two qubits or more."""
MOST_MODULES = 1000
"""Most modules that --modules may ask for."""


class ProfileFormat(StrEnum):
    """How profiles are written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"


def profile(
    circuits: Annotated[list[str], typer.Argument(metavar="CIRCUIT", help="Files, or - for standard input.")],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="PATH", help="Write the answer there; - is standard output.")
    ] = "-",
    language: LanguageOption = None,
    modules: Annotated[
        str,
        typer.Option(
            metavar="LIST",
            help="Find the e-bits for these numbers of modules (2,3,4) or for none. [default: 2,4,8 … up to 64]",
        ),
    ] = "",
    format_: Annotated[
        ProfileFormat, typer.Option("--format", help="How to write the answer; ndjson is a line for each circuit.")
    ] = ProfileFormat.TABLE,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Say what circuits need: size, depth, structure, entanglement, and e-bits by number of modules.

    CIRCUIT is OpenQASM 2, OpenQASM 3 or Cirq JSON. JSON is one object, or a list of them for several circuits; a line
    of NDJSON is printed as soon as its circuit is done.
    """
    wanted = numbers_of_modules(modules)
    check_read_once(circuits)
    if output != "-":
        check_file(output)
    reporter = Reporter(quiet, verbose)
    profiles = (_profile_of(path, language, wanted, reporter) for path in circuits)
    if output != "-":
        write_file(output, _text(profiles, format_, terminal=False))
    elif format_ is ProfileFormat.NDJSON:
        for each in profiles:
            answer(_text([each], format_, terminal=True))
    else:
        answer(_text(profiles, format_, terminal=True))


def numbers_of_modules(text: str) -> list[int] | None:
    """The list that --modules asks for; None for the usual ones, which depend on the circuit."""
    if text in ("", "none"):
        return [] if text else None
    numbers = [int(part) if part.isascii() and part.isdigit() and len(part) < 9 else 0 for part in text.split(",")]
    if not all(1 <= number <= MOST_MODULES for number in numbers):
        message = f"--modules: `{text}` is not a list of numbers from 1 to {MOST_MODULES}, or none"
        raise UsageError(message, hint="--modules 2,3,4")
    return list(dict.fromkeys(numbers))


def _profile_of(path: str, language: LanguageName | None, wanted: list[int] | None, reporter: Reporter) -> Profile:
    from dqplan.core.normalise import segments_of
    from dqplan.load.load_circuit import Language, load_circuit
    from dqplan.profile.profile_circuit import profile_circuit

    with reporter.step(f"read {path}"):
        circuit = load_circuit(path, Language(language) if language else None)
    with reporter.step("find segments"):
        segments = segments_of(circuit)
    if wanted is None:
        wanted = [count for count in USUAL_MODULES if 2 * count <= circuit.num_qubits]
    demand = [demand_of(segments, count, reporter) for count in wanted]
    with reporter.step(f"profile {circuit.name}"):
        return profile_circuit(circuit, segments=segments, demand=demand)


def demand_of(segments: Segments, num_modules: int, reporter: Reporter) -> Demand:
    """E-bits that quick planning finds for equal modules, all-to-all, that have one data qubit more than they must."""
    import numpy as np

    from dqplan.core.plan import Effort
    from dqplan.core.profile import Demand
    from dqplan.load.load_hardware import load_hardware
    from dqplan.solve.solve_plan import solve_plan

    size = -(-segments.circuit.num_qubits // num_modules) + 1
    with reporter.step(f"plan for {num_modules} modules"):
        plan = solve_plan(segments, load_hardware(f"all:{num_modules}x{size}"), effort=Effort.QUICK)
    return Demand(
        num_modules=num_modules,
        module_size=size,
        modules_used=len(np.unique(plan.home)),
        ebits=plan.cost.ebits,
        one_ebit_per_remote_gate=plan.baseline.one_ebit_per_remote_gate,
        bound=plan.bound.ebits,
        bound_covers=plan.bound.covers,
        effort=plan.effort.value,
    )


def _text(profiles: Iterable[Profile], format_: ProfileFormat, *, terminal: bool) -> str:
    from dqplan.cli.render.profile import profile_line, profiles_json, profiles_report

    match format_:
        case ProfileFormat.JSON:
            return profiles_json(list(profiles))
        case ProfileFormat.NDJSON:
            return "".join(map(profile_line, profiles))
        case _:
            return drawn(profiles_report(list(profiles)), sys.stdout if terminal else None)
