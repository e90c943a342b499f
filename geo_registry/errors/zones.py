"""Versions of jurisdiction."""

from dataclasses import dataclass

from geo_registry.errors.base import Conflict, NotFound


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
