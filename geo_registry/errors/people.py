"""Who may do what."""

from dataclasses import dataclass

from geo_registry.errors.base import NotAllowed


@dataclass(eq=False)
class LoopbackOnly(NotAllowed):
    """An address that is served to this machine only until log-in exists."""

    code = "loopback-only"
    zh_form = "答复记录只对本机开放。请在服务器本机上查询或记录。"
    en_form = "Recorded answers are served to this machine only. Ask from the server itself."


@dataclass(eq=False)
class LogInNeeded(NotAllowed):
    """Something only people with an account may do."""

    code = "log-in-needed"
    zh_form = "这一步需要登录。请登录，或随请求给出密钥（Authorization: Bearer …）。"
    en_form = "This needs a log-in. Log in, or send a key (Authorization: Bearer …)."


@dataclass(eq=False)
class NotPermitted(NotAllowed):
    """Something none of the caller's roles allows."""

    right: str

    code = "not-permitted"
    zh_form = "您的角色没有“{right}”权限。请由有此权限的人员办理，或请管理员添加角色。"
    en_form = "None of your roles has the right '{right}'. Ask somebody who has it, or an administrator to add a role."


@dataclass(eq=False)
class OutsideArea(NotAllowed):
    """Something the caller may do, but not in that county."""

    adcode: str

    code = "outside-area"
    zh_form = "县区 {adcode} 不在您的工作范围内。请由该县区的人员办理，或请管理员调整范围。"
    en_form = "County {adcode} is not in your area. Ask somebody of that county, or an administrator to widen your area."
