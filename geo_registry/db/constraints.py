"""What a rule of the database means to a person: constraint name to error."""

from geo_registry.errors import Conflict, RuleBroken
from geo_registry.terms import Text

_MEANING = {
    "history_is_kept": Text(
        "历史行只能关闭，不能改写或删除", "history rows are closed, never overwritten or deleted"
    ),
    "append_only": Text("该表只能追加", "the table is append-only"),
    "sources_are_held": Text("引用了未登记的来源", "a source that is cited is not held"),
    "ex_zone_version_history_one_law_a_day": Text(
        "同一天只能有一个已发布的管辖版本", "no two published versions may share a day"
    ),
    "ex_designation_history_unit_once": Text(
        "同一版本中一个县区只能指定一次", "a unit is designated once in a version"
    ),
    "ex_designation_history_district_once": Text(
        "同一版本中一个林区只能指定一次", "a forest district is designated once in a version"
    ),
}
_BY_SUFFIX = {
    "_one_at_a_time": Text(
        "同一时刻对同一对象只能有一种登记", "one thing is known of one key at one instant"
    ),
    "_named_unless_unresolved": Text(
        "没有名称的法院必须且只能标为待核实", "a court is unresolved exactly when it has no name"
    ),
    "_geom_valid": Text("图形无效", "the geometry is not valid"),
    "_geom_not_empty": Text("图形为空", "the geometry is empty"),
    "_has_source": Text("缺少来源", "a source is missing"),
}
_BY_STATE = {
    "23503": Text("引用的对象未登记", "something referred to is not held"),
    "23505": Text("已有相同的记录", "it is held already"),
    "23502": Text("缺少必填的值", "a required value is missing"),
    "23514": Text("值不符合规定", "a value is not allowed"),
    "23P01": Text("与已有记录冲突", "it conflicts with what is held"),
}


def to_error(sqlstate: str, constraint: str | None) -> Conflict | None:
    """Return the error for a refusal by the database, None where the state is no refusal (class 23)."""
    if not sqlstate.startswith("23"):
        return None
    name = constraint or sqlstate
    meaning = _MEANING.get(name) or next((t for end, t in _BY_SUFFIX.items() if name.endswith(end)), None)
    meaning = meaning or _BY_STATE.get(sqlstate, Text("违反数据库规则", "a rule is broken"))
    return RuleBroken(rule=name, reason_zh=meaning.zh, reason_en=meaning.en)
