"""Real places of Jilin, by coordinates, and the answer expected of each.

One table for the tests, the demonstration and the reader: change why a case goes to a court, and this
table says what that does. Coordinates are GeoNames points (CC BY 4.0) unless noted, in degrees, WGS 84.
"""

from dataclasses import dataclass, field
from typing import Any

CCT, CCTL, JLTL = "长春铁路运输中级法院", "长春铁路运输法院", "吉林铁路运输法院"
THTL, BCTL, YBTL = "通化铁路运输法院", "白城铁路运输法院", "延边铁路运输法院"
HCLQ, LSX, DLX = "珲春林区基层法院", "梨树县人民法院", "东辽县人民法院"


@dataclass(frozen=True, slots=True)
class Place:
    """A named case and what is expected of its answer.

    Attributes
    ----------
    points
        One or several (longitude, latitude); several are places of one case.
    outcome, court
        The outcome, and the court named; None where none may be.
    possible
        Courts among the candidates where the outcome leaves several; None stands for one not confirmed.
    confidence
        Of the designation, where one decides.
    asked
        Further parameters of the question.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    outcome: str
    court: str | None = None
    possible: frozenset[str | None] = frozenset()
    confidence: str | None = None
    asked: dict[str, Any] = field(default_factory=dict)


NONGAN, JIAOHE, YINGAN = (125.16791, 44.4261), (127.33473, 43.72133), (130.28583, 42.89)
SONGYUAN, YANJI, LISHU = (124.82769, 45.12902), (129.50241, 42.88825), (124.33371, 43.30727)

PLACES: tuple[Place, ...] = (
    Place("农安县城", (NONGAN,), "clear", CCTL, confidence="confirmed"),
    Place("蛟河市（林区法院驻地）", (JIAOHE,), "clear", JLTL, confidence="confirmed"),
    Place("珲春市英安镇", (YINGAN,), "needs_fact", possible=frozenset({YBTL, HCLQ})),
    Place("珲春市英安镇，林区", (YINGAN,), "clear", HCLQ, confidence="confirmed", asked={"territory": "forest"}),
    Place(
        "珲春市英安镇，林区行政案件", (YINGAN,), "unresolved", confidence="unresolved",
        asked={"territory": "forest", "kind": "administrative"},
    ),
    Place("珲春市英安镇，普通区域", (YINGAN,), "clear", YBTL, confidence="inferred", asked={"territory": "ordinary"}),
    Place("松原市", (SONGYUAN,), "unresolved", confidence="unresolved"),
    Place("抚松县", ((127.27421, 42.32484),), "unresolved", confidence="unresolved"),
    Place("黑龙江省哈尔滨市", ((126.65, 45.75),), "outside"),
    Place("农安县城，机制施行前一日", (NONGAN,), "no_version", asked={"on": "2022-09-25"}),
    Place("农安县城，机制施行当日", (NONGAN,), "clear", CCTL, confidence="confirmed", asked={"on": "2022-09-26"}),
    Place("农安县城，生态环境损害赔偿", (NONGAN,), "clear", CCT, confidence="confirmed", asked={"kind": "damages"}),
    Place("松原市，中级法院案件", (SONGYUAN,), "clear", CCT, confidence="confirmed", asked={"level": "intermediate"}),
    Place(
        "农安县城，公益诉讼未分类", (NONGAN,), "needs_fact", possible=frozenset({CCT, CCTL}),
        asked={"kind": "public-interest"},
    ),
    Place("公主岭市", ((124.81979, 43.50075),), "clear", CCTL, confidence="inferred"),
    Place("桦甸市（林区法院驻地）", ((126.74107, 42.97213),), "clear", JLTL, confidence="confirmed"),
    Place("集安市", ((126.19455, 41.12818),), "clear", THTL, confidence="confirmed"),
    Place("梅河口市", ((125.67876, 42.52869),), "clear", THTL, confidence="inferred"),
    Place("镇赉县", ((123.19791, 45.84963),), "clear", BCTL, confidence="confirmed"),
    Place("延吉市", (YANJI,), "clear", YBTL, confidence="inferred"),
    Place("延吉市，林区", (YANJI,), "needs_fact", possible=frozenset({HCLQ, YBTL}), asked={"territory": "forest"}),
    Place("梨树县", (LISHU,), "clear", LSX, confidence="inferred"),
    Place("东辽县", ((124.98597, 42.92395),), "clear", DLX, confidence="inferred"),
    Place(
        "松花江上榆树、扶余之间，精度 5 千米", ((126.2, 44.9),), "near_boundary", CCTL,
        possible=frozenset({CCTL, None}), confidence="confirmed", asked={"accuracy_m": 5_000.0},
    ),
    Place("农安与蛟河两地", (NONGAN, JIAOHE), "cross_court", possible=frozenset({CCTL, JLTL})),
)  # fmt: skip
