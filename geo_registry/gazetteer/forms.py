"""The forms people use of an official name: 农安 for 农安县, 前郭尔罗斯县, 叶赫镇, 陈家店村."""

import re

_PEOPLES = r"(?:朝鲜族|满族|蒙古族|回族|锡伯族|鲜族|汉族)"
_AUTONOMOUS = re.compile(rf"(.+?){_PEOPLES}+自治(县|州)")
_UNIT = re.compile(r"(.{2,})[省市县区]")
_BRACKETS = re.compile(r"[（(].*?[）)]")
_TOWN_ABOVE = re.compile(r"^四平市铁东区(?=.{2})")
_VILLAGE_ABOVE = re.compile(
    r"^(?:四平市铁东区)?(?:[^村]{2,4}?(?:街道|满族镇|[街镇乡]))(?=.{2,}(?:社区|村)(?:居民|村民|民)?委员会$)"
)
_TOWN = re.compile(rf"(.{{2,}}?){_PEOPLES}*(镇|乡|街道)")
_VILLAGE = re.compile(rf"(.{{1,}}?){_PEOPLES}*(村|社区|居委会)")
_ROAD = re.compile(r"(?:[街路巷]|胡同|小区|家属院|广场|花园)$")
_ENDINGS = (
    (re.compile(r"村?(?:村民委员会|村委会|村委)$"), "村"),
    (re.compile(r"社区(?:居民委员会|居委会)$"), "社区"),
    (re.compile(r"居民委员会$"), "居委会"),
    (re.compile(r"(?<=林场)(?:生活区)+$"), ""),
)
_NO_PLACE = re.compile(r"生活区$")  # the statisticians' stand-in for a farm's or a company's people
Form = tuple[str, str]  # a form and its relation


def unit_forms(name: str, level: str, city: str) -> list[Form]:
    """Return the forms of a province, prefecture, county or development zone."""
    forms = [(name, "official")]
    if level == "development_zone":
        bare = name.removeprefix("吉林")
        return _once([*forms, (bare, "common"), (bare.removeprefix(city), "common")])
    if found := _AUTONOMOUS.fullmatch(name):
        return [*forms, (found[1] + found[2], "common"), (found[1], "short")]
    if found := _UNIT.fullmatch(name):
        forms.append((found[1], "short"))
    return forms


def town_name(written: str) -> str:
    """Return a town's name as people write it, without remarks and without the units above."""
    name = _TOWN_ABOVE.sub("", _BRACKETS.sub("", written))
    return name.removesuffix("特殊乡镇")


def town_forms(name: str) -> list[Form]:
    """Return the forms of a town: with its suffix, without the names of peoples, bare."""
    forms = [(name, "official")]
    if found := _TOWN.fullmatch(name):
        forms += [(found[1] + found[2], "common"), (found[1], "short")]
    elif name.startswith("吉林"):
        forms.append((name.removeprefix("吉林"), "common"))
    return _once(forms)


def village_name(written: str) -> str | None:
    """Return a village's name as people write it; None for a stand-in that is no village."""
    name = _VILLAGE_ABOVE.sub("", _BRACKETS.sub("", written))
    for ending, suffix in _ENDINGS:
        name = ending.sub(suffix, name)
    return None if _NO_PLACE.search(name) else name


def village_forms(name: str) -> list[Form]:
    """Return the forms of a village: as named, bare, and as a hamlet of that name."""
    forms = [(name, "official")]
    if found := _VILLAGE.fullmatch(name):
        forms.append((found[1] + found[2], "common"))
        if len(found[1]) >= 2 and not _ROAD.search(found[1]):
            forms.append((found[1], "short"))
        if found[2] == "村" and not found[1].endswith("屯"):
            forms.append((found[1] + "屯", "common"))
    return _once(forms)


def _once(forms: list[Form]) -> list[Form]:
    """Return the forms, each with the first relation it came with."""
    found: dict[str, str] = {}
    for form, relation in forms:
        found.setdefault(form, relation)
    return list(found.items())
