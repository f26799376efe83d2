"""Rows and outcomes as files hold them: every key there, every value of its type, whole numbers of at most 64 bits."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from dqplan.core.tally import FIGURES
from dqplan.sweep.row import Ending, Options, Outcome, Row

Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


_KINDS: dict[type, Any] = {bool: bool, int: Whole, float: float, str: str}
_Figures = create_model(
    "_Figures",
    __config__=ConfigDict(strict=True),  # others than those of this version are let through
    **{name: (_KINDS[kind] | None, None) for name, kind in FIGURES.items()},
)  # type: ignore[call-overload]


class _Outcome(_Stored):
    key: str
    status: Ending
    figures: dict[str, bool | Whole | float | str | None]
    code: str
    message: str
    elapsed_s: float


class _Options(_Stored):
    effort: str
    objective: str
    relaxed: bool
    recompile: bool
    time_limit_s: float | None


class _Row(_Stored):
    key: str
    circuit: str
    hardware: str
    parameters: dict[str, bool | Whole | float | str]
    circuit_digest: str
    hardware_digest: str
    num_qubits: Whole | None
    num_gates_2q: Whole | None
    num_modules: Whole
    data_qubits: Whole
    qubits: Whole
    options: _Options
    seed: Whole
    version: str


class _Manifest(_Stored):
    format: str = Field(alias="schema")
    title: str
    specs: list[Any]
    rows: list[_Row]


def outcome_of_json(text: str) -> Outcome:
    """An outcome; raises ValueError if something is missing, unknown or of another type."""
    stored = _Outcome.model_validate_json(text)
    _Figures.model_validate(stored.figures)
    return Outcome(**dict(stored))


def manifest_of_data(document: object) -> tuple[str, list[Any], list[tuple[str, Row]]]:
    """Title, specifications and rows, each with the key that is stored beside it.

    Raises:
        ValueError: as `outcome_of_json`; its text says what in a line.
    """
    try:
        stored = _Manifest.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return stored.title, stored.specs, [_keyed(row) for row in stored.rows]


def _keyed(stored: _Row) -> tuple[str, Row]:
    content = dict(stored)
    return content.pop("key"), Row(**{**content, "options": Options(**dict(stored.options))})
