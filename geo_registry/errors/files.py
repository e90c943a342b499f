"""Files that cannot be read, written or gone on with."""

from dataclasses import dataclass

from geo_registry.errors.base import Conflict, InvalidInput


@dataclass(eq=False)
class UnreadableFile(InvalidInput):
    """A file that is missing or not in a format that is read."""

    path: str
    reason_zh: str
    reason_en: str
    code = "unreadable-file"
    zh_form = "文件“{path}”读不了：{reason_zh}。"
    en_form = "The file '{path}' cannot be read: {reason_en}."


@dataclass(eq=False)
class UnwritableFile(InvalidInput):
    """A file that cannot be written where it was asked for."""

    path: str
    reason: str
    code = "unwritable-file"
    zh_form = "文件“{path}”写不了（{reason}）。请另选一个已有且可写的文件夹。"
    en_form = (
        "The file '{path}' cannot be written ({reason}). Choose a folder that exists and can be written."
    )


@dataclass(eq=False)
class UnknownFormat(InvalidInput):
    """A file whose name ends in no format of whole files."""

    path: str
    allowed: str
    code = "unknown-format"
    zh_form = "“{path}”的格式不认识。文件名请以下列之一结尾：{allowed}。"
    en_form = "The format of '{path}' is not known. Let its name end in one of: {allowed}."


@dataclass(eq=False)
class ColumnMissing(InvalidInput):
    """A column that was named and is not in the file."""

    name: str
    columns: str
    code = "column-missing"
    zh_form = "文件里没有“{name}”这一列。现有各列：{columns}。"
    en_form = "The file has no column '{name}'. It has: {columns}."


@dataclass(eq=False)
class ColumnsUnclear(InvalidInput):
    """Headings that do not say which columns hold the place."""

    found: str
    columns: str
    code = "columns-unclear"
    zh_form = "从表头看不出地点在哪一列（像是地点的：{found}；全部：{columns}）。请用 --lon 和 --lat 指定经度、纬度两列，或用 --place 指定地点列。"
    en_form = (
        "The headings do not say which columns hold the place (like a place: {found}; all: {columns}). Name longitude and "
        "latitude with --lon and --lat, or a column of places with --place."
    )


@dataclass(eq=False)
class BareXY(InvalidInput):
    """Columns called x and y, which surveyors and programs use the other way round from each other."""

    columns: str
    code = "bare-xy"
    zh_form = "列“{columns}”没有说明哪个是东、哪个是北（测绘习惯 X 为北，软件习惯 x 为东）。请用 --lon 指定东坐标（或经度）列，--lat 指定北坐标（或纬度）列，并用 --crs 注明坐标系。"
    en_form = (
        "Columns {columns} do not say which is east (surveyors here write X for north, programs x for east). Name the east "
        "or longitude with --lon, the north or latitude with --lat, and the system with --crs."
    )


@dataclass(eq=False)
class LayerUnclear(InvalidInput):
    """A file of several layers or sheets of which none was named, or one that is not there."""

    path: str
    layers: str
    code = "layer-unclear"
    zh_form = "“{path}”里有这些图层或工作表：{layers}。请用 --layer 或 --sheet 指定其中一个。"
    en_form = "'{path}' holds these layers or sheets: {layers}. Name one of them with --layer or --sheet."


@dataclass(eq=False)
class WrongCellCount(InvalidInput):
    """A row with more or fewer cells than there are headings."""

    cells: int
    columns: int
    code = "wrong-cell-count"
    zh_form = "这一行有 {cells} 格，表头有 {columns} 列。请核对分隔符和引号。"
    en_form = "The row has {cells} cells and there are {columns} headings. Check its separators and quotes."


@dataclass(eq=False)
class BlankPlace(InvalidInput):
    """A row that says no place."""

    code = "blank-place"
    zh_form = "这一行没有写地点。请补上坐标、地址或图形。"
    en_form = "The row says no place. Fill in coordinates, an address or a geometry."


@dataclass(eq=False)
class TooManyRows(InvalidInput):
    """More rows than a workbook's sheet can hold."""

    path: str
    most: int
    code = "too-many-rows"
    zh_form = "“{path}”放不下：工作表除表头外最多 {most} 行。请改用 .csv、.parquet 或 .gpkg。"
    en_form = "'{path}' cannot hold them: a sheet has at most {most} rows below its headings. Write .csv, .parquet or .gpkg."


@dataclass(eq=False)
class SameFile(InvalidInput):
    """A file to be written over itself."""

    path: str
    code = "same-file"
    zh_form = "输入和输出是同一个文件“{path}”。请给输出另起一个名字。"
    en_form = "Input and output are one file, '{path}'. Give the output another name."


@dataclass(eq=False)
class PartsDiffer(InvalidInput):
    """Parts kept from a run that asked something else."""

    path: str
    what: str
    code = "parts-differ"
    zh_form = "“{path}”里留下的部分与这次不同（{what}），不能接着做。请照原样运行，或去掉 --resume 从头开始。"
    en_form = "The parts kept in '{path}' are of another run ({what} differ) and cannot be continued. Ask the same again, or start anew without --resume."


@dataclass(eq=False)
class FileInUse(Conflict):
    """A file another run is writing right now."""

    path: str
    code = "file-in-use"
    zh_form = "另一次运行正在写“{path}”。请等它结束，或另起一个输出名。"
    en_form = "Another run is writing '{path}'. Wait for its end, or give the output another name."


@dataclass(eq=False)
class InputChanged(Conflict):
    """A file that was changed while it was read."""

    path: str
    code = "input-changed"
    zh_form = "“{path}”在读取过程中被改动，结果没有写出。请重新运行。"
    en_form = "'{path}' was changed while it was read, and nothing was written. Run again."
