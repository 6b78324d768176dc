"""Settings come from the environment, and a bad one is named in one sentence."""

from pathlib import Path

import pytest

from offerpath.settings import (
    LOCAL_PARTNER,
    TABLE_BEGIN,
    TABLE_END,
    BadSetting,
    Settings,
    load_settings,
    settings_table,
)
from tests.offerpath.command import Cli

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OFFERPATH_{name.upper()}", raising=False)


def test_without_variables_everything_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    settings = load_settings()
    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 8000, None)
    assert settings.data_dir == Path("/somewhere/offerpath")
    assert settings.partner_id == LOCAL_PARTNER


@pytest.mark.parametrize("unusable", ["", "relative/folder"])
def test_an_unusable_xdg_data_home_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, unusable: str
) -> None:
    """As the XDG base directory specification asks."""
    monkeypatch.setenv("XDG_DATA_HOME", unusable)
    assert load_settings().data_dir == Path.home() / ".local/share/offerpath"


def test_an_option_goes_before_the_variable_and_that_before_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OFFERPATH_PORT", "9000")
    assert load_settings(port=None).port == 9000
    assert load_settings(port=9100).port == 9100


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFERPATH_DATABASE_URL", "")
    assert load_settings().database_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("PORT", "eighty"),
        ("PARTNER_ID", "contoso"),
        ("SAMPLE", "perhaps"),
        ("MAX_IMPORT_MIB", "0"),
        ("STATEMENT_TIMEOUT_SECONDS", "nan"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", "mysql://somewhere"),
    ],
)
def test_a_bad_value_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"OFFERPATH_{name}", value)
    with pytest.raises(BadSetting, match=f"^OFFERPATH_{name} .+") as raised:
        load_settings()
    assert "\n" not in str(raised.value)


def test_a_bad_option_is_named_as_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSetting, match=r"^--port is '70000'"):
        load_settings(port=70000)


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFERPATH_DATABASE_URL", "postgres+x://me:secret@here/db")
    with pytest.raises(BadSetting) as raised:
        load_settings()
    assert "secret" not in str(raised.value)
    monkeypatch.setenv("OFFERPATH_DATABASE_URL", "postgresql://me:secret@here/db")
    assert "secret" not in repr(load_settings())


def test_a_pool_that_begins_larger_than_it_may_get_is_refused() -> None:
    with pytest.raises(BadSetting, match="OFFERPATH_POOL_MIN is 20"):
        load_settings(pool_min=20, pool_max=10)


def test_a_bad_setting_ends_a_command_with_2_and_one_sentence(tmp_path: Path) -> None:
    done = Cli(tmp_path).run("init", OFFERPATH_PORT="eighty")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("offerpath: OFFERPATH_PORT is 'eighty': ")
    assert done.err.count("\n") == 1


def test_every_setting_has_a_line_in_the_table_and_the_readme_has_the_table() -> None:
    table = settings_table()
    assert all(f"`OFFERPATH_{name.upper()}`" in table for name in Settings.model_fields)
    readme = README.read_text(encoding="utf-8") if README.exists() else ""
    if TABLE_BEGIN in readme:
        between = readme.split(TABLE_BEGIN)[1].split(TABLE_END)[0]
        assert between.strip() == table.strip()


def test_secrets_are_read_from_files_and_a_variable_goes_before_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "offerpath_database_url").write_text("postgresql://me:hidden@here/db\n")
    (tmp_path / "offerpath_port").write_text("9000")
    monkeypatch.setenv("OFFERPATH_SECRETS_DIR", str(tmp_path))
    settings = load_settings()
    assert settings.database_url == "postgresql://me:hidden@here/db"
    assert settings.port == 9000
    assert "hidden" not in repr(settings)
    monkeypatch.setenv("OFFERPATH_PORT", "9100")
    assert load_settings().port == 9100
    assert load_settings(port=9200).port == 9200


def test_a_bad_secret_is_refused_without_its_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "offerpath_database_url").write_text("mysql://me:hidden@here/db")
    monkeypatch.setenv("OFFERPATH_SECRETS_DIR", str(tmp_path))
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert "OFFERPATH_DATABASE_URL" in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_a_folder_of_secrets_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OFFERPATH_SECRETS_DIR", str(tmp_path / "none"))
    with pytest.raises(BadSetting, match="OFFERPATH_SECRETS_DIR"):
        load_settings()


def test_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFERPATH_TRUSTED_PROXIES", "10.0.0.0/8 ::1")
    assert load_settings().trusted_proxies == ("10.0.0.0/8", "::1")
    for bad in ("*", "proxy.example.com", "10.0.0.1/8"):
        monkeypatch.setenv("OFFERPATH_TRUSTED_PROXIES", bad)
        with pytest.raises(BadSetting, match="OFFERPATH_TRUSTED_PROXIES"):
            load_settings()
