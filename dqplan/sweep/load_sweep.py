"""Specification -> Sweep: rows, and the circuits and networks that they need."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import dqplan
from dqplan.core.errors import DqplanError, HardwareError, SpecError, quoting
from dqplan.core.hardware import Hardware
from dqplan.core.objective import Objective
from dqplan.load.hardware_files.lines import Document, Mistake, read_document
from dqplan.load.hardware_files.lines import Path as Keys
from dqplan.load.hardware_files.mistakes import schema_mistakes
from dqplan.load.source import Source, files_of, read_source
from dqplan.sweep.grid import Grid, combinations_of
from dqplan.sweep.networks import Network, Variant, count_variants, fields_of, network_of, variants_of
from dqplan.sweep.row import Options, Row
from dqplan.sweep.spreads import seeds_of, spread_faults
from dqplan.sweep.workloads import Workload, read_workloads

if TYPE_CHECKING:
    from dqplan.sweep.schema import Choices, GridEntry, SweepFile, Template

MOST_ROWS = 200_000
"""They and their outcomes are held in memory: about six kilobytes each."""
_MOST = f"at most {MOST_ROWS:,} are allowed, of which a `sample` may be drawn"
_START_HINT = "begin with `schema: dqplan.sweep/1`; `dqplan sweep --schema` prints the whole format"


@dataclass(frozen=True)
class Sweep:
    """What is to be planned.

    Attributes:
        source: the specification's file.
        title: one line for people.
        content: the specification as plain data.
        rows: in the order of the specification, each once.
        workloads: circuits by digest.
        networks: hardware documents, as JSON, by digest.
    """

    source: str
    title: str
    content: object
    rows: tuple[Row, ...]
    workloads: Mapping[str, Workload]
    networks: Mapping[str, str]


@dataclass(frozen=True)
class _Place:
    """A variant of a template, and where the template stands in the specification."""

    keys: Keys
    variant: Variant


def load_sweep(path: str) -> Sweep:
    """Read a specification and everything that it names.

    Args:
        path: a YAML or JSON file of the format `dqplan.sweep/1`, or `-`; it names files relative to itself.

    Raises:
        SourceError: the file cannot be read.
        SpecError: it is wrong; the message names file, line and key of the first mistake. A circuit that cannot be
            read is no mistake: its rows fail.

    >>> import json, pathlib, tempfile
    >>> circuits = [str(pathlib.Path("sample_circuits/ghz_8.qasm").resolve())]
    >>> path = pathlib.Path(tempfile.mkdtemp(), "spec.json")
    >>> spec = {"schema": "dqplan.sweep/1", "circuits": circuits, "hardware": ["all:2x5", "all:4x3"]}
    >>> _ = path.write_text(json.dumps(spec))
    >>> len(load_sweep(str(path)).rows)
    2
    """
    source = read_source(path, "a specification: `dqplan sweep --schema`")
    with quoting(source.text, source.name):
        return _loaded(source, Path() if path == "-" else Path(path).parent)


def _loaded(source: Source, directory: Path) -> Sweep:
    """The sweep of a specification, which names files relative to a directory; raises as `load_sweep`."""
    document = _parsed(source)
    file = _validated(document)
    grids = [_grid(document, keys, entry, directory) for keys, entry in _entries(file)]
    drawn, seed = (file.sample.rows, file.sample.seed) if file.sample else (None, 0)
    size = min(sum(map(len, grids)), drawn or sys.maxsize)
    if size > MOST_ROWS:
        mistake = document.mistake((), f"{size:,} rows; at most {MOST_ROWS:,} are allowed", "draw a `sample`")
        raise mistake.error_of(SpecError)
    chosen = combinations_of(grids, drawn, seed)
    return _sweep(document, file.title, list(chosen), directory)


def _parsed(source: Source) -> Document:
    try:
        return read_document(source)
    except HardwareError as error:  # the reader of YAML is that of hardware files
        raise SpecError(error.message, hint=_START_HINT, place=error.place) from error


def _validated(document: Document) -> SweepFile:
    """The file in the schema's form."""
    from pydantic import ValidationError

    from dqplan.sweep.schema import SweepFile

    try:
        file = SweepFile.model_validate(document.content)
    except ValidationError as error:
        mistakes = list(schema_mistakes(document, error, SweepFile))
    else:
        mistakes = [*_doubled(document), *_broken_rules(document, file)]
        if not mistakes:
            return file
    first = min(mistakes, key=lambda mistake: (mistake.place.line, mistake.place.column))
    raise first.error_of(SpecError, len(mistakes))


def _entries(file: SweepFile) -> list[tuple[Keys, GridEntry]]:
    """The grids with their places."""
    return [(("grids", i), entry) for i, entry in enumerate(file.grids)] or [((), file)]


def _doubled(document: Document) -> Iterator[Mistake]:
    for path in document.duplicates:
        yield document.mistake(path, "this key stands twice in one mapping", "delete one of the two")


