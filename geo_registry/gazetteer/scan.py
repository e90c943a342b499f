"""Which names stand where in a text."""

from dataclasses import dataclass

from geo_registry.gazetteer import boundaries as b
from geo_registry.gazetteer.kinds import FINENESS, Standing, Tier
from geo_registry.gazetteer.lexicon import Form, Lexicon, Reading

_DEPTH = 4  # names in a row that are looked ahead at


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text.

    Attributes
    ----------
    start, end
        Where it stands, the name of its office (村委会) included.
    readings
        What it is read as where no unit above stands before it; empty where it needs one.
    beside
        What it can be read as beside a unit above it.
    new
        Whether a word of a list (、与至) parts it from the mention before.
    """

    start: int
    end: int
    form: Form
    readings: tuple[Reading, ...]
    beside: tuple[Reading, ...]
    new: bool


def find_mentions(lexicon: Lexicon, text: str) -> list[Mention]:
    """Return the names that stand in a text, from left to right; of names that begin together the longest."""
    found: list[Mention] = []
    at, is_open, new, length = 0, True, False, len(text)
    lengths = lexicon.lengths
    while at < length - 1:
        if text[at : at + 2] in lengths:
            mention = _mention_at(lexicon, text, at, is_open, new)
            if mention is not None:
                found.append(mention)
                at, is_open, new = mention.end, True, False
                continue
        step = _step(text, at)
        if step > at:
            new = new or bool(b.LIST.search(text, at, step))
            at, is_open = step, True
        else:
            at, is_open, new = at + 1, False, new
    return found


def _step(text: str, at: int) -> int:
    """Return the end of a gap or of a word that introduces a place; `at` where neither begins here."""
    gap = b.GAP.match(text, at)
    return gap.end() if gap else b.lead_end(text, at)


def _mention_at(
    lexicon: Lexicon, text: str, at: int, is_open: bool, new: bool, depth: int = _DEPTH
) -> Mention | None:
    """Return the longest name that begins and ends here; the part of a longer name that does not end is none.

    前郭尔罗斯路 is a road: neither 前郭尔罗斯 nor 前郭 before a street.
    """
    is_longest, held = True, None
    for length in lexicon.lengths[text[at : at + 2]]:
        form = lexicon.forms.get(text[at : at + length])
        if form is None or not (is_open or form.whole):
            continue
        found = _in_full(lexicon, text, at, form, new, depth) or _in_short(
            lexicon, text, at, form, new, depth, is_longest
        )
        if found is not None and (held is not None or not _is_doubtful(text, found)):
            return (
                held if held is not None and not _reaches_beyond(lexicon, text, held, found, depth) else found
            )
        held = held or found
        is_longest = False
    return held


def _is_doubtful(text: str, found: Mention) -> bool:
    """Tell whether a village's name may be cut out of longer ones: 龙山村 in 龙山 and 村后村."""
    full = found.form.full
    return bool(full) and full[0].tier is Tier.FAINT and not b.ends_alone(text, found.end)


def _reaches_beyond(lexicon: Lexicon, text: str, held: Mention, found: Mention, depth: int) -> bool:
    """Tell whether a shorter name is followed by one with its suffix that goes on where the longer one ends."""
    following = _following(lexicon, text, found.end, depth)
    return following is not None and bool(following.form.full) and following.end > held.end


def _in_full(lexicon: Lexicon, text: str, at: int, form: Form, new: bool, depth: int) -> Mention | None:
    """Return the form as a mention if it carries its suffix and no road, institution or longer word goes on."""
    lead = form.full or form.near
    if not lead:
        return None
    end = at + len(form.text)
    following = None
    if not b.ends_full(text, end, form.text, lead[0].place.kind):
        following = _following(lexicon, text, end, depth)
        if following is None or not (following.form.full or following.form.near):
            return None
    is_bare_village = lead[0].tier is Tier.FAINT and following is None and not b.ends_alone(text, end)
    alone = () if is_bare_village else form.alone
    return Mention(at, b.tail_end(text, end), form, alone, form.beside, new)


def _in_short(
    lexicon: Lexicon, text: str, at: int, form: Form, new: bool, depth: int, is_longest: bool
) -> Mention | None:
    """Return the form as a mention without suffix, if what follows leaves no doubt that it ends."""
    if not form.short:
        return None
    end = at + len(form.text)
    alone = form.alone if not form.full else tuple(r for r in form.alone if r not in form.full)
    if b.ends_short(text, end) or _leads_on(form.short, _following(lexicon, text, end, depth, listed=True)):
        return Mention(at, end, form, alone, form.short, new)
    kept = tuple(r for r in alone if _stands(r, text, end)) if is_longest else ()
    return Mention(at, end, form, kept, kept, new) if kept else None


def _stands(reading: Reading, text: str, end: int) -> bool:
    """Tell whether a name without suffix stands before what is no name: a city's before its street."""
    match reading.place.kind:
        case "prefecture" | "county":
            return b.street_follows(text, end)
        case "outside":
            return b.street_follows(text, end) or b.unit_follows(text, end)
        case "park" | "lake" | "river":
            return b.ends_full(text, end, reading.place.formal, reading.place.kind)
        case _:
            return False


def _following(lexicon: Lexicon, text: str, end: int, depth: int, *, listed: bool = False) -> Mention | None:
    """Return the name that follows at once or, where a list may go on, after a word such as 至."""
    if depth == 0 or end >= len(text):
        return None
    if text[end : end + 2] in lexicon.lengths:
        found = _mention_at(lexicon, text, end, True, False, depth - 1)
        if found is not None or not listed:
            return found
    word = b.LIST.match(text, end) if listed else None
    if word is None or text[word.end() : word.end() + 2] not in lexicon.lengths:
        return None
    return _mention_at(lexicon, text, word.end(), True, True, depth - 1)


def _leads_on(short: tuple[Reading, ...], following: Mention | None) -> bool:
    """Tell whether a name without suffix and the one after it make sense together: a unit and one inside it.

    Two cities or counties make none and are still both meant: that is a contradiction to be told.
    """
    if following is None:
        return False
    if following.new:
        return any(r.tier is not Tier.FAINT for r in short)
    return any(_makes_sense(r, f) for r in short for f in following.beside)


def _makes_sense(first: Reading, then: Reading) -> bool:
    if first.tier is Tier.KNOWN and (then.tier is Tier.KNOWN or first.place.kind == "outside"):
        return True
    a, b = first.place, then.place
    if not a.mask & b.mask or a.fineness >= b.fineness:
        return False
    if then.standing is not Standing.FULL and then.tier is Tier.FAINT and a.fineness < FINENESS["county"]:
        return False
    return a.fineness < FINENESS["town"] or a.contains(b)
