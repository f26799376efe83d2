"""Numbers for people: SI prefixes, thousands, uncertainties. Values stay in base units everywhere else."""

from __future__ import annotations

import math

_PREFIXES = ((1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))
_MINUTE_S, _HOUR_S, _DAY_S = 60.0, 3600.0, 86400.0


def duration(seconds: float, digits: int = 3) -> str:
    """A time with its unit and `digits` significant digits.

    >>> duration(0.00123), duration(4.5e-8), duration(5400.0), duration(0.0)
    ('1.23 ms', '45 ns', '1.5 h', '0 s')
    """
    seconds = _rounded(seconds, digits)
    size = abs(seconds)
    for unit_s, name in ((_DAY_S, "d"), (_HOUR_S, "h"), (_MINUTE_S, "min")):
        if size >= unit_s:
            return f"{significant(seconds / unit_s, digits)} {name}"
    if seconds == 0:
        return "0 s"
    scale, prefix = next((pair for pair in _PREFIXES if size >= pair[0]), _PREFIXES[-1])
    return f"{significant(seconds / scale, digits)} {prefix}s"


def frequency(hertz: float, digits: int = 3) -> str:
    """A rate with its unit.

    >>> frequency(9.7), frequency(250e3)
    ('9.7 Hz', '250 kHz')
    """
    hertz = _rounded(hertz, digits)
    for scale, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(hertz) >= scale:
            return f"{significant(hertz / scale, digits)} {prefix}Hz"
    return f"{significant(hertz, digits)} Hz"


def significant(value: float, digits: int = 3) -> str:
    """A number rounded to `digits` significant digits, without trailing zeros or an exponent.

    >>> significant(12.345), significant(1234.5), significant(0.5), significant(2.0)
    ('12.3', '1234', '0.5', '2')
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    places = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def _rounded(value: float, digits: int) -> float:
    """Rounded before the unit is chosen, so that 0.9999 s is 1 s and not 1000 ms."""
    return float(f"{value:.{digits}g}")


def count(number: int) -> str:
    """A whole number with thousands apart.

    >>> count(71082)
    '71,082'
    """
    return f"{number:,}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """A whole number with its noun.

    >>> counted(1, "e-bit"), counted(1200, "e-bit"), counted(0, "entry", "entries")
    ('1 e-bit', '1,200 e-bits', '0 entries')
    """
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"


def measured(value: float, uncertainty: float | None) -> str:
    """A value with the uncertainty of its last digits in brackets, to one digit, or two if it is 1.

    >>> measured(0.96891, 0.00082), measured(0.861, 0.0013), measured(0.97, None)
    ('0.9689(8)', '0.8610(13)', '0.97')
    """
    if not uncertainty:
        return f"{value:.10g}"
    exponent = math.floor(math.log10(uncertainty))
    if round(uncertainty / 10.0**exponent) == 1:
        exponent -= 1
    places = max(-exponent, 0)
    return f"{value:.{places}f}({round(uncertainty * 10.0**places)})"


def ranges(numbers: list[int]) -> str:
    """Sorted whole numbers with their runs drawn together.

    >>> ranges([0, 1, 2, 5, 7, 8])
    '0-2,5,7-8'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ",".join("-".join(map(str, run)) for run in runs)
