"""Versions of jurisdiction."""

from dataclasses import dataclass

from geo_registry.errors.base import Conflict, InvalidInput, NotFound


@dataclass(eq=False)
class ZoneVersionNotFound(NotFound):
    """No zone version has this id."""

    id: str
    code = "zone-version-not-found"
    zh_form = "没有管辖版本“{id}”。可用 zones list 查看已有版本。"
    en_form = "There is no zone version '{id}'. List them with: zones list."


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
class NotADraft(Conflict):
    """A version to be edited that is no draft."""

    version: str
    state: str
    code = "not-a-draft"
    zh_form = "管辖版本“{version}”的状态是 {state}，只有草案可以修改；请以它为底本起草新版本。"
    en_form = (
        "Zone version '{version}' is {state}, and only a draft can be edited; draft a new version from it."
    )


@dataclass(eq=False)
class VersionExists(Conflict):
    """A draft under an id that is taken."""

    version: str
    code = "version-exists"
    zh_form = "已有管辖版本“{version}”。请另取编号。"
    en_form = "There is a zone version '{version}' already. Choose another id."


@dataclass(eq=False)
class DraftChanged(Conflict):
    """A draft that somebody else edited since it was read."""

    version: str
    edition: int
    given: int
    code = "draft-changed"
    zh_form = (
        "草案“{version}”已是第 {edition} 次修改，而所给的是第 {given} 次：其间有人改过。请重新读取后再改。"
    )
    en_form = "Draft '{version}' is at edit {edition}, and {given} was given: somebody changed it meanwhile. Read it again, then edit."


@dataclass(eq=False)
class DesignationNotFound(NotFound):
    """A version without a row for this unit or district."""

    key: str
    code = "designation-not-found"
    zh_form = "该版本没有“{key}”的指定。请给县区代码或林区代码，或先新增。"
    en_form = "The version has no designation of '{key}'. Give the adcode of a unit or the code of a forest district, or add it first."


@dataclass(eq=False)
class BadEdit(InvalidInput):
    """An edit of a draft that cannot be made."""

    key: str
    reason_zh: str
    reason_en: str
    code = "bad-edit"
    zh_form = "不能修改“{key}”：{reason_zh}。"
    en_form = "'{key}' cannot be edited: {reason_en}."


@dataclass(eq=False)
class NoBase(NotFound):
    """A version with nothing to be compared with."""

    version: str
    code = "no-base"
    zh_form = "管辖版本“{version}”没有底本，它之前也没有已发布的版本。请用 --base 指明与哪个版本比较。"
    en_form = "Zone version '{version}' was drafted from none, and none is published before it. Name one with --base."
