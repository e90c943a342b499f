"""`geo-registry stats`: what the registers list, beside what was counted."""

from typing import Annotated

import typer

from geo_registry.actions.ask import today
from geo_registry.actions.views import count_to_dict, register_to_dict
from geo_registry.cli.output import print_json, print_table
from geo_registry.cli.session import Opened, with_registry
from geo_registry.routing.profiles import compare_registers
from geo_registry.routing.snapshot import Snapshot


def stats(as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Show each register's quoted count beside what is listed of it; the two are never added up."""

    async def work(opened: Opened) -> Snapshot:
        return await opened.snapshots.get(today())

    snapshot = with_registry(work)
    lines = compare_registers(snapshot)
    others = [c for c in snapshot.counts if not c.register]
    if as_json:
        print_json(
            {
                "registers": [register_to_dict(line) for line in lines],
                "quoted": [count_to_dict(c) for c in others],
            }
        )
        return
    print_table(
        (
            "登记类 Register",
            "主管 Holder",
            "公布 Quoted",
            "日期 As of",
            "已知地点 Known by place",
            "已证实在内 Proven among",
        ),
        [
            (
                line.count.label.zh,
                ", ".join(line.count.holders),
                line.count.value,
                line.count.as_of,
                line.located,
                line.proven,
            )
            for line in lines
        ],
    )
    print_table(
        ("公布数字 Quoted figure", "", "数值 Value", "单位 Unit", "日期 As of"),
        [(c.label.zh, c.label.en, c.value, f"{c.unit.zh} {c.unit.en}", c.as_of) for c in others],
    )
