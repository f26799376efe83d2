"""dqplan.toml or [tool.dqplan] -> Config: which circuits are planned on which hardware, and within which budget."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from dqplan.core.errors import ConfigError, DqplanError, HardwareError, Place, SourceError, quoting
from dqplan.core.objective import Objective
from dqplan.load.config_file.toml_lines import read_toml
from dqplan.load.hardware_files.lines import Document, Mistake
from dqplan.load.hardware_files.lines import Path as Keys
from dqplan.load.hardware_files.mistakes import schema_mistakes
from dqplan.load.hardware_files.presets import preset_names
from dqplan.load.hardware_files.shorthand import is_shorthand
from dqplan.load.load_hardware import load_hardware
from dqplan.load.source import files_of, read_source

if TYPE_CHECKING:
    from dqplan.load.config_file.schema import Budget, ConfigFile, Settings

FILE, PROJECT = "dqplan.toml", "pyproject.toml"
_SECTION = ("tool", "dqplan")
_HINT = "`dqplan check --schema` prints the whole format"
_START_HINT = 'begin with `hardware = "line:4x9+2"`, then `[[budgets]]` with `circuits = "*.qasm"`; ' + _HINT


@dataclass(frozen=True)
class Case:
    """A circuit on a hardware, and what its plan may cost.

    Attributes:
        circuit: the path of its file, from the present directory.
        hardware: a preset, a shorthand, or the path of a file.
        settings: how it is planned, and the budget.
        places: where keys of the settings stand in the file, by key.
    """

    circuit: str
    hardware: str
    settings: Settings
    places: Mapping[str, Place]


@dataclass(frozen=True)
class Config:
    """What is to be checked: the file that says so, and its cases, each once, by circuit in the order of the file."""

    source: str
    cases: tuple[Case, ...]


def load_config(path: str = "") -> Config:
    """Read a file, or the nearest one in the present directory or above.

    Args:
        path: of a TOML file; its section [tool.dqplan] counts if it is called pyproject.toml. Empty: in each
            directory from the present one upwards, dqplan.toml is looked for, then a pyproject.toml with that section.

    Raises:
        SourceError: the file cannot be read.
        ConfigError: there is none, or it is wrong; the message names file, line and key of the first mistake. What is
            wrong with a circuit, or in a file of hardware, is no mistake here.
    """
    document = _read(path) if path else _nearest()
    if document is None:
        raise ConfigError(f"{path} has no section [tool.dqplan]", hint=_START_HINT)
    with quoting(document.text, document.source):
        file = _validated(document)
        return Config(document.source, tuple(_cases(document, file, Path(document.source).parent)))


def _nearest() -> Document | None:
    here = Path.cwd()
    for directory in (here, *here.parents):
        for name in (FILE, PROJECT):
            path = os.path.relpath(directory / name)
            document = _read(path) if os.path.isfile(path) else None
            if document is not None:
                return document
    message = f"neither {FILE} nor a {PROJECT} with [tool.dqplan] is here or in a directory above"
    raise ConfigError(message, hint=_START_HINT)


def _read(path: str) -> Document | None:
    """What the file says to dqplan; None if that is a section which it does not have."""
    try:
        source = read_source(path)
        with quoting(source.text, source.name):
            document = read_toml(source)
    except SourceError as error:
        if error.message == "is empty" and os.path.basename(path) == PROJECT:
            return None
        hint = _START_HINT if error.message == "is empty" else error.hint
        raise SourceError(error.message, hint=hint, place=error.place) from error
    if os.path.basename(path) != PROJECT:
        return document
    content: object = document.content
    for name in _SECTION:
        content = content.get(name) if isinstance(content, dict) else None
    depth = len(_SECTION)
    marks = {keys[depth:]: mark for keys, mark in document.marks.items() if keys[:depth] == _SECTION}
    return None if content is None else replace(document, content=content, marks=marks)


def _validated(document: Document) -> ConfigFile:
    from pydantic import ValidationError

    from dqplan.load.config_file.schema import ConfigFile

    try:
        file = ConfigFile.model_validate(document.content)
    except ValidationError as error:
        mistakes = list(schema_mistakes(document, error, ConfigFile))
    else:
        mistakes = list(_broken_rules(document, file))
        if not mistakes:
            return file
    first = min(mistakes, key=lambda mistake: (not mistake.place.line, mistake.place.line, mistake.place.column))
    hint = _START_HINT if first.key == "budgets" else first.hint or _HINT
    raise replace(first, hint=hint).error_of(ConfigError, len(mistakes))


def _broken_rules(document: Document, file: ConfigFile) -> Iterator[Mistake]:
    """What the schema alone cannot see."""
    directory = Path(document.source).parent
    for keys, part in _parts(file):
        for number, spec in enumerate(part.hardware or []):
            yield from _wrong_hardware(document, (*keys, "hardware", number), _found(spec, directory))
        yield from _wrong_objective(document, (*keys, "objective"), part.objective)
    for number, budget in enumerate(file.budgets):
        if not (budget.hardware or file.hardware):
            message = "is missing, here and at the top of the file"
            yield document.mistake(("budgets", number, "hardware"), message, 'such as `hardware = "line:4x9+2"`')
        for place, pattern in enumerate(budget.circuits):
            if not files_of(pattern, directory):
                hint = f"globs are relative to the directory of {document.source}"
                yield document.mistake(("budgets", number, "circuits", place), f"`{pattern}` matches no file", hint)


def _parts(file: ConfigFile) -> Iterator[tuple[Keys, Budget | ConfigFile]]:
    """The top of the file and its budgets, with their places."""
    yield (), file
    for number, budget in enumerate(file.budgets):
        yield ("budgets", number), budget


def _wrong_objective(document: Document, keys: Keys, text: str) -> Iterator[Mistake]:
    try:
        Objective.of_text(text)
    except DqplanError as error:
        yield document.mistake(keys, error.message.removeprefix("--objective: "), error.hint)


def _wrong_hardware(document: Document, keys: Keys, spec: str) -> Iterator[Mistake]:
    """What is wrong with the name of a hardware; mistakes in its file are told where it is planned on."""
    if spec == "-":
        yield document.mistake(keys, "hardware of a check cannot be standard input", "put it in a file")
        return
    try:
        load_hardware(spec)
    except DqplanError as error:
        if not (isinstance(error, HardwareError) and error.place):
            hint = f"files are relative to the directory of {document.source}"
            yield document.mistake(keys, str(error), hint if isinstance(error, SourceError) else error.hint)


def _found(spec: str, directory: Path) -> str:
    """The name of a hardware; that of a file as it is reached from the present directory."""
    if is_shorthand(spec) or spec in preset_names() or spec == "-":
        return spec
    beside = directory / spec
    return _from_here(str(beside)) if beside.suffix in (".yaml", ".yml", ".json") or beside.is_file() else spec


def _from_here(path: str) -> str:
    """A path from the present directory; one that is absolute stays so unless it leads below that."""
    short = os.path.relpath(path)
    return os.path.normpath(path) if os.path.isabs(path) and short.startswith(os.pardir) else short


def _cases(document: Document, file: ConfigFile, directory: Path) -> Iterator[Case]:
    """Each circuit on each hardware that the budgets name, one circuit after the other."""
    naming: dict[tuple[str, str], list[int]] = {}
    for number, budget in enumerate(file.budgets):
        circuits = [_from_here(path) for pattern in budget.circuits for path in files_of(pattern, directory)]
        networks = [_found(spec, directory) for spec in budget.hardware or file.hardware or []]
        for pair in product(dict.fromkeys(circuits), dict.fromkeys(networks)):
            naming.setdefault(pair, []).append(number)
    rank = {circuit: number for number, circuit in enumerate(dict.fromkeys(circuit for circuit, _ in naming))}
    for circuit, hardware in sorted(naming, key=lambda pair: rank[pair[0]]):
        numbers = naming[circuit, hardware]
        parts: list[tuple[Keys, Settings]] = [((), file)]
        parts += [(("budgets", number), file.budgets[number]) for number in numbers]
        yield Case(circuit, hardware, *_joined(document, parts))


def _joined(document: Document, parts: Sequence[tuple[Keys, Settings]]) -> tuple[Settings, dict[str, Place]]:
    """What several parts of the file say together, later ones over earlier ones, and where each key stands."""
    from dqplan.load.config_file.schema import Settings

    chosen, places = {}, {}
    for keys, part in parts:
        for name in part.model_fields_set & Settings.model_fields.keys():
            alias = Settings.model_fields[name].alias or name
            chosen[name] = getattr(part, name)
            places[alias] = Place(document.source, document.marks[*keys, alias][0])
    return Settings().model_copy(update=chosen), places
