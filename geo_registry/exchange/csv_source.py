"""Delimited text in parts: cut at the ends of records, cells read when they are asked for."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from geo_registry.errors import GeoRegistryError, UnreadableFile, WrongCellCount
from geo_registry.exchange.batches import ROWS_A_PART, Batch, Part
from geo_registry.exchange.columns import unlike
from geo_registry.exchange.scan import CELL_START, QUOTED, as_bytes, copy_out, gather, skip_rows, split_cells

_BLOCK = 8 << 20
_LONGEST_HEADER = 1 << 20
_LARGEST_PART = 512 << 20  # bytes of 65,536 rows; a quote that is never closed would swallow the file
_BOM = b"\xef\xbb\xbf"
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class CsvSource:
    """A delimited text file whose first record names its columns."""

    path: Path
    encoding: str
    delimiter: str
    has_bom: bool
    newline: str
    header: str
    names: tuple[str, ...]
    data_start: int
    weight: int
    has_geometry: bool = False
    crs: str | None = None
    is_shared: bool = True
    part_rows: int = ROWS_A_PART

    @property
    def schema(self) -> pa.Schema:
        """Return the columns, all text."""
        return pa.schema([(name, pa.string()) for name in self.names])

    def parts(self) -> Iterator[tuple[Part, None]]:
        """Go through the file once and cut it every `part_rows` records.

        Raises
        ------
        UnreadableFile
            A quote is opened and never closed.
        """
        state, blank, rows, number, first, start = CELL_START, True, 0, 0, 1, self.data_start
        with self.path.open("rb") as file:
            file.seek(start)
            offset = start
            while block := file.read(_BLOCK):
                data, at = as_bytes(block), 0
                while at < len(block):
                    at, state, blank, rows = skip_rows(
                        data, at, ord(self.delimiter), state, blank, rows, self.part_rows
                    )
                    if rows == self.part_rows:
                        yield Part(number, first, rows, start, offset + at), None
                        number, first, start, rows = number + 1, first + rows, offset + at, 0
                offset += len(block)
                if offset - start > _LARGEST_PART:
                    raise self._unclosed(first + rows)
        if state == QUOTED:
            raise self._unclosed(first + rows)
        rows += 0 if blank else 1
        if rows:
            yield Part(number, first, rows, start, offset), None

    def batch(self, part: Part, content: pa.Table | None = None) -> Batch:
        """Return the rows of a part.

        Raises
        ------
        UnreadableFile
            A byte is none of the encoding's.
        """
        with self.path.open("rb") as file:
            file.seek(part.start)
            raw = file.read(part.end - part.start)
        text = self._as_utf8(raw, part)
        data = as_bytes(text)
        starts, ends, counts = split_cells(data, ord(self.delimiter), len(self.names), part.rows)
        faults: dict[int, GeoRegistryError] = {
            int(i): WrongCellCount(cells=int(counts[i]), columns=len(self.names))
            for i in (counts != len(self.names)).nonzero()[0]
        }
        surplus = counts > len(self.names)
        return Batch(
            part, _Cells(self.names, data, starts, ends, surplus), faults=faults,
            records=self._records(text, data, starts, ends, counts),
        )  # fmt: skip

    def _as_utf8(self, raw: bytes, part: Part) -> bytes:
        try:
            text = raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            row = part.first_row + raw[: error.start].count(b"\n")
            raise UnreadableFile(
                path=str(self.path),
                reason_zh=f"第 {row} 行附近不是 {self.encoding} 编码，请用 --encoding 注明编码（如 gb18030）",
                reason_en=f"near row {row} it is not {self.encoding}; name its encoding with --encoding, such as gb18030",
            ) from None
        return raw if self.encoding == "utf-8" else text.encode()

    def _records(self, text: bytes, data: Any, starts: Any, ends: Any, counts: Any) -> pa.Array:
        """Return each record as it was written; too short ones filled up, too long ones with their rest in one cell."""
        columns = len(self.names)
        records = _strings(*copy_out(data, starts[:, 0].copy(), ends[:, -1].copy()))
        odd = (counts != columns).nonzero()[0]
        if not len(odd):
            return records
        mended = records.to_pylist()
        for i in odd:
            record = text[starts[i, 0] : ends[i, -1]].decode()
            if counts[i] < columns:
                mended[i] = record + self.delimiter * int(columns - counts[i])
            else:
                cut = int(starts[i, -1])
                rest = text[cut : ends[i, -1]].decode().replace('"', '""')
                mended[i] = f'{text[starts[i, 0] : cut].decode()}"{rest}"'
        return pa.array(mended, pa.string())

    def _unclosed(self, row: int) -> UnreadableFile:
        return UnreadableFile(
            path=str(self.path),
            reason_zh=f"第 {row} 行起有一个引号没有闭合，文件可能不完整",
            reason_en=f"a quote opened in row {row} or after is never closed; is the file cut off?",
        )


class _Cells:
    """The cells of a part, made into columns on demand."""

    def __init__(self, names: tuple[str, ...], data: Any, starts: Any, ends: Any, surplus: Any) -> None:
        self._names, self._data, self._starts, self._ends = names, data, starts, ends
        self._surplus = surplus.nonzero()[0]

    def column(self, name: str) -> pa.Array:
        """Return one column as text."""
        i = self._names.index(name)
        cells = _strings(*gather(self._data, self._starts[:, i].copy(), self._ends[:, i].copy()))
        if i < len(self._names) - 1 or not len(self._surplus):
            return cells
        whole = cells.to_pylist()  # the last cell of a row with too many keeps their text as written
        for row in self._surplus:
            whole[row] = self._data[self._starts[row, i] : self._ends[row, i]].tobytes().decode()
        return pa.array(whole, pa.string())

    def whole(self) -> pa.Table:
        """Return all columns."""
        return pa.table({name: self.column(name) for name in self._names})


def _strings(offsets: Any, data: Any) -> pa.Array:
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))


def open_csv(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> CsvSource:
    """Return a delimited file, its encoding, delimiter and columns known.

    Without `encoding` it is UTF-8 where every byte looked at is, else GB18030.

    Raises
    ------
    UnreadableFile
        It is missing, empty, or in neither encoding.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_LONGEST_HEADER)
        weight = path.stat().st_size
    except OSError as error:
        raise UnreadableFile(path=str(path), reason_zh="文件打不开", reason_en=str(error.strerror)) from None
    has_bom = head.startswith(_BOM)
    begin = len(_BOM) if has_bom else 0
    encoding = _known(path, encoding) if encoding else ("utf-8" if has_bom else _detected(path))
    first, end = _header(path, head, begin)
    text = head[begin:first].decode(encoding, errors="replace")
    sign = delimiter or max(_DELIMITERS, key=lambda d: _count(text, d))
    names: list[str] = []
    data = as_bytes(head[begin:first])
    columns = _count(text, sign) + 1
    starts, ends, _ = split_cells(data, ord(sign), columns, 1)
    offsets, joined = gather(data, starts[0], ends[0])
    for i in range(columns):
        name = joined[offsets[i] : offsets[i + 1]].tobytes().decode(encoding, errors="replace").strip()
        names.append(unlike(name or f"column_{i + 1}", names))
    newline = "\r\n" if head[first:end] == b"\r\n" else "\n"
    return CsvSource(path, encoding, sign, has_bom, newline, text, tuple(names), end, weight)


