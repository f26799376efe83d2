"""Hardware templates -> networks: parameters are filled in by name and by the hardware file's keys."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from dqplan.core.errors import HardwareError
from dqplan.core.hardware import Hardware
from dqplan.load.hardware_files.document import hardware_document
from dqplan.load.hardware_files.lines import Document, read_document
from dqplan.load.hardware_files.presets import preset_names
from dqplan.load.hardware_files.shorthand import is_shorthand, parse_shorthand
from dqplan.load.load_hardware import hardware_of, hardware_source
from dqplan.sweep.row import Scalar
from dqplan.sweep.spreads import values_of

if TYPE_CHECKING:
    from dqplan.sweep.schema import Template

_FIELD = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Variant:
    """A template with a value for every parameter."""

    base: str
    parameters: Mapping[str, Scalar]


@dataclass(frozen=True)
class Network:
    """The hardware of a variant: a name for people, and the document from which a worker can build it."""

    name: str
    hardware: Hardware
    document: str


def variants_of(template: Template) -> list[Variant]:
    """All combinations of a template's parameters, the last one varying fastest."""
    grid = [[(name, value) for value in values_of(spread)] for name, spread in template.parameters.items()]
    points = template.points or [{}]
    return [Variant(template.base, {**point, **dict(chosen)}) for point in points for chosen in product(*grid)]


def count_variants(template: Template) -> int:
    """How many `variants_of` would write down."""
    sizes = [
        len(spread.values) if spread.values is not None else int((spread.linspace or spread.logspace or (0, 0, 0))[2])
        for spread in template.parameters.values()
    ]
    return math.prod(sizes) * max(1, len(template.points))


def fields_of(base: str) -> list[str]:
    """The names in braces: `line:{modules}x{data}` has two."""
    return _FIELD.findall(base)


def network_of(variant: Variant, directory: Path) -> Network:
    """Build a variant's hardware.

    Args:
        variant: base and parameters.
        directory: of the specification; files are looked for there.

    Raises:
        HardwareError: a parameter fits neither the base nor the hardware, or the network is wrong with it.
        SourceError: the base cannot be read.
    """
    used = fields_of(variant.base)
    base = _FIELD.sub(lambda name: _spelled(variant.parameters.get(name[1], name[0])), variant.base)
    paths = {name: value for name, value in variant.parameters.items() if name not in used}
    document = _base_document(base, directory)
    content = deepcopy(document.content)
    name = " ".join([base, *(f"{short}={_spelled(paths[path])}" for path, short in _short(list(paths)).items())])
    for path, value in paths.items():
        if "." not in path or not _put(content, path.split("."), value):
            message = f"`{path}` is neither in braces in `{variant.base}` nor a key of the hardware"
            raise HardwareError(message, hint="write `line:{modules}x9`, or a path such as `links.0.ebit.rate_hz`")
    hardware = hardware_of(replace(document, content=content))
    return Network(name, hardware, json.dumps(hardware_document(hardware)))


def _base_document(base: str, directory: Path) -> Document:
    """The hardware file that the base names."""
    if is_shorthand(base):
        return Document(base, hardware_document(parse_shorthand(base)))
    if base == "-":
        raise HardwareError("hardware of a sweep cannot be standard input", hint="put it in a file")
    beside = directory / base
    file = base not in preset_names() and (beside.suffix in (".yaml", ".yml", ".json") or os.path.isfile(beside))
    return read_document(hardware_source(str(beside) if file else base))


def _put(content: object, path: list[str], value: Scalar) -> bool:
    """Set the value where the path leads; a list without a number in the path means all its items."""
    step, rest = path[0], path[1:]
    if isinstance(content, list):
        if step.isdecimal() and step.isascii() and len(step) < 10:
            return int(step) < len(content) and bool(rest) and _put(content[int(step)], rest, value)
        return bool(content) and all(_put(item, path, value) for item in content)
    if not isinstance(content, dict):
        return False
    if not rest:
        content[step] = value
        return True
    return _put(content.setdefault(step, {}), rest, value)


def _short(paths: list[str]) -> dict[str, str]:
    """The last keys of the paths, for people, where they tell the paths apart."""
    last = {path: path.rpartition(".")[2] for path in paths}
    return {path: name if list(last.values()).count(name) == 1 else path for path, name in last.items()}


def _spelled(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)
