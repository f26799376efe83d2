"""What may stand in dqplan.toml, or in [tool.dqplan] of pyproject.toml; keys are called like options of `split`.

What spans several keys is looked at by `load_config`, where the files and networks that it names are found.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from dqplan.load.hardware_files.schema import Fraction, Listed, NotNegative, Positive, Seed, Strict, Text


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Settings(Strict):
    """How a circuit is planned, and what its plan is held against."""

    model_config = ConfigDict(alias_generator=_kebab)

    effort: Literal["quick", "normal", "thorough"] = Field(default="normal", description="How hard to search.")
    objective: Text = Field(default="ebits", description="What to plan for, as in `dqplan split --objective`.")
    seed: Seed = Field(default=0, description="Of the search.")
    time_limit: Positive | None = Field(
        default=None, description="Stop the search after so many seconds; what is found then is not reproducible."
    )
    relaxed: bool = Field(default=False, description="Ignore the limits on comm qubits.")
    recompile: bool = Field(default=True, description="Compile programs to native gates and coupling maps.")
    verify: bool = Field(default=True, description="Verify the programs.")
    max_ebits: Annotated[int, Field(ge=0)] | None = Field(default=None, description="Most e-bits.")
    max_gap: Fraction | None = Field(
        default=None, description="Most of the e-bits, 0 to 1, that may lie above the proved bound."
    )
    max_time: NotNegative | None = Field(default=None, description="Most seconds within which 95 % of all runs end.")
    min_fidelity: Fraction | None = Field(default=None, description="Least process fidelity, 0 to 1.")
    require_measured: bool = Field(default=False, description="Refuse numbers that were assumed or only announced.")


class Budget(Settings):
    """Circuits, and what they may cost; keys that are left out are those at the top of the file."""

    circuits: Listed[Text] = Field(description="Files or globs, relative to this file.")
    hardware: Listed[Text] | None = Field(
        default=None,
        description="Presets, shorthands or files (relative to this one); each circuit is planned on each.",
    )


class ConfigFile(Settings):
    """Defaults, and budgets of circuits; of several budgets for one circuit on one hardware, later keys win."""

    model_config = ConfigDict(title="dqplan check", json_schema_extra={"$id": "dqplan.config/1"})

    hardware: Listed[Text] | None = Field(default=None, description="For budgets that name none.")
    budgets: Annotated[list[Budget], Field(min_length=1)] = Field(description="What is checked, in this order.")
