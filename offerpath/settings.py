"""What the environment sets: every OFFERPATH_ variable, its default and what it is for."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import SettingsConfigDict

from offerpath.setting_groups import LimitSettings, RunningSettings, SignInSettings
from offerpath.setting_values import (
    Folder,
    Guid,
    PostgresUrl,
)
from offerpath.sign_in.setting_types import (
    TENANT_PLACE,
)
from planner.permissions import PartnerType
from resolvers.codes.code import Code

PREFIX = "OFFERPATH_"
LOCAL_PARTNER = "00000000-0000-4000-8000-000000000001"
"""The one partner of an installation without sign-in, unless OFFERPATH_PARTNER_ID says another."""
TABLE_BEGIN = "<!-- settings: python -m offerpath.settings -->"
TABLE_END = "<!-- /settings -->"


class BadSetting(ValueError):
    """A variable of the environment, or an option of `serve`, has a value that cannot be used."""

    code = Code.BAD_SETTING


class SignInIsOff(BadSetting):
    """Without sign-in only this machine itself may be served."""

    code = Code.SIGN_IN_OFF


def default_data_dir() -> Path:
    """Return the data folder of this account: $XDG_DATA_HOME/offerpath, or ~/.local/share's."""
    named = os.environ.get("XDG_DATA_HOME", "")
    base = Path(named) if Path(named).is_absolute() else Path("~/.local/share").expanduser()
    return base / "offerpath"


class Settings(RunningSettings, LimitSettings, SignInSettings):
    """The settings of one process. An empty variable counts as unset."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    host: str = Field(default="127.0.0.1", description="Address that `offerpath serve` listens on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port that it listens on; 0 takes any free one."
    )
    database_url: PostgresUrl = Field(
        default=None,
        repr=False,
        description="PostgreSQL 15 or newer to use, under a role that is no superuser and best "
        "owns nothing. Unset: the embedded PostgreSQL, in the data folder.",
    )
    migrations_url: PostgresUrl = Field(
        default=None,
        repr=False,
        description="The same database under the role that owns its tables: it makes and changes "
        "them at the start, and the role before must own nothing then. Unset: that one makes "
        "them, or finds them made (docs/running.md).",
    )
    direct_url: PostgresUrl = Field(
        default=None,
        repr=False,
        description="The same database under the same role without the pooler, where "
        "OFFERPATH_DATABASE_URL goes through one that hands out connections by transaction.",
    )
    data_dir: Folder = Field(
        default_factory=default_data_dir,
        description="Folder of the embedded PostgreSQL. "
        "Unset: `$XDG_DATA_HOME/offerpath`, or `~/.local/share/offerpath`.",
    )
    partner_id: Guid = Field(
        default=LOCAL_PARTNER,
        description="The partner whose customers are stored and shown (a GUID).",
    )
    partner_tenant_id: Guid | None = Field(
        default=None,
        description="Your own tenant (a GUID), by which imports from Microsoft Graph tell what you "
        "sold from what others did.",
    )
    partner_type: PartnerType | None = Field(
        default=None,
        description="How you stand in the CSP programme: DIRECT_BILL, INDIRECT_PROVIDER or "
        "INDIRECT_RESELLER. Unset: answers list it among what is not known.",
    )
    sample: bool = Field(
        default=True,
        description="Whether `init` and `serve` load sample customers where none is stored.",
    )
    pool_min: int = Field(default=1, ge=0, le=1000, description="Database connections kept open.")
    pool_max: int = Field(
        default=10, ge=1, le=1000, description="Most database connections at a time."
    )
    statement_timeout_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="Longest time that one database statement may take.",
    )


def load_settings(**given: Any) -> Settings:
    """Read the environment; options that are given (not None) go before it. Raises: BadSetting."""
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings(**{"_secrets_dir": _secrets_dir()} | chosen)
    except ValidationError as error:
        raise BadSetting(_sentence(error, chosen)) from None
    if settings.pool_min > settings.pool_max:
        raise BadSetting(
            f"{PREFIX}POOL_MIN is {settings.pool_min}, which is more than {PREFIX}POOL_MAX, "
            f"{settings.pool_max}"
        )
    for name in ("migrations_url", "direct_url"):
        if getattr(settings, name) and not settings.database_url:
            raise BadSetting(f"{PREFIX}{name.upper()} is set, which needs {PREFIX}DATABASE_URL")
    for name in ("oidc_issuer", "oidc_audience"):
        if settings.auth == "oidc" and not getattr(settings, name):
            raise BadSetting(f"{PREFIX}AUTH is oidc, which needs {PREFIX}{name.upper()}")
    if TENANT_PLACE in (settings.oidc_issuer or "") and settings.partner_claim != "tid":
        # Any other claim is what each tenant's own administrator makes of it.
        raise BadSetting(
            f"{PREFIX}PARTNER_CLAIM must be tid where {PREFIX}OIDC_ISSUER has {TENANT_PLACE}: "
            "of several tenants, none may say itself which partner it is"
        )
    if settings.documents != "off" and settings.documents_file is None:
        raise BadSetting(
            f"{PREFIX}DOCUMENTS is {settings.documents}, which needs {PREFIX}DOCUMENTS_FILE"
        )
    return settings


def _secrets_dir() -> Path | None:
    """Return the folder of secrets that the environment names. Raises: BadSetting."""
    named = os.environ.get(f"{PREFIX}SECRETS_DIR")
    if not named:
        return None
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise BadSetting(f"{PREFIX}SECRETS_DIR is {named[:80]!r}: there is no such folder")
    return folder


def _sentence(error: ValidationError, chosen: Mapping[str, object]) -> str:
    """Say the first problem with the variable's name; a URL, which may hold a password, unsaid."""
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    called = f"--{name.replace('_', '-')}" if name in chosen else f"{PREFIX}{name.upper()}"
    reason = str(first["msg"]).removeprefix("Value error, ")
    reason = reason[:1].lower() + reason[1:]
    if name in ("database_url", "migrations_url", "direct_url", "token"):
        return f"{called} cannot be used: {reason}"
    return f"{called} is {str(first['input'])[:80]!r}: {reason}"


def settings_table() -> str:
    """Return the settings as the Markdown table that stands in README.md."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {_default(field)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    ]
    return "| variable | default | meaning |\n|---|---|---|\n" + "".join(rows)


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None or field.default in (None, ()):
        return ""
    shown = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
    return f"`{shown}`"


if __name__ == "__main__":
    sys.stdout.write(settings_table())
