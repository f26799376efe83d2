"""`dqplan simulate`: the digital twin, the emitted program on its hardware with all its noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.options import BackendName, Format, FormatOption, QuietOption, SeedOption
from dqplan.cli.terminal.interrupt import INTERRUPTED, interruptible
from dqplan.cli.terminal.progress import Reporter
from dqplan.cli.terminal.streams import answer_json, answer_table
from dqplan.core.units import count

if TYPE_CHECKING:
    from dqplan.simulate.simulate_program import Watch

_BAR_WIDTH = 20


def simulate(
    directory: Annotated[str, typer.Argument(metavar="DIRECTORY", help="What `dqplan split -o` wrote.")],
    shots: Annotated[int, typer.Option(min=1, max=10**7, metavar="N", help="How many runs.")] = 1000,
    seed: SeedOption = 0,
    backend: Annotated[
        BackendName,
        typer.Option(help="State vectors for few qubits, Stim for Clifford programs of any size, or CUDA-Q on a GPU."),
    ] = "statevector",
    format_: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Run what split wrote on its hardware, with noise.

    E-bits arrive at random and are imperfect, gates and readout fail, waiting qubits forget. The answer is how close
    the results are to the ideal ones, with 95 % confidence, beside the estimate of split. Ctrl-C gives what there is.
    """
    from dqplan.cli.render.experiment import experiment_document, experiment_report
    from dqplan.load.plan_document import read_directory
    from dqplan.simulate.simulate_program import Backend, simulate_program

    files, reporter = read_directory(directory), Reporter(quiet)
    with reporter.step("simulate"), interruptible(reporter, "the runs that are done") as stop:
        watch, engine = _shown(reporter), Backend(backend)
        experiment = simulate_program(files, shots=shots, seed=seed, backend=engine, stop=stop, watch=watch)
    if format_ is Format.JSON:
        answer_json(experiment_document(experiment))
    else:
        answer_table(experiment_report(experiment, directory))
    if experiment.shots < shots:
        raise typer.Exit(INTERRUPTED)


def _shown(reporter: Reporter) -> Watch:
    def watch(done: int, shots: int) -> None:
        whole = "█" * (_BAR_WIDTH * done // shots)
        reporter.draw(f"simulate {whole:░<{_BAR_WIDTH}} {count(done)} of {count(shots)} runs")

    return watch
