"""Delimited text: cut, read and kept as Python's csv module reads it."""

import csv
import io
import random
from pathlib import Path

import pytest

from geo_registry.errors import UnreadableFile, WrongCellCount
from geo_registry.exchange.csv_source import CsvSource, open_csv

CELLS = ["", "007", "农安县", 'say "yes"', "a,b", "two\nlines", " 1.5 ", '5" pipe', "=SUM(A1)", "'", "\t;"]


def rows_of(source: CsvSource) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for part, content in source.parts():
        batch = source.batch(part, content)
        assert not batch.faults
        columns = [batch.table.column(name).to_pylist() for name in source.names]
        rows += list(zip(*columns, strict=True))
    return rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_cells_are_those_of_csv(tmp_path: Path, delimiter: str, newline: str, encoding: str) -> None:
    chosen = random.Random(7)
    rows = [("号", "b", "c")] + [tuple(chosen.choice(CELLS) for _ in range(3)) for _ in range(200)]
    rows = [r if any(r) else ("1", "", "") for r in rows]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(rows)
    path = tmp_path / "in.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    source = open_csv(path)
    source = CsvSource(**{**source.__dict__, "part_rows": 7})
    assert (source.delimiter, source.names, source.newline) == (delimiter, rows[0], newline)
    assert source.encoding == ("gb18030" if encoding == "gb18030" else "utf-8")
    assert rows_of(source) == rows[1:]
    records = [r for part, _ in source.parts() for r in source.batch(part).records.to_pylist()]  # type: ignore[union-attr]
    assert [next(csv.reader(io.StringIO(r, newline=""), delimiter=delimiter)) for r in records] == [list(r) for r in rows[1:]]  # fmt: skip


def test_quotes_inside_plain_cells_are_signs_like_others(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text('a,b\n5" pipe,6" pipe\n"x"y,z\n')
    assert rows_of(open_csv(path)) == [('5" pipe', '6" pipe'), ("xy", "z")]


def test_short_and_long_rows_are_kept_and_blank_lines_are_none(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text('a,b,c\n\n1,2\n\r\n1,2,3,"4,5"\n1,2,3\n\n')
    source = open_csv(path)
    ((part, _),) = source.parts()
    batch = source.batch(part)
    assert batch.records is not None
    assert batch.records.to_pylist() == ["1,2,", '1,2,"3,""4,5"""', "1,2,3"]
    assert batch.table.column("c").to_pylist() == ["", '3,"4,5"', "3"]
    assert {i: str(e) for i, e in batch.faults.items()} == {
        0: str(WrongCellCount(cells=2, columns=3)), 1: str(WrongCellCount(cells=4, columns=3)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no headings"),
        (b"\x00\x01\x02", "no headings"),
        (b'a,b\n1,"2\n3,4\n', "never closed"),
        (b"a,b\n" + "中".encode()[:2] + b",1\n\xff\xfe\n", "not gb18030"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says):
        rows_of(open_csv(path))


def test_an_encoding_named_and_one_met_late(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 3_000_000 + "农安,3\n".encode("gb18030"))
    assert open_csv(path).encoding == "gb18030"
    assert open_csv(path, encoding="GBK").encoding == "gb18030"
    for name in ("utf-16", "none"):
        with pytest.raises(UnreadableFile, match="save it as UTF-8"):
            open_csv(path, encoding=name)
