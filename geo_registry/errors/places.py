"""Positions, names and shapes that cannot be used."""

from dataclasses import dataclass

from geo_registry.errors.base import InvalidInput


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
class BadAccuracy(InvalidInput):
    """An accuracy that cannot be a radius in metres."""

    value: str
    code = "bad-accuracy"
    zh_form = "精度“{value}”无效。请给出 0 至 100000 之间的米数。"
    en_form = "The accuracy '{value}' cannot be used. Give metres between 0 and 100000."


@dataclass(eq=False)
class BadGeometry(InvalidInput):
    """A geometry that is empty, broken, or of no use for routing."""

    reason_zh: str
    reason_en: str
    code = "bad-geometry"
    zh_form = "图形不能用：{reason_zh}。请给出有效、非空的 GeoJSON 图形，坐标为“经度, 纬度”。"
    en_form = "The geometry cannot be used: {reason_en}. Give a valid, non-empty GeoJSON geometry in lon, lat order."
