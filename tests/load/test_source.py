"""Whatever is wrong with a file becomes one SourceError that names it."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from dqplan.core.errors import SourceError
from dqplan.load import source
from dqplan.load.source import read_source


def test_file_is_read_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.qasm"
    path.write_text("qubit π;", encoding="utf-8")
    assert read_source(str(path)) == source.Source(str(path), "qubit π;")


def test_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.qasm"
    path.write_bytes(b"\xef\xbb\xbfqubit q;")
    assert read_source(str(path)).text == "qubit q;"


def test_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"qubit q;")))
    assert read_source("-") == source.Source("<stdin>", "qubit q;")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "empty"), (b" \n\t", "empty"), (b"x\n\xff\xfe", "0xff at offset 2"), (b"a\0b", "binary")],
)
def test_content_that_is_not_text(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.qasm"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        read_source(str(path))
    assert caught.value.place is not None
    assert caught.value.place.source == str(path)


def test_missing_file_and_directory(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_source(str(tmp_path / "missing.qasm"))
    with pytest.raises(SourceError, match="directory"):
        read_source(str(tmp_path))
    with pytest.raises(SourceError, match="cannot be read"):
        read_source("a\0b")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.qasm"
    path.write_text("qubit q;")
    path.chmod(0)
    with pytest.raises(SourceError, match="permission"):
        read_source(str(path))


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.qasm"
    path.write_text("qubit q;")
    monkeypatch.setattr(source, "MAX_BYTES", 5)
    with pytest.raises(SourceError, match="larger than 5 bytes"):
        read_source(str(path))
