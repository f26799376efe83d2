"""Experiment -> how close the results came, and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from dqplan.cli.render.counts import counts_document, shortened
from dqplan.cli.render.widgets import bar, facts, heading, listing, words
from dqplan.core.counts import Counts
from dqplan.core.experiment import Experiment
from dqplan.core.units import count, counted, significant

_MOST = 16
"""Outcomes of a table."""


def experiment_report(experiment: Experiment, name: str) -> Iterator[RenderableType]:
    """The parts of the report, one below the other; `name` is the directory."""
    yield heading(f"{name}: {counted(experiment.shots, 'run')} with noise")
    yield Text()
    yield _figures(experiment)
    if experiment.counts is not None:
        yield Text()
        yield _outcomes(experiment, experiment.counts)
    yield Text()
    yield facts(_told(experiment))


def experiment_document(experiment: Experiment) -> dict[str, Any]:
    """The experiment as JSON-able values."""
    counts, ideal = experiment.counts, experiment.ideal
    return {
        "schema": "dqplan.experiment/1",
        "backend": experiment.backend,
        "shots": experiment.shots,
        "seed": experiment.seed,
        "inputs": experiment.inputs,
        "figures": {name: asdict(interval) for name, interval in experiment.figures.items()},
        "predicted": dict(experiment.predicted),
        "results": None if counts is None else counts_document(counts),
        "ideal": None if ideal is None else dict(ideal),
        "perfect": list(experiment.perfect),
        "assumed": list(experiment.assumed),
    }


def _figures(experiment: Experiment) -> Table:
    table = listing("against the ideal", "found", "95 % confidence", "estimate of split", right=[1, 2, 3])
    for name, found in experiment.figures.items():
        span = f"{significant(found.low, 4)} … {significant(found.high, 4)}"
        table.add_row(name, significant(found.value, 4), span, _estimate(experiment, name))
    for name in sorted(experiment.predicted.keys() - experiment.figures.keys()):
        table.add_row(name, "", "", _estimate(experiment, name))
    return table


def _estimate(experiment: Experiment, name: str) -> str:
    return significant(experiment.predicted[name], 4) if name in experiment.predicted else ""


def _outcomes(experiment: Experiment, counts: Counts) -> Table:
    """The most frequent outcomes, with their ideal probabilities."""
    table = listing("outcome", "count", "part", "ideal", "", right=[1, 2, 3])
    most = max(counts.outcomes.values())
    for name, number in list(counts.outcomes.items())[:_MOST]:
        ideal = "" if experiment.ideal is None else significant(experiment.ideal.get(name, 0.0))
        table.add_row(shortened(name), count(number), significant(number / counts.total), ideal, bar(number, most))
    rest = list(counts.outcomes.values())[_MOST:]
    if rest:
        table.add_row(f"{count(len(rest))} more", count(sum(rest)), significant(sum(rest) / counts.total), "", "")
    return table


def _told(experiment: Experiment) -> Iterator[tuple[str, str]]:
    counts = experiment.counts
    if counts is not None:
        yield "bits", " ".join(f"{register.name}[{register.size}]" for register in reversed(counts.registers))
        if experiment.ideal is None:
            yield "ideal", "not known: too many qubits or outcomes to follow them all"
    yield "inputs", experiment.inputs
    yield "runs", words(f"by {experiment.backend}", f"seed {experiment.seed}")
    if experiment.perfect:
        yield "unknown", f"{'; '.join(experiment.perfect)}: taken as perfect"
    if experiment.assumed:
        yield "assumed", "; ".join(experiment.assumed)
