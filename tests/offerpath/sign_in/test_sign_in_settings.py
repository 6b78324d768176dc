"""Sign-in is off by default and then serves this machine alone; what it needs is said."""

import json
import socket
from pathlib import Path

import pytest

from offerpath.settings import BadSetting, Settings, load_settings
from offerpath.sign_in.addresses import is_loopback
from planner.permissions import Role
from tests.offerpath.command import Cli

GROUP = "aaaaaaaa-0000-4000-8000-000000000001"
ISSUER = "https://login.microsoftonline.com/{tenantid}/v2.0"
NEEDED = {"AUTH": "oidc", "OIDC_ISSUER": ISSUER, "OIDC_AUDIENCE": "api://offerpath"}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OFFERPATH_{name.upper()}", raising=False)


def loaded(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(f"OFFERPATH_{name}", value)
    return load_settings()


def test_sign_in_is_off_by_default() -> None:
    assert load_settings().auth == "off"


@pytest.mark.parametrize("missing", ["OIDC_ISSUER", "OIDC_AUDIENCE"])
def test_sign_in_needs_an_issuer_and_an_audience(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    given = {name: value for name, value in NEEDED.items() if name != missing}
    with pytest.raises(BadSetting, match=f"needs OFFERPATH_{missing}"):
        loaded(monkeypatch, **given)


def test_of_several_tenants_none_says_itself_which_partner_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(BadSetting, match="OFFERPATH_PARTNER_CLAIM must be tid"):
        loaded(monkeypatch, **NEEDED, PARTNER_CLAIM="partner")
    one_tenant = NEEDED | {"OIDC_ISSUER": "https://login.example", "PARTNER_CLAIM": "partner"}
    assert loaded(monkeypatch, **one_tenant).partner_claim == "partner"


def test_lists_and_mappings_are_read_from_text(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(
        monkeypatch,
        **NEEDED | {"OIDC_AUDIENCE": "api://offerpath, 7d1c", "AUTH": "OIDC"},
        OIDC_TENANTS=GROUP.upper(),
        ROLE_GROUPS=json.dumps({GROUP.upper(): "Admin agent"}),
        ROLE_WIDS="{}",
    )
    assert settings.auth == "oidc"
    assert settings.oidc_audience == ("api://offerpath", "7d1c")
    assert settings.oidc_tenants == (GROUP,)
    assert settings.role_groups == {GROUP: Role.ADMIN_AGENT}
    assert settings.role_wids == {}


def test_a_mapping_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "groups.json"
    file.write_text(json.dumps({GROUP: "SALES_AGENT"}))
    assert loaded(monkeypatch, ROLE_GROUPS=str(file)).role_groups == {GROUP: Role.SALES_AGENT}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AUTH", "basic", "off"),
        ("OIDC_ISSUER", "login.example", "https"),
        ("OIDC_ISSUER", "http://login.example", "http is for this machine alone"),
        ("OIDC_ISSUER", "https://login.example/{tenant}", "{tenantid}"),
        ("OIDC_ISSUER", "https://me:secret@login.example", "no user"),
        ("OIDC_JWKS_URL", "http://login.example/keys", "http is for this machine alone"),
        ("OIDC_JWKS_URL", "file:///etc/passwd", "https"),
        ("OIDC_CLOCK_SKEW_SECONDS", "-1", "greater"),
        ("OIDC_CLOCK_SKEW_SECONDS", "3600", "less"),
        ("OIDC_TENANTS", "contoso", "GUID"),
        ("OIDC_AUDIENCE", "[1", "JSON array"),
        ("PARTNER_CLAIM", "a b", "pattern"),
        ("ROLE_GROUPS", '{"contoso": "ADMIN_AGENT"}', "GUID"),
        ("ROLE_GROUPS", f'{{"{GROUP}": "KING"}}', "no role"),
        ("ROLE_GROUPS", "[]", "cannot be read"),
        ("ROLE_GROUPS", "{", "JSON object"),
        ("ROLE_WIDS", "/nowhere/at/all.json", "cannot be read"),
    ],
)
def test_a_bad_value_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    with pytest.raises(BadSetting, match=f"^OFFERPATH_{name} ") as caught:
        loaded(monkeypatch, **{name: value})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "secret" not in repr(loaded(monkeypatch, TOKEN="secret"))  # noqa: S106


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        *((host, True) for host in ("127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST")),
        ("::ffff:127.0.0.1", True),
        *((host, False) for host in ("0.0.0.0", "::", "10.0.0.1", "localhost.example", "")),  # noqa: S104
        ("::ffff:10.0.0.1", False),
        ("127.0.0.1.example", False),
    ],
)
def test_addresses_of_this_machine_are_known(host: str, is_own: bool) -> None:
    assert is_loopback(host) is is_own


def _others() -> list[str]:
    """Return addresses that other machines can reach."""
    found = ["0.0.0.0"]  # noqa: S104
    return [*found, "::"] if socket.has_dualstack_ipv6() else found


@pytest.mark.parametrize("host", _others())
def test_without_sign_in_nothing_but_this_machine_is_served(tmp_path: Path, host: str) -> None:
    """It is refused before a database is made, and nobody could have connected."""
    for given in ({"OFFERPATH_HOST": host}, {}):
        more = () if given else ("--host", host)
        done = Cli(tmp_path).run("serve", "--json", "--port", "0", *more, **given)
        assert done.code == 2
        # `serve --json` tells problems as one line of JSON, too.
        assert done.error["code"] == "SIGN_IN_OFF"
        assert "OFFERPATH_AUTH=oidc" in done.error["message"]
        assert list(tmp_path.iterdir()) == []
