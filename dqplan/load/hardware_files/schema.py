"""The hardware file's format `dqplan.hardware/1`: which keys there are, what they mean, in which unit and range.

What spans several keys (names that must exist, T2 <= 2 T1, ...) is in `hardware_rules`.
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic.functional_validators import BeforeValidator
from pydantic_core import CoreSchema

SCHEMA = "dqplan.hardware/1"

NAME = r"^[a-z][a-z0-9_]{0,62}$"
LINK_SHAPE = r"^(all|line|ring|star|grid [1-9][0-9]{0,5}x[1-9][0-9]{0,5})$"
COUPLING = r"^(all|line|ring|grid [1-9][0-9]{0,5}x[1-9][0-9]{0,5}|unspecified)$"

DATE = r"^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T[0-9:.]{5,15}(Z|[+-][0-9]{2}:?[0-9]{2})?)?)?$"

Name = Annotated[str, Field(pattern=NAME)]
Fraction = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Whole = Annotated[int, Field(ge=0, le=1_000_000)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Text = Annotated[str, Field(min_length=1)]
V = TypeVar("V")

_PAIR = {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}
Pairs = Annotated[list[object], WithJsonSchema({"anyOf": [_PAIR, {"type": "array", "items": _PAIR}]})]
"""Which of the two forms it is, and whether the names exist, is told by `hardware_rules` in one sentence."""


def _listed(data: object) -> object:
    return data if isinstance(data, list) else [data]


Listed = Annotated[list[V], Field(min_length=1), BeforeValidator(_listed, json_schema_input_type=V | list[V])]
"""One value may stand for a list of one."""


class Strict(BaseModel):
    """Unknown keys are mistakes, nothing is converted (`"0.9"` is no number), no NaN and no infinity."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Number(Strict, Generic[V]):
    """A number with its provenance; a bare number means `{value: ..., basis: assumed}`."""

    value: V = Field(description="The number itself, in the unit that its key names.")
    basis: Literal["measured", "roadmap", "assumed"] = Field(
        "assumed", description="measured in an experiment, announced as a target, or assumed."
    )
    source: str = Field("", description="Key in `sources`.")
    uncertainty: NotNegative | None = Field(None, description="Standard uncertainty, in the number's own unit.")
    unverified: bool = Field(False, description="True if the number was recalled and not checked against its source.")
    note: str = Field("", description="What a reader must know about the number.")
    date: Annotated[str, Field(pattern=DATE)] = Field(
        "", description="When it was measured: 2026-11-26, or 2026-11-26T08:30:00Z."
    )

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object) -> object:
        return data if isinstance(data, dict) else {"value": data}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Tell that the bare value may stand for the mapping."""
        full = handler.resolve_ref_schema(handler(core))
        bare = {key: rule for key, rule in full["properties"]["value"].items() if key not in ("title", "description")}
        return {"description": full.get("description", ""), "anyOf": [bare, full]}


class Fidelity(Number[Fraction]):
    """A fidelity, 0 to 1."""


class Seconds(Number[NotNegative]):
    """A duration or delay in seconds."""


class Lifetime(Number[Positive]):
    """A coherence time or an age in seconds, above 0."""


class Hertz(Number[Positive]):
    """A rate per second, above 0."""


class Metres(Number[NotNegative]):
    """A length in metres."""


class Qubits(Number[Whole]):
    """A number of qubits, 0 to 1000000."""


class CommQubits(Number[Whole | Literal["unlimited"]]):
    """A number of comm qubits, 0 to 1000000, or `unlimited`."""


class Copies(Number[Annotated[int, Field(ge=1, le=1000)]]):
    """A number of equal modules, 1 to 1000."""


class Channels(Number[Annotated[int, Field(ge=1, le=1_000_000)]]):
    """A number of channels, 1 or more."""


class BellDiagonal(Number[Annotated[list[Fraction], Field(min_length=4, max_length=4)]]):
    """Weights of the errors I, X, Y and Z on an e-bit, in this order; their sum is 1."""


class FactEntry(Number[float]):
    """A published number that the planner does not use."""

    unit: str = Field("", description="Unit of the value; empty for fractions and counts.")


class SourceEntry(Strict):
    """A publication, data set or statement that numbers refer to."""

    title: str = Field(description="Title, or what it is.")
    reference: str = Field("", description="DOI, arXiv number or address.")
    seen: str = Field("", description="How much of it was read by whoever wrote the file.")
    kind: Literal["", "primary", "secondary", "computed", "recalled", "own"] = Field(
        "", description="recalled: from memory, so every number that cites it must say `unverified: true`."
    )


class Operation(Strict):
    """How well and how fast one kind of operation is done."""

    gate: Name | None = Field(default=None, description="OpenQASM name of the gate that was measured, such as cz.")
    fidelity: Fidelity | None = Field(
        default=None, description="Average gate fidelity, or 1 - error of a readout or reset."
    )
    duration_s: Seconds | None = Field(default=None, description="Duration in seconds.")


def _use_for_size(schema: dict[str, Any]) -> None:
    """A module that uses a file takes its data qubits from there."""
    needed = schema.pop("required")
    fewer = [key for key in needed if key not in ("data", "comm")]
    schema["anyOf"] = [{"required": needed}, {"required": [*fewer, "use"]}]


class ModuleEntry(Strict):
    """A module, or `count` equal ones."""

    model_config = ConfigDict(json_schema_extra=_use_for_size)

    use: str = Field(
        "",
        description="A file beside this one whose size, gates, couplings and numbers are taken: IBM's backend "
        "properties or configuration (JSON) or calibration table (CSV); keys beside it override. `comm` of its qubits, "
        "the last ones, are comm qubits.",
    )
    reduction: Literal["median", "mean"] = Field(
        "median", description="What one number is made of those of the qubits, or pairs, in the file that is used."
    )
    max_pair_error: Fraction = Field(
        1.0, description="Pairs in the file that is used whose two-qubit gate has a larger error are left out."
    )
    name: Name = Field(description="Unique; lower-case letters, digits and underscores, as it names a register.")
    count: Copies | None = Field(None, description="Makes the modules name0, name1, ...; links may use `name` for all.")
    role: Literal["processor", "memory", "communication", "repeater"] = Field(
        "processor", description="Only a processor has data qubits and runs the circuit's gates."
    )
    technology: str = Field("", description="What it is made of.")
    data: Qubits = Field(description="Data qubits: circuit qubits can be at home here and take part in gates.")
    comm: CommQubits = Field(description="Comm qubits: each holds one half of an e-bit or a share.")
    memory: Qubits | None = Field(None, description="Memory qubits: qubits rest here without gates. Default 0.")
    native_gates: list[Name] | None = Field(None, description="OpenQASM names; left out: any gate may be asked for.")
    coupling: (
        Annotated[str, Field(pattern=COUPLING)] | list[Annotated[list[Whole], Field(min_length=2, max_length=2)]]
    ) = Field(
        "unspecified",
        description="Which qubits two-qubit gates can act on: all, line, ring, `grid 3x4`, pairs such as "
        "[[0, 1], [1, 2]], or unspecified (limited, but not said how). Data qubits are numbered first, "
        "then comm qubits; shapes cover both.",
    )
    one_qubit: Operation = Field(default_factory=Operation, description="One-qubit gates.")
    two_qubit: Operation = Field(default_factory=Operation, description="Two-qubit gates inside the module.")
    readout: Operation = Field(default_factory=Operation, description="Measurement.")
    reset: Operation = Field(default_factory=Operation, description="Reset.")
    comm_reset: Operation = Field(
        default_factory=Operation, description="Reset of comm qubits, where it differs from `reset`."
    )
    swap_in: Operation = Field(
        default_factory=Operation,
        description="SWAP of a comm and a data qubit, by which arriving qubits leave their comm qubits; left out: "
        "three two-qubit gates; where native gates are listed, SWAPs are written in these.",
    )
    t1_s: Lifetime | None = Field(None, description="Relaxation time of data and comm qubits, seconds.")
    t2_s: Lifetime | None = Field(None, description="Dephasing time of data and comm qubits, seconds; at most 2 T1.")
    comm_t2_s: Lifetime | None = Field(
        None, description="Dephasing time of comm qubits where it differs from `t2_s`, seconds; at most 2 T1."
    )
    memory_lifetime_s: Lifetime | None = Field(None, description="Dephasing time of memory qubits, seconds.")


class EbitEntry(Strict):
    """What an e-bit link delivers."""

    fidelity: Fidelity | None = Field(None, description="Fidelity of a raw e-bit to its Bell state.")
    bell_diagonal: BellDiagonal | None = Field(
        None, description="Error weights; the first agrees with `fidelity` within 0.005."
    )
    rate_hz: Hertz | None = Field(None, description="E-bits per second and channel.")
    cutoff_s: Lifetime | None = Field(
        None, description="An e-bit older than this, in seconds, is thrown away and made again; left out: never."
    )


def _use_for_type(schema: dict[str, Any]) -> None:
    """A link that uses another takes its type from there."""
    schema["anyOf"] = [{"required": schema.pop("required")}, {"required": ["use"]}]


class LinkEntry(Strict):
    """A link between two modules, or equal links in a shape; exactly one of `between` and `shape` is given."""

    model_config = ConfigDict(json_schema_extra=_use_for_type)

    between: Pairs | None = Field(
        None, description="[a, b] or a list of such pairs; a `count`ed name means each of its modules."
    )
    shape: Annotated[str, Field(pattern=LINK_SHAPE)] | None = Field(
        None, description="line, ring, all, star (from the first module) or `grid 3x4` (row by row)."
    )
    modules: list[str] | None = Field(None, description="Modules of the shape, in order; left out: all of the file.")
    use: str = Field(
        "",
        description="A link of a preset whose numbers are taken, such as cisco_nyc_2026, or preset/a--b where it has "
        "several; keys beside it override. Of a fibre, rate and latency follow a new `length_m`.",
    )
    type: Literal["ebit", "direct_gate", "classical"] = Field(
        description="ebit: heralded Bell pairs. direct_gate: a coupler does a two-qubit gate. classical: bits only."
    )
    technology: str = Field("", description="What it is made of.")
    ebit: EbitEntry | None = Field(None, description="Only for type ebit.")
    parallel_channels: Channels | None = Field(None, description="E-bits or direct gates made at once. Default 1.")
    latency_s: Seconds | None = Field(None, description="One-way delay of a classical message, seconds.")
    length_m: Metres | None = Field(None, description="Length in metres.")
    weight: Annotated[float, Field(ge=0.001, le=1_000)] = Field(
        1.0, description="What the planner counts for an e-bit over this link; a preference, not a measured number."
    )
    remote_gate: Operation = Field(
        default_factory=Operation,
        description="A two-qubit gate across the link, measured as a whole (overrides what is composed from the e-bit) "
        "or done by the coupler.",
    )


class HardwareFile(Strict):
    """A network of modules for dqplan."""

    model_config = ConfigDict(title="dqplan hardware file", json_schema_extra={"$id": SCHEMA})

    format: Literal["dqplan.hardware/1"] = Field(alias="schema", description="Version of this format.")
    name: Annotated[str, Field(max_length=200)] = Field("", description="Short name; left out: the file's name.")
    title: str = Field("", description="One line for people.")
    maturity: str = Field("", description="ideal, demonstrated, roadmap, hypothetical, ...")
    year: Annotated[int, Field(ge=1980, le=2100)] | None = Field(None, description="Year of the system or target.")
    notes: str = Field("", description="What a reader must know before trusting the numbers.")
    refuse: str = Field("", description="Why nothing can be planned on this system; empty if it can be.")
    sources: dict[str, SourceEntry] = Field({}, description="By the key that numbers cite.")
    facts: dict[Name, FactEntry] = Field({}, description="Published numbers that the planner does not use, by name.")
    modules: list[ModuleEntry] = Field([], description="At least one, unless `refuse` says why there is none.")
    links: list[LinkEntry] = Field([], description="At most one quantum link joins two modules.")
