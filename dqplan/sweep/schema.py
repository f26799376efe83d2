"""The format `dqplan.sweep/1` of a sweep's specification: which keys there are and what they mean.

What spans several keys is looked at by `load_sweep`, where the files and networks that it names are found.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from dqplan.load.hardware_files.schema import Listed, Positive, Seed, Strict, Text

SCHEMA = "dqplan.sweep/1"
MOST_POINTS = 100_000
"""Most numbers of a linspace or logspace, and most seeds."""

Value = bool | int | float | str
Span = Annotated[list[int | float], Field(min_length=3, max_length=3)]


class Short(Strict):
    """A mapping; what is no mapping stands for one that holds the key `SHORT` alone."""

    SHORT: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object) -> object:
        return data if isinstance(data, dict) else {cls.SHORT: data}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Tell that the bare value may stand for the mapping."""
        full = handler.resolve_ref_schema(handler(core))
        bare = {key: rule for key, rule in full["properties"][cls.SHORT].items() if key not in ("title", "default")}
        return {"description": full.get("description", ""), "anyOf": [bare, full]}


class Spread(Short):
    """Values of a parameter: a list, or numbers at equal steps or equal ratios; one value stands for a list of one."""

    SHORT = "values"

    values: Listed[Value] | None = Field(default=None, description="The values themselves.")
    linspace: Span | None = Field(default=None, description="[from, to, how many]: equal steps, both ends included.")
    logspace: Span | None = Field(default=None, description="[from, to, how many]: equal ratios, both ends included.")


class Seeds(Short):
    """Seeds of the search: a list, or so many from `first` on."""

    SHORT = "values"

    values: Listed[Seed] | None = Field(default=None, description="The seeds themselves.")
    count: Annotated[int, Field(ge=1, le=MOST_POINTS)] | None = Field(default=None, description="How many.")
    first: Seed = Field(default=0, description="The first, if `count` is given.")


class Template(Short):
    """Hardware, and what is varied of it; a name, shorthand or file alone stands for `{base: ...}`."""

    SHORT = "base"

    base: Text = Field(
        description="A preset, shorthand or file (relative to this one); may hold parameters, as in "
        "`line:{modules}x{data}+2`."
    )
    parameters: dict[str, Spread] = Field(
        default={},
        description="Values by name: all combinations. A name stands in braces in `base`, or is a key of the hardware "
        "file, such as `links.0.ebit.rate_hz`; without the number it means every link.",
    )
    points: list[dict[str, Value]] = Field([], description="Parameters that vary together: a list of combinations.")


class Choices(Strict):
    """How rows are planned; each key takes one value or a list."""

    effort: Listed[Literal["quick", "normal", "thorough"]] = Field(
        default=["normal"], description="How hard to search."
    )
    objective: Listed[Text] = Field(
        default=["ebits"], description="What to plan for, as in `dqplan split --objective`."
    )
    relaxed: Listed[bool] = Field(default=[False], description="Ignore the limits on comm qubits.")
    recompile: Listed[bool] = Field(
        default=[True], description="Compile programs to native gates and coupling maps before they are tried."
    )
    time_limit_s: Listed[Positive | None] = Field(
        default=[None], description="Stop the search after this wall-clock time; rows are then not reproducible."
    )


class Sample(Strict):
    """Some rows instead of all, drawn at random without repetition."""

    rows: Annotated[int, Field(ge=1)] = Field(description="How many; all if there are fewer.")
    seed: Seed = Field(0, description="Of the draw.")


class GridEntry(Strict):
    """Every combination of circuits, hardware, options and seeds."""

    circuits: list[Text] = Field([], description="Files or globs, relative to this file.")
    hardware: list[Template] = Field([], description="Networks, or templates of them.")
    options: Choices = Field(default=Choices(), description="How rows are planned.")
    seeds: Seeds = Field(default=Seeds.model_validate([0]), description="Seeds of the search.")


class SweepFile(GridEntry):
    """A sweep for dqplan: one grid, or several."""

    model_config = ConfigDict(title="dqplan sweep", json_schema_extra={"$id": SCHEMA})

    format: Literal["dqplan.sweep/1"] = Field(alias="schema", description="Version of this format.")
    title: str = Field("", description="One line for people.")
    grids: list[GridEntry] = Field([], description="Several grids, one after the other, instead of one.")
    sample: Sample | None = Field(None, description="Some rows instead of all.")
