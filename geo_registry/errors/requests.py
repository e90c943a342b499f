"""Questions and requests that cannot be answered as they stand."""

from dataclasses import dataclass

from geo_registry.errors.base import InvalidInput, NotFound


@dataclass(eq=False)
class BadDay(InvalidInput):
    """A day that is not on the calendar or not in the form asked."""

    text: str
    code = "bad-day"
    zh_form = "“{text}”不是日期。请写成 年-月-日，如 2022-09-26。"
    en_form = "'{text}' is not a day. Write YYYY-MM-DD, such as 2022-09-26."


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
class UnreadableBody(InvalidInput):
    """A request body that is not what the address reads."""

    reason_zh: str
    reason_en: str
    code = "unreadable-body"
    zh_form = "请求内容读不懂：{reason_zh}。"
    en_form = "The request body cannot be read: {reason_en}."


@dataclass(eq=False)
class TooManyPoints(InvalidInput):
    """More points in one body than are answered at once."""

    most: int
    code = "too-many-points"
    zh_form = "一次最多 {most} 个点，所给更多。请分几次提交，或用 geo-registry route-file 处理整个文件。"
    en_form = "One request holds {most} points at most, and this one holds more. Send them in several, or give the whole file to geo-registry route-file."


@dataclass(eq=False)
class AddressNotFound(NotFound):
    """The server has nothing at this address."""

    path: str
    code = "address-not-found"
    zh_form = "没有这个地址：{path}。可用的地址见 /docs。"
    en_form = "There is nothing at {path}. The addresses are listed at /docs."
