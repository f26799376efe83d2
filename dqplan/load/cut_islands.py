"""The folders of a cut circuit's islands, read back."""

from __future__ import annotations

from collections.abc import Mapping

from dqplan.core.errors import Place, PlanError
from dqplan.load.cuts_document import CUTS_FILE, CutsDocument
from dqplan.load.emitted import Emitted, read_emitted
from dqplan.load.plan_document import PLAN_FILE

_HINT = "write the directory again with `dqplan split`"


def island_folders(document: CutsDocument, files: Mapping[str, str]) -> list[dict[str, str]]:
    """The texts of each island's folder, by name.

    Raises:
        PlanError: a folder is missing.
    """
    folders = []
    for island in document.islands:
        prefix = f"{island.name}/"
        folder = {name.removeprefix(prefix): text for name, text in files.items() if name.startswith(prefix)}
        if PLAN_FILE not in folder:
            raise PlanError(f"{prefix}{PLAN_FILE} is missing", hint=_HINT)
        folders.append(folder)
    return folders


def read_islands(document: CutsDocument, files: Mapping[str, str]) -> list[Emitted]:
    """Each island's program with every end measured.

    Raises:
        PlanError: a folder is missing or damaged, or does not have the bits that cuts.json tells of.
        InputError: a text cannot be read.
    """
    islands = [read_emitted(folder) for folder in island_folders(document, files)]
    for part, island in zip(document.islands, islands, strict=True):
        told, found = len(part.clbits) + part.num_ends, len(island.clbits)
        if told != found or island.circuit.num_clbits != told:
            message = (
                f"{part.name} has {len(part.clbits)} bits and {part.num_ends} ends, its programs have {found} bits"
            )
            raise PlanError(message, place=Place(CUTS_FILE), hint=_HINT)
    return islands
