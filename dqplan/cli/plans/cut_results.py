"""`merge` of a circuit that was cut: the files of results, by subexperiment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dqplan.core.errors import ResultsError

if TYPE_CHECKING:
    from dqplan.core.estimates import Estimates
    from dqplan.load.source import Source


def _read_results(arguments: Sequence[str], names: Sequence[str]) -> dict[str, Source]:
    """Results by subexperiment: from NAME=FILE, files named after one, folders of these, JSON objects of all.

    Raises:
        ResultsError: a file is of no subexperiment, or there are two of one.
    """
    from dqplan.load.source import read_source

    found: dict[str, Source] = {}
    for argument in arguments:
        before, named, path = argument.partition("=")
        for name, file in [(before, path)] if named else _files_of(argument, names):
            source = read_source(str(file), "measurement results: counts or shots")
            several = _by_name(source, names) if name not in names else {}
            for key, each in several.items() if several else [(name, source)]:
                if key in found:
                    raise ResultsError(f"there are two files of results for {key}", hint="give each once")
                found[key] = each
    return found


def _files_of(argument: str, names: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """A file, or those of a folder, each with the name of its subexperiment: `island0/3` for results/island0/3.json."""
    path = Path(argument)
    files = sorted(each for each in path.rglob("*") if each.suffix in (".json", ".csv")) if path.is_dir() else [path]
    if not files:
        raise ResultsError(f"{argument} holds no .json or .csv files", hint=f"such as {argument}/{names[0]}.json")
    for file in files:
        whole = file.resolve()
        name = f"{whole.parent.name}/{whole.name.partition('.')[0]}"
        yield (name if name in names or path.is_dir() else argument), file


def _by_name(source: Source, names: Sequence[str]) -> dict[str, Source]:
    """The parts of a JSON object whose keys are names of subexperiments."""
    from dqplan.load.source import Source

    try:
        content = json.loads(source.text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict) or not content or not set(content) <= set(names):
        return {}
    return {name: Source(f"{source.name}: {name}", json.dumps(part)) for name, part in content.items()}


def merge_cut(files: Mapping[str, str], arguments: Sequence[str], parities: Sequence[str]) -> Estimates:
    """What the circuit would give, from the files of results that the user named."""
    from dqplan.load.cuts_document import cuts_document_of_text
    from dqplan.merge.merge_cuts import merge_cuts

    document = cuts_document_of_text(files["cuts.json"])
    names = [each.name for island in document.islands for each in island.subexperiments]
    return merge_cuts(files, _read_results(arguments, names), parities)
