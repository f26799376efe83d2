"""Shorthand, preset's name, file or `-` -> Hardware."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import PurePath

from dqplan.core.errors import HardwareError, Place, quoting
from dqplan.core.hardware import Hardware
from dqplan.load.hardware_files.build_hardware import build_hardware
from dqplan.load.hardware_files.devices import device_document, is_device_file
from dqplan.load.hardware_files.draft import Draft
from dqplan.load.hardware_files.lines import Document, Mistake, read_document
from dqplan.load.hardware_files.mistakes import validate_document
from dqplan.load.hardware_files.presets import preset_names, preset_source
from dqplan.load.hardware_files.read_memq import hardware_file_of, is_memq_network
from dqplan.load.hardware_files.shapes import KINDS
from dqplan.load.hardware_files.shorthand import FORMS, is_shorthand, parse_shorthand
from dqplan.load.hardware_files.warnings import warn_of
from dqplan.load.source import Source, read_source

_FILE_ENDINGS = (".yaml", ".yml", ".json")


def load_hardware(spec: str) -> Hardware:
    """The network that the user names.

    Args:
        spec: a shorthand (`line:4x9+2`), a preset's name (`oxford_2025`), the path of a file (a hardware file in YAML
            or JSON, a network of memQ's compiler, or a processor's calibration as IBM writes it), or `-` for standard
            input; tried in this order, so a file named like a preset is reached as `./oxford_2025`.

    Raises:
        HardwareError: the shorthand or file is wrong (place and hint tell where and what), or nothing has that name.
        SourceError: the file cannot be read.

    >>> load_hardware("line:4x9+2").num_modules
    4
    """
    return parse_shorthand(spec) if is_shorthand(spec) else read_hardware(hardware_source(spec))


def read_hardware(source: Source) -> Hardware:
    """The network in the text of a hardware file.

    Raises:
        HardwareError: the first mistake in the file, by line.
    """
    with quoting(source.text, source.name):
        return hardware_of(_document(source))


def hardware_of(document: Document) -> Hardware:
    """The network in a file that has been parsed; raises HardwareError as `read_hardware`."""
    file, mistakes = validate_document(document)
    if file is None:
        raise mistakes[0].error(len(mistakes))
    return build_hardware(file, Draft(document), PurePath(document.source.strip("<>")).stem)


def find_mistakes(source: Source) -> list[Mistake]:
    """Everything that is wrong in a hardware file, by line; empty if nothing is."""
    try:
        return validate_document(_document(source))[1]
    except HardwareError as error:
        return [Mistake(error.place or Place(source.name), "", error.message, error.hint)]


def find_warnings(source: Source) -> list[Mistake]:
    """What is doubtful in a hardware file without mistakes, by line; empty if it has any."""
    if find_mistakes(source):
        return []
    document = _document(source)
    return warn_of(document, hardware_of(document))


def hardware_source(spec: str) -> Source:
    """The text of the preset, file or standard input that `spec` names; raises as `load_hardware`."""
    if spec in preset_names():
        return preset_source(spec)
    if spec == "-" or os.path.exists(spec) or _like_a_path(spec):
        return read_source(spec, "a hardware file: `dqplan explain hardware`")
    raise _unknown(spec)


def _document(source: Source) -> Document:
    """The file's content, in the hardware file's own format."""
    if is_device_file(source):
        return device_document(source)
    document = read_document(source)
    return hardware_file_of(document) if is_memq_network(document) else document


def _like_a_path(spec: str) -> bool:
    return spec.endswith(_FILE_ENDINGS) or "/" in spec or os.sep in spec


def _unknown(spec: str) -> HardwareError:
    shown = spec if len(spec) <= 40 else f"{spec[:37]}..."
    close = get_close_matches(spec.partition(":")[0], KINDS if ":" in spec else preset_names(), n=3)
    guess = f"did you mean {' or '.join(f'`{name}`' for name in close)}? " if close else ""
    if ":" in spec:
        return HardwareError(f"`{shown}` begins with no known shape", hint=f"{guess}write {FORMS}")
    message = f"`{shown}` is neither a preset, a file nor a shorthand"
    return HardwareError(message, hint=f"{guess}presets: {', '.join(preset_names())}; shorthand: {FORMS}")
