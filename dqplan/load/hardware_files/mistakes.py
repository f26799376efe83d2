"""Everything that is wrong in a hardware file, in the order of its lines, and in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, get_args

from dqplan.load.hardware_files.devices import fit_devices
from dqplan.load.hardware_files.lines import Document, Mistake, Path
from dqplan.load.hardware_files.parts import fit_parts
from dqplan.load.hardware_files.rules import find_broken_rules, suggest

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from dqplan.load.hardware_files.schema import HardwareFile


def validate_document(document: Document) -> tuple[HardwareFile | None, list[Mistake]]:
    """The file in the schema's form, with the links that it uses filled in, or None and every mistake in it."""
    from pydantic import ValidationError

    from dqplan.load.hardware_files.schema import HardwareFile

    document, mistakes = fit_parts(document)
    document, more = fit_devices(document)
    mistakes += more
    mistakes += find_broken_rules(document)
    file = None
    try:
        file = HardwareFile.model_validate(document.content)
    except ValidationError as error:
        mistakes += schema_mistakes(document, error, HardwareFile)
    mistakes.sort(key=lambda mistake: (mistake.place.line, mistake.place.column))
    return (None if mistakes else file), mistakes


def schema_mistakes(document: Document, error: ValidationError, model: type[BaseModel]) -> Iterator[Mistake]:
    """One mistake per place in the file; the branches of a union that all failed are told in one sentence."""
    details: list[dict[str, Any]] = [dict(detail) for detail in error.errors(include_url=False, include_context=True)]
    for path, group in groupby(details, key=lambda detail: _path_in_file(document, detail)):
        yield _in_words(document, path, list(group), model)


def _path_in_file(document: Document, detail: dict[str, Any]) -> Path:
    """The error's location without the steps that the schema adds, such as `value` of a bare number."""
    if detail["type"] == "missing":
        return tuple(detail["loc"])
    path: Path = ()
    here: object = document.content
    for step in detail["loc"]:
        if _has(here, step):
            here = here[step]  # type: ignore[index]
            path = (*path, step)
    return path


def _has(here: object, step: str | int) -> bool:
    if isinstance(here, list):
        return isinstance(step, int) and step < len(here)
    return isinstance(here, dict) and step in here


def _in_words(document: Document, path: Path, details: list[dict[str, Any]], model: type[BaseModel]) -> Mistake:
    first = details[0]
    if first["type"] == "missing":
        return document.mistake(path, "is missing", "add this key")
    if first["type"] == "extra_forbidden":
        return document.mistake(path, "unknown key", suggest(path[-1], _keys_beside(path, model)))
    expected = " or ".join(dict.fromkeys(_expectation(detail) for detail in details))
    return document.mistake(path, f"found {_shown(first['input'])}; expected {expected}")


def _shown(found: object) -> str:
    match found:
        case dict():
            return "a mapping"
        case list():
            return f"a list of {len(found)}"
        case None:
            return "nothing"
        case bool():
            return str(found).lower()
        case str():
            return f"`{found[:40]}`" + ("..." if len(found) > 40 else "")
        case _:
            return str(found)


_EXPECTATIONS = {
    "greater_than_equal": "a number of at least {ge:g}",
    "greater_than": "a number above {gt:g}",
    "less_than_equal": "a number of at most {le:g}",
    "finite_number": "a finite number",
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "literal_error": "{expected}",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
}


def _expectation(detail: dict[str, Any]) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "string_pattern_mismatch":
        return _pattern_words(context["pattern"])
    words = _EXPECTATIONS.get(detail["type"])
    return words.format(**context) if words else str(detail["msg"])


def _pattern_words(pattern: str) -> str:
    from dqplan.load.hardware_files.schema import COUPLING, DATE, LINK_SHAPE

    if pattern == COUPLING:
        return "all, line, ring, `grid 3x4`, unspecified"
    if pattern == LINK_SHAPE:
        return "all, line, ring, star or `grid 3x4`"
    if pattern == DATE:
        return "a date such as 2026-11-26 or 2026-11-26T08:30:00Z"
    return "a name of lower-case letters, digits and underscores that begins with a letter, at most 63 long"


def _keys_beside(path: Path, here: type[BaseModel]) -> list[str]:
    """Keys that the schema, which begins with the model `here`, allows beside the last step of the path."""
    for step in path[:-1]:
        if step in here.model_fields:
            here = _model_in(here.model_fields[str(step)].annotation) or here
    return [field.alias or name for name, field in here.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The first model inside an annotation such as `dict[str, SourceEntry]`."""
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