def _broken_rules(document: Document, file: SweepFile) -> Iterator[Mistake]:
    """What the schema alone cannot see."""
    if file.grids and (file.circuits or file.hardware):
        yield document.mistake(
            ("grids",), "there is one grid more beside them", "move its keys into the list, as one more item"
        )
    for keys, entry in _entries(file):
        for name in ("circuits", "hardware"):
            if not getattr(entry, name):
                yield document.mistake((*keys, name), "is missing or empty", "name at least one")
        if (entry.seeds.values is None) == (entry.seeds.count is None):
            yield document.mistake((*keys, "seeds"), "expected a list, or how many: `{count: 5}`")
        for number, objective in enumerate(entry.options.objective):
            yield from _wrong_objective(document, (*keys, "options", "objective", number), objective)
        choices = math.prod(len(getattr(entry.options, name)) for name in type(entry.options).model_fields)
        if choices > MOST_ROWS:
            yield document.mistake((*keys, "options"), f"{choices:,} combinations; {_MOST}")
        for number, template in enumerate(entry.hardware):
            yield from _template_faults(document, (*keys, "hardware", number), template)


def _wrong_objective(document: Document, keys: Keys, text: str) -> Iterator[Mistake]:
    try:
        Objective.of_text(text)
    except DqplanError as error:
        yield document.mistake(document.nearest(keys), error.message.removeprefix("--objective: "), error.hint)


def _template_faults(document: Document, keys: Keys, template: Template) -> Iterator[Mistake]:
    from dqplan.sweep.schema import MOST_POINTS

    faults = [
        (name, fault) for name, spread in template.parameters.items() for fault in spread_faults(spread, MOST_POINTS)
    ]
    for name, (key, message) in faults:
        yield document.mistake((*keys, "parameters", name, *([key] if key else [])), message)
    if not faults:
        variants = count_variants(template)
        if variants > MOST_ROWS:
            yield document.mistake((*keys, "parameters"), f"{variants:,} combinations; {_MOST}")
    given = {*template.parameters, *(name for point in template.points for name in point)}
    for name in fields_of(template.base):
        if name not in given:
            message = f"`{{{name}}}` has no values"
            yield document.mistake((*keys, "base"), message, f"add `{name}: [...]` to `parameters`")


def _grid(document: Document, keys: Keys, entry: GridEntry, directory: Path) -> Grid:
    """The axes: files, variants with their places, options and seeds."""
    files: list[str] = []
    for number, pattern in enumerate(entry.circuits):
        found = files_of(pattern, directory)
        if not found:
            hint = "globs are relative to the specification's file"
            mistake = document.mistake((*keys, "circuits", number), f"`{pattern}` matches no file", hint)
            raise mistake.error_of(SpecError)
        files += found
    templates = [((*keys, "hardware", number), template) for number, template in enumerate(entry.hardware)]
    variants = [_Place(place, variant) for place, template in templates for variant in variants_of(template)]
    return Grid((list(dict.fromkeys(files)), variants, _options(entry.options), seeds_of(entry.seeds)))


def _options(choices: Choices) -> list[Options]:
    axes = (choices.effort, choices.objective, choices.relaxed, choices.recompile, choices.time_limit_s)
    return [Options(*combination) for combination in product(*axes)]


def _sweep(
    document: Document, title: str, chosen: Sequence[tuple[str, _Place, Options, int]], directory: Path
) -> Sweep:
    workloads = read_workloads(file for file, _, _, _ in chosen)
    networks: dict[int, Network] = {}
    rows: dict[tuple[str, str, str], Row] = {}
    for file, place, options, seed in chosen:
        if id(place) not in networks:
            networks[id(place)] = _network(document, place, directory)
        row = _row(workloads[file], networks[id(place)], place.variant, options, seed)
        rows.setdefault((row.key, row.circuit, row.hardware), row)
    return Sweep(
        source=document.source,
        title=title,
        content=document.content,
        rows=tuple(rows.values()),
        workloads={workload.digest: workload for workload in workloads.values()},
        networks={network.hardware.digest: network.document for network in networks.values()},
    )


def _network(document: Document, place: _Place, directory: Path) -> Network:
    """The hardware of a variant; what is wrong with it is told at the parameter or template to blame."""
    try:
        return network_of(place.variant, directory)
    except DqplanError as error:
        blamed = [name for name in place.variant.parameters if _tells_of(error, name)]
        keys = (*place.keys, *(("parameters", blamed[0]) if blamed else ("base",)))
        values = ", ".join(f"{name} = {value}" for name, value in place.variant.parameters.items())
        found = f"{error}, with {values}" if values else str(error)
        raise document.mistake(document.nearest(keys), found, error.hint).error_of(SpecError) from error


def _tells_of(error: DqplanError, parameter: str) -> bool:
    """Whether an error is about a key of the hardware file that a parameter sets, with or without its numbers."""
    told = error.message.partition(": ")[0].strip("`").split(" ")[0].rstrip("`").split(".")
    return parameter.split(".") in (told, [step for step in told if not step.isdigit()])


def _row(workload: Workload, network: Network, variant: Variant, options: Options, seed: int) -> Row:
    return Row(
        circuit=workload.name,
        hardware=network.name,
        parameters=variant.parameters,
        circuit_digest=workload.digest,
        hardware_digest=network.hardware.digest,
        num_qubits=workload.num_qubits,
        num_gates_2q=workload.num_gates_2q,
        num_modules=network.hardware.num_modules,
        data_qubits=int(network.hardware.data_capacity.sum()),
        qubits=_qubits(network.hardware),
        options=options,
        seed=seed,
        version=dqplan.__version__,
    )


def _qubits(hardware: Hardware) -> int:
    """Data, comm and memory qubits of all modules; unlimited comm qubits are not counted."""
    return sum(module.data_qubits + (module.comm_qubits or 0) + module.memory_qubits for module in hardware.modules)
