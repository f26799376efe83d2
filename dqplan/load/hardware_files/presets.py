"""The texts of the systems that ship with dqplan."""

from __future__ import annotations

from importlib.resources import files

from dqplan.load.source import Source


def preset_names() -> list[str]:
    """Names of the systems that ship with dqplan."""
    listed = (files("dqplan.load") / "presets").iterdir()
    return sorted(file.name.removesuffix(".yaml") for file in listed if file.name.endswith(".yaml"))


def preset_source(name: str) -> Source:
    """The text of a preset, which must exist."""
    text = (files("dqplan.load") / "presets" / f"{name}.yaml").read_text(encoding="utf-8")
    return Source(f"{name}.yaml", text)
