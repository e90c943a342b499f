"""What tests of drafts share: a registrar, and a draft that moves one county to another court."""

from datetime import date

from geo_registry.access import Person, Role
from geo_registry.actions.edit_draft import Edited, edit_draft, start_draft
from geo_registry.db.engine import Database
from geo_registry.terms import Status
from geo_registry.zones.draft import Amend, Amendment, Noun, SetRow

BASE, DRAFT = "2022-09-26", "2027-01-01"
FIRST = date(2027, 1, 1)
DRAFTER = Person("registrar-a", "管辖管理员甲", frozenset({Role.REGISTRAR}), None)
NONGAN, GONGZHULING = "220122", "220184"
# A made-up change for tests: 农安 goes from the court of 长春 to that of 吉林, under the city of 吉林.
MOVE = (
    SetRow(NONGAN, {"court_code": "jltl", "article": "三"}),
    Amend(
        Amendment(Noun.UNIT, NONGAN, {"parent_adcode": "220200"}, None, Status.CONFIRMED, ("ANN",), "2027")
    ),
)


async def draft(database: Database, version: str = DRAFT) -> Edited:
    return await start_draft(database, version, base=BASE, valid_from=FIRST, person=DRAFTER, why="拟调整管辖")


async def moved(database: Database, version: str = DRAFT) -> Edited:
    await draft(database, version)
    return await edit_draft(database, version, MOVE, person=DRAFTER, why="县改属吉林市")
