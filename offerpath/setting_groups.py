"""Settings by what they are for: sign-in, limits, and how the processes run."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from offerpath.setting_values import Claim, Lowered, Names, Networks, Origins
from offerpath.sign_in.setting_types import Guids, Issuer, KeysUrl, RolesByGuid, Words

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["console", "json"]
Auth = Literal["off", "oidc"]
Switch = Literal["on", "off"]
Documents = Literal["off", "accept", "require"]


class SignInSettings(BaseSettings):
    """Who is let in, and what tells the roles."""

    auth: Annotated[Auth, Lowered] = Field(
        default="off",
        description="Who may ask: `off` serves whoever reaches this machine itself, as the one "
        "local partner; `oidc` whoever has an access token or an API key (docs/sign-in.md).",
    )
    oidc_issuer: Issuer | None = Field(
        default=None,
        description="The issuer of access tokens, exactly as it stands in their `iss`. "
        "`{tenantid}` in it stands for the token's `tid`.",
    )
    oidc_audience: Words = Field(
        default_factory=tuple,
        description="The `aud` that tokens must have; any one of several between commas.",
    )
    oidc_jwks_url: KeysUrl | None = Field(
        default=None, description="Where the issuer's keys are. Unset: as its metadata say."
    )
    oidc_clock_skew_seconds: int = Field(
        default=60, ge=0, le=300, description="By how much clocks may differ."
    )
    oidc_tenants: Guids = Field(
        default_factory=tuple,
        description="The partners that are served (GUIDs between commas). Unset: all that the "
        "issuer vouches for.",
    )
    partner_claim: Claim = Field(
        default="tid", description="The claim that names the partner, a GUID."
    )
    partner_type_claim: Claim | None = Field(
        default=None,
        description="The claim that names the partner's type. Unset, or where a token has none: "
        "OFFERPATH_PARTNER_TYPE.",
    )
    role_groups: RolesByGuid = Field(
        default_factory=dict,
        description="Roles by the object ids of groups, for tokens without app roles: "
        '`{"<GUID>": "ADMIN_AGENT"}`, or a file that holds it.',
    )
    role_wids: RolesByGuid | None = Field(
        default=None,
        description="Roles by the template ids of Entra's directory roles, for tokens that give "
        "none otherwise; as the one before. Unset: Global, User and Billing Administrator.",
    )
    token: str | None = Field(
        default=None,
        repr=False,
        description="The access token or API key that the command line acts with, where sign-in "
        "is on.",
    )


class LimitSettings(BaseSettings):
    """What may be asked, by which pages, and how much at a time."""

    max_import_mib: int = Field(
        default=64, ge=1, le=1024, description="Largest file that an import reads, in MiB."
    )
    max_streams: int = Field(
        default=500,
        ge=1,
        le=100_000,
        description="Most WebSockets and event streams open at a time, in one process.",
    )
    heavy_at_once: int = Field(
        default=3,
        ge=1,
        le=64,
        description="Most plans, reports and runs over the portfolio that are worked on at a time, "
        "in one process; one partner has all places but one (docs/limits.md).",
    )
    queue_seconds: float = Field(
        default=20.0, gt=0, le=600, description="Longest time that such work waits to begin."
    )
    rate_partner: int = Field(
        default=6_000_000,
        ge=0,
        le=1_000_000_000,
        description="Cost units that one partner may ask for in a minute, in one process, where "
        "sign-in is on; 0 for no limit.",
    )
    rate_caller: int = Field(
        default=2_000_000,
        ge=0,
        le=1_000_000_000,
        description="The same for each person and each API key.",
    )
    allowed_origins: Origins = Field(
        default=(),
        description="Origins whose pages may ask from a browser, exactly and with a space between "
        "two: `https://desk.example.com`. Unset: this server's own pages alone.",
    )
    introspection: Annotated[Switch, Lowered] = Field(
        default="on",
        description="Whether the API tells its schema: `on` or `off`. Where it is `off`, names are "
        "not suggested either, and the query editor knows none (docs/limits.md).",
    )
    request_deadline_seconds: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="Longest time that one GraphQL request may take; ten times as long where it "
        "brings a file of more than 1 MiB.",
    )
    report_seconds: float = Field(
        default=3600.0,
        gt=0,
        le=86_400,
        description="Longest time that a report over HTTP may take, to its last byte "
        "(docs/limits.md).",
    )
    reader_seconds: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="Longest time that the reader of such a report may take nothing of it.",
    )
    run_seconds: float = Field(
        default=600.0,
        gt=0,
        le=600,
        description="Longest time that a run over the portfolio (`portfolioRun`) works, and "
        "longest time that it waits to begin.",
    )
    documents: Annotated[Documents, Lowered] = Field(
        default="off",
        description="Trusted documents: with `accept` a request may name one by its hash, with "
        "`require` it has to, and `off` knows none (docs/documents.md).",
    )
    documents_file: Path | None = Field(
        default=None,
        description="The manifest of trusted documents, as relay-compiler writes it.",
    )

    @property
    def tells_schema(self) -> bool:
        return self.introspection == "on"

    @property
    def max_import_bytes(self) -> int:
        return self.max_import_mib * 1024 * 1024


class RunningSettings(BaseSettings):
    """How the processes run, stop and tell of themselves."""

    workers: int = Field(
        default=1, ge=1, le=64, description="Processes that answer behind the one port."
    )
    shutdown_seconds: float = Field(
        default=10.0,
        ge=0,
        le=600,
        description="Longest time that requests and reports under way get when `serve` is told to "
        "stop.",
    )
    shutdown_delay_seconds: float = Field(
        default=0.0,
        ge=0,
        le=600,
        description="How long it goes on taking connections then, `/readyz` saying 503 already, "
        "until balancers have noticed.",
    )
    log_level: Annotated[LogLevel, Lowered] = Field(
        default="warning",
        description="`debug`, `info`, `warning` or `error`; with `debug` a fault shows where it "
        "happened.",
    )
    log_format: Annotated[LogFormat, Lowered] = Field(
        default="console", description="`console` or `json`: how a line of the log is written."
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="Addresses or networks of proxies whose X-Forwarded-For and -Proto are "
        "believed, with a space between two: `10.0.0.0/8 ::1`.",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="Port of `/metrics` for Prometheus, apart from the API's. Unset: none.",
    )
    metrics_operations: Names = Field(
        default=(),
        description="Names of operations that are counted each for itself, with a space between "
        "two; those of trusted documents are, all others are `other`.",
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        description="Address that `/metrics` listens on; it asks nobody who they are.",
    )
    tracing: bool = Field(
        default=False,
        description="Whether OpenTelemetry's spans are sent, as its own OTEL_ variables say; needs "
        "`offerpath[otel]`.",
    )
    secrets_dir: Path | None = Field(
        default=None,
        repr=False,
        description="Folder with a file for each setting that shall not stand in the environment, "
        "as `offerpath_database_url`; a variable goes before a file.",
    )
