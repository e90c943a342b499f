"""Fits to sentences: what in the text was read as what."""

from geo_registry.gazetteer.fold import Fit, Step
from geo_registry.terms import Text

_HOW = {
    "former": Text("“{}”为旧称，读作{}", "“{}”, a former name, read as {}"),
    "common": Text("“{}”为通称，读作{}", "“{}”, a name in common use, read as {}"),
}
_PLAIN = Text("“{}”读作{}", "“{}” read as {}")
_ELSEWHERE = Text("；文中另有他处的地名", "; the text names another place too")


def evidence_of(fit: Fit, *, is_one_of_several: bool) -> Text:
    """Return the sentence that says as what each name was read, the finest first."""
    read = [_reading(step) for step in reversed(fit.steps)]
    end = _ELSEWHERE if is_one_of_several else Text("", "")
    return Text("；".join(t.zh for t in read) + end.zh, "; ".join(t.en for t in read) + end.en)


def _reading(step: Step) -> Text:
    mention, reading = step
    how = _HOW.get(reading.relation, _PLAIN) if mention.form.text != reading.place.title else _PLAIN
    written, title = mention.form.text, reading.place.title
    return Text(how.zh.format(written, title), how.en.format(written, title))
