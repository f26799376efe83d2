"""A file of measured values -> Device, or readings one by one."""

from __future__ import annotations

import json

from dqplan.core.errors import HardwareError, Place
from dqplan.load.calibration.device import Device
from dqplan.load.calibration.ibm_csv import device_of_table, is_ibm_table
from dqplan.load.calibration.ibm_properties import (
    device_of_configuration,
    device_of_properties,
    is_configuration,
    is_properties,
)
from dqplan.load.calibration.readings import Reading, readings_of_document, readings_of_table
from dqplan.load.calibration.table import read_table
from dqplan.load.source import Source

_MOST_CHARACTERS = 200_000_000


def read_calibration(source: Source) -> Device | list[Reading]:
    """What a file holds, told apart by its content.

    JSON may be backend properties or a backend configuration of IBM, or readings; CSV may be a table of IBM's, or
    readings; YAML may be readings.

    Raises:
        HardwareError: none of these, or something in it is wrong; with the line, as far as there is one.
    """
    if len(source.text) > _MOST_CHARACTERS:
        raise HardwareError(f"longer than {_MOST_CHARACTERS:,} characters", place=Place(source.name))
    if source.text.lstrip()[:1] in ("{", "["):
        return _of_json(source)
    if source.name.endswith((".yaml", ".yml")):
        return readings_of_document(source)
    headers, rows = read_table(source)
    if is_ibm_table(headers):
        return device_of_table(headers, rows, source.name)
    return readings_of_table(headers, rows, source.name)


def read_device(source: Source) -> Device:
    """The processor that a file describes; raises HardwareError, also if it holds single readings."""
    found = read_calibration(source)
    if isinstance(found, list):
        hint = "give IBM's backend properties (JSON) or table of a calibration (CSV)"
        raise HardwareError("it holds single readings, not a whole processor", hint=hint, place=Place(source.name))
    return found


def _of_json(source: Source) -> Device | list[Reading]:
    try:
        content = json.loads(source.text)
    except json.JSONDecodeError as error:
        place = Place(source.name, error.lineno, error.colno)
        raise HardwareError(f"not JSON: {error.msg}", place=place) from error
    except (RecursionError, ValueError) as error:
        raise HardwareError("nested too deeply, or a number too long", place=Place(source.name)) from error
    if is_properties(content):
        return device_of_properties(content, source.name)
    if is_configuration(content):
        return device_of_configuration(content, source.name)
    return readings_of_document(source)
