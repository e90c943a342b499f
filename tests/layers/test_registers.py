"""Registers by manifest alone: five in the house, a sixth by a folder."""

from pathlib import Path
from shutil import copytree

import httpx
import pytest

from geo_registry.catalogue import Catalogue, get_catalogue, packaged_layers
from geo_registry.errors import BadManifest, RegisterNotFound
from geo_registry.exchange.layer_rows import read_layer

MANIFEST = packaged_layers() / "park_bases" / "layer.toml"


def test_the_registers_are_the_kinds_that_are_registers() -> None:
    catalogue = get_catalogue()
    kinds = {row["code"] for row in catalogue.get("site_kinds").rows() if row["is_register"]}
    specs = [layer.spec for layer in catalogue.registers.values()]
    assert {spec.registration.kind for spec in specs if spec.registration} == kinds
    assert all(not read_layer(catalogue.get(spec.id)) for spec in specs)  # no facts are invented


def test_what_a_register_asks_of_a_site() -> None:
    spec, register = get_catalogue().register("carbon_sink_forests")
    assert register.shapes == ("point", "polygon")
    assert register.area_m2 is not None
    assert (register.area_m2.least, register.area_m2.most) == (100, 500_000_000)
    assert register.generalise.grid_m == 5_000
    assert register.stated_area == "area_m2"
    assert "trees" in spec.attributes
    assert not {"id", "name", "adcode", "visibility"} & set(spec.attributes)


def test_a_manifest_is_shown_under_the_names_it_was_written_in(server: str) -> None:
    shown = httpx.get(f"{server}/layers/park_bases").json()
    assert shown["register"]["generalise"] == {"grid_m": 10_000}
    assert shown["data"] is None
    assert httpx.get(f"{server}/layers/park_bases/items").status_code == 404  # nothing is held of it


def test_a_layer_of_rows_is_no_register() -> None:
    with pytest.raises(RegisterNotFound, match="The registers are: black_soil_service_points"):
        get_catalogue().register("sites")


def sixth(folder: Path, *changes: tuple[str, str]) -> Catalogue:
    made = Path(copytree(packaged_layers(), folder / "layers"))
    text = MANIFEST.read_text(encoding="utf-8")
    for old, new in (
        ('id = "park_bases"', 'id = "wetland_bases"'),
        ('kind = "park_base"', 'kind = "wetland_base"'),
        *changes,
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (made / "wetland_bases").mkdir()
    (made / "wetland_bases" / "layer.toml").write_text(text, encoding="utf-8")
    return Catalogue(made)


def test_a_sixth_by_a_folder_only(tmp_path: Path) -> None:
    catalogue = sixth(tmp_path)
    assert catalogue.check() == []
    assert catalogue.register("wetland_bases")[1].kind == "wetland_base"


def test_a_kind_has_one_register(tmp_path: Path) -> None:
    catalogue = sixth(tmp_path, ('kind = "wetland_base"', 'kind = "park_base"'))
    assert catalogue.check() == ["the kind 'park_base' has two registers"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[register]", '[data]\nfile = "data.csv"\n\n[register]', "it has either [data] or [register]"),
        ('stated_area = "area_m2"', 'stated_area = "park"', "'park', which is no column of type number"),
        ('shapes = ["point", "polygon"]', 'shapes = ["polygon"]', "not one of the shapes of the register"),
        ('shapes = ["point", "polygon"]', "shapes = []", "register.shapes"),
        ("least = 10,", "least = 1e12,", "least is more than most"),
        ("grid_m = 10000", "grid_m = 10", "register.generalise.grid_m"),
        ("[columns.visibility]", "[columns.visible]", "a register has the column 'visibility'"),
        ('kind = "wetland_base"', 'kind = "Wet land"', "register.kind"),
    ],
)
def test_a_slip_in_a_register_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(BadManifest) as caught:
        sixth(tmp_path, (old, new)).get("wetland_bases")
    assert message in str(caught.value)