def _header(path: Path, head: bytes, begin: int) -> tuple[int, int]:
    """Return where the first record ends, without and with its line end."""
    while head[begin : begin + 1] in (b"\n", b"\r"):
        begin += 1
    at, state, blank, rows = skip_rows(as_bytes(head), begin, 0, CELL_START, True, 0, 1)
    if (rows == 0 and blank) or b"\x00" in head[:4096] or state == QUOTED:
        raise UnreadableFile(
            path=str(path),
            reason_zh="读不出表头：文件是空的，或不是 UTF-8、GB18030 的文本表格",
            reason_en="no headings can be read: it is empty, or no table of text in UTF-8 or GB18030",
        )
    end = at
    stop = end
    while stop > begin and head[stop - 1] in b"\r\n":
        stop -= 1
    return stop, end


def _count(header: str, delimiter: str) -> int:
    """Return how often a sign stands outside quotes."""
    quoted, n, start = False, 0, True
    for c in header:
        if c == '"' and (quoted or start):
            quoted, start = not quoted, quoted
        else:
            n += c == delimiter and not quoted
            start = c == delimiter and not quoted
    return n


def _known(path: Path, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        plain = b'",;\t\r\n'.decode(name) == '",;\t\r\n'
    except (LookupError, UnicodeDecodeError):
        plain = False
    if not plain:
        raise UnreadableFile(
            path=str(path),
            reason_zh=f"编码“{encoding}”读不了，请另存为 UTF-8，或写 utf-8、gb18030",
            reason_en=f"the encoding '{encoding}' is not read; save it as UTF-8, or say utf-8 or gb18030",
        )
    return "utf-8" if name in ("utf-8", "utf-8-sig") else "gb18030" if name in ("gbk", "gb2312") else name


def _detected(path: Path) -> str:
    """Return the encoding of the first stretch of the file that is more than ASCII."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if block.isascii():
                continue
            block += file.readline()
            return "utf-8" if _is_utf8(block) else "gb18030"
    return "utf-8"


def _is_utf8(block: bytes) -> bool:
    """Tell whether a stretch is UTF-8; the letter it may be cut in, at either end, does not count."""
    start = next((i for i in range(min(4, len(block))) if block[i] & 0xC0 != 0x80), 0)
    try:
        block[start:].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end >= len(block) and error.reason == "unexpected end of data"
    return True
