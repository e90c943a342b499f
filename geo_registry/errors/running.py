"""Settings, and what the product needs to run."""

from dataclasses import dataclass

from geo_registry.errors.base import InvalidInput, Unavailable


@dataclass(eq=False)
class BadSetting(InvalidInput):
    """A setting whose value cannot be used."""

    name: str
    reason_zh: str
    reason_en: str
    code = "bad-setting"
    zh_form = "设置 {name} 的值不能用：{reason_zh}。"
    en_form = "The setting {name} cannot be used: {reason_en}."


@dataclass(eq=False)
class ServerMissing(Unavailable):
    """PostgreSQL or PostGIS is not installed."""

    missing: str
    code = "server-missing"
    zh_form = (
        "缺少 {missing}。请运行：sudo apt-get install --no-install-recommends postgresql-postgis，"
        "或用 GEO_REGISTRY_DATABASE_URL 指定已有的 PostGIS。"
    )
    en_form = (
        "{missing} is missing. Run: sudo apt-get install --no-install-recommends postgresql-postgis, "
        "or name a PostGIS of your own with GEO_REGISTRY_DATABASE_URL."
    )


@dataclass(eq=False)
class ClusterTrouble(Unavailable):
    """The private database cluster cannot be used."""

    reason_zh: str
    reason_en: str
    code = "cluster-trouble"
    zh_form = "自带数据库不能用：{reason_zh}"
    en_form = "The private database cannot be used: {reason_en}"


@dataclass(eq=False)
class DatabaseUnavailable(Unavailable):
    """The database does not answer."""

    code = "database-unavailable"
    zh_form = "数据库暂时没有应答。请稍后重试；若一直如此，请运行 geo-registry db status。"
    en_form = "The database does not answer right now. Try again shortly; if it stays so, run: geo-registry db status."


@dataclass(eq=False)
class SchemaOutdated(Unavailable):
    """The database is empty or of another release."""

    code = "schema-outdated"
    zh_form = "数据库结构不是本版本的。请运行：geo-registry db upgrade。"
    en_form = "The database schema is not that of this release. Run: geo-registry db upgrade."


@dataclass(eq=False)
class SchedulerUnavailable(Unavailable):
    """The Dask scheduler, or its workers, cannot do the work."""

    url: str
    reason_zh: str
    reason_en: str
    code = "scheduler-unavailable"
    zh_form = "调度器 {url} 不能用：{reason_zh}。"
    en_form = "The scheduler {url} cannot be used: {reason_en}."


@dataclass(eq=False)
class WorkersLost(Unavailable):
    """A part of a file that ended every process it was given to."""

    part: int
    tries: int
    code = "workers-lost"
    zh_form = "第 {part} 部分交给工作进程 {tries} 次，进程都意外结束了（多半是内存不足）。可加 --resume 接着做，并减少 --workers。"
    en_form = "Part {part} was given out {tries} times and its process ended each time, most often for want of memory. Continue with --resume and fewer --workers."


@dataclass(eq=False)
class AssetsMissing(Unavailable):
    """The browser libraries were not put beside the code."""

    name: str
    code = "assets-missing"
    zh_form = "缺少网页库文件 {name}。请运行 script/setup。"
    en_form = "The browser library {name} is missing. Run script/setup."


@dataclass(eq=False)
class PortTaken(Unavailable):
    """The address asked for is in use."""

    host: str
    port: int
    code = "port-taken"
    zh_form = "无法在 {host}:{port} 上监听：端口已被占用，或本机没有这个地址。请用 --port 或 --host 另选。"
    en_form = "{host}:{port} cannot be listened on: it is in use, or no address of this machine. Choose another with --port or --host."
