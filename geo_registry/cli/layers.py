"""`geo-registry layers`: the catalogue and what is loaded of it."""

from typing import Annotated

import typer

from geo_registry.actions.draft_zones import draft_zones
from geo_registry.actions.publish_zones import publish_zones
from geo_registry.catalogue import get_catalogue
from geo_registry.cli.output import both, print_json, print_pairs, print_table, stderr
from geo_registry.cli.session import Opened, whoami, with_registry
from geo_registry.db.layer_store import count_rows
from geo_registry.settings import Settings
from geo_registry.terms import Text

app = typer.Typer(no_args_is_help=True, help="图层目录。The layer catalogue.")


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """List the layers and how many rows of each the registry holds."""

    async def work(opened: Opened) -> tuple[dict[str, int], list[tuple[str, str, str, str]]]:
        async with opened.database.read() as session:
            counts = await count_rows(session)
        specs = [layer.spec for layer in opened.catalogue.layers.values()]
        return counts, [(s.id, s.title.zh, s.title.en, s.licence.name) for s in specs]

    counts, specs = with_registry(work)
    zones = sum(n for layer, n in counts.items() if layer.startswith("court_zones/"))
    rows = [
        (*spec[:3], counts.get(spec[0], zones if spec[0] == "court_zones" else 0), spec[3]) for spec in specs
    ]
    if as_json:
        print_json(
            [{"id": r[0], "title": {"zh": r[1], "en": r[2]}, "rows": r[3], "licence": r[4]} for r in rows]
        )
    else:
        print_table(("图层 Layer", "名称", "Title", "行 Rows", "许可 Licence"), rows)


@app.command()
def show(id: Annotated[str, typer.Argument(metavar="ID", help="Id of a layer.")]) -> None:
    """Show a layer's manifest: whose it is, how good it is, which columns it has."""
    spec = get_catalogue(Settings.read().layers).get(id).spec
    quality = spec.source.quality
    print_pairs(
        [
            (spec.id, both(Text(spec.title.zh, spec.title.en))),
            ("", both(Text(spec.description.zh, spec.description.en))),
            ("主管 Authority", both(Text(spec.authority.zh, spec.authority.en))),
            ("来源 Sources", f"{', '.join(spec.source.keys)}（{spec.source.as_of}）"),
            ("质量 Quality", both(Text(quality.zh, quality.en)) if quality else None),
            ("许可 Licence", f"{spec.licence.name}：{spec.licence.note.zh} {spec.licence.note.en}"),
            ("示例 Sample", "是，非事实 yes, not facts" if spec.sample else None),
        ]
    )
    rows = [
        (name, c.type, "必填 required" if c.required else "", c.help.zh, c.help.en)
        for name, c in spec.columns.items()
    ]
    print_table(("列 Column", "类型 Type", "", "说明", "Help"), rows)


@app.command()
def check() -> None:
    """Check every manifest and every row of the layer folder; exit 1 when something is wrong."""
    faults = get_catalogue(Settings.read().layers).check()
    for fault in faults:
        print(fault)
    print(f"{len(faults)} 项问题 findings", file=stderr())
    raise typer.Exit(1 if faults else 0)


@app.command()
def load(
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish the zone versions drafted, after their checks.")
    ] = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="Load the sample sites too; they are no facts.")
    ] = False,
) -> None:
    """Load the layers into the registry and draft its zone versions; what is as it was is not touched."""
    from geo_registry.actions.load_layers import load_layers  # geopandas takes half a second to import

    async def work(opened: Opened) -> None:
        rows = [
            (r.layer, r.changes)
            for r in await load_layers(opened.database, opened.catalogue, actor=whoami(), sample=sample)
        ]
        drafted = await draft_zones(opened.database, opened.catalogue, actor=whoami())
        rows += [(f"court_zones/{d.version}", d.changes) for d in drafted]
        headings = ("图层 Layer", "新增 Added", "更改 Changed", "关闭 Closed", "未变 Unchanged")
        print_table(headings, [(id, c.added, c.changed, c.closed, c.unchanged) for id, c in rows])
        for version in (d.version for d in drafted if publish and d.state == "draft"):
            await publish_zones(opened.database, version, actor=whoami())
            print(f"{version} 已发布 published", file=stderr())

    with_registry(work)


@app.command("remove-sample")
def remove_sample_() -> None:
    """Remove every sample row."""
    from geo_registry.actions.load_layers import remove_sample

    async def work(opened: Opened) -> int:
        return await remove_sample(opened.database, actor=whoami())

    print(f"{with_registry(work)} 条示例已移除 sample rows removed", file=stderr())
