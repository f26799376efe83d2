"""What all JSON documents of a directory have in common: strict parts, a version, and errors in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from dqplan.core.errors import Place, PlanError, quoting

_SHOWN = 3
_HINT = "write the directory again with `dqplan split`"


class Part(BaseModel):
    """Nothing is converted (`"3"` is no number), no NaN, no infinity; further keys are allowed."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False, frozen=True)


D = TypeVar("D", bound=Part)


def document_of_text(kind: type[D], text: str, source: str, noun: str, schema: str) -> D:
    """Read a document.

    Args:
        kind: its model.
        text: the file's content.
        source: the file's name, for error messages.
        noun: what it is, in a word.
        schema: the name of its version.

    Raises:
        PlanError: not JSON, of another version, or a key is missing or holds something else than it should.
    """
    with quoting(text, source):
        content = _parsed(text, source, noun)
    version = content.get("schema") if isinstance(content, dict) else None
    if version != schema:
        found = f"its schema is {version!r}" if version is not None else "it names no schema"
        raise PlanError(f"not a {noun} of schema {schema!r}: {found}", place=Place(source), hint=_HINT)
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise PlanError(_in_words(error), place=Place(source), hint=_HINT) from error


def _parsed(text: str, source: str, noun: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(source, error.lineno, error.colno)
        raise PlanError(f"not JSON: {error.msg}", place=place, hint=_HINT) from error
    except (RecursionError, ValueError) as error:  # ValueError: an integer of thousands of digits
        raise PlanError(
            f"not a {noun}: nested too deeply, or a number too long", place=Place(source), hint=_HINT
        ) from error


def _in_words(error: ValidationError) -> str:
    details: list[Mapping[str, Any]] = list(error.errors(include_url=False, include_input=False))
    told = [f"{'.'.join(map(str, detail['loc']))}: {_plain(detail)}" for detail in details[:_SHOWN]]
    more = len(details) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more else "")


def _plain(detail: Mapping[str, Any]) -> str:
    text = "is missing" if detail["type"] == "missing" else str(detail["msg"])
    return text[0].lower() + text[1:]
