"""The container files promise a small, unprivileged image and a private, valid composition."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema.validators import validator_for

from tests.docker.dockerfile import Stage, stages

ROOT: Final = Path(__file__).parents[2]
DOCKERFILE: Final = ROOT / "docker" / "Dockerfile"
COMPOSE: Final = ROOT / "docker" / "compose.yaml"
SCRIPTS: Final = sorted([*ROOT.glob("docker/initdb/*.sh"), *ROOT.glob("tools/*.sh")])

# What a person sets; every other OFFERPATH_ name must be a setting of the application.
ASKED_OF_THE_OPERATOR: Final = {
    "OFFERPATH_DB_PASSWORD",
    "OFFERPATH_APP_PASSWORD",
    "OFFERPATH_OIDC_ISSUER",
    "OFFERPATH_OIDC_AUDIENCE",
}


def _stages() -> tuple[Stage, ...]:
    return stages(DOCKERFILE.read_text())


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return loaded


def _application_code() -> str:
    return "\n".join(path.read_text() for path in (ROOT / "offerpath").glob("*.py"))


def test_hadolint_finds_nothing_and_no_rule_is_ignored() -> None:
    """Warnings count, and so would an ignore comment: there is none to honour."""
    hadolint = Path(sys.executable).parent / "hadolint"
    options = ("--no-color", "--disable-ignore-pragma", "--failure-threshold", "style")
    done = subprocess.run([hadolint, *options, DOCKERFILE], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_runs_as_a_numbered_user_that_is_not_root() -> None:
    """A number, because an orchestrator cannot tell by a name that it is not root."""
    users = _stages()[-1].rests("USER")
    assert users, "the final stage has no USER"
    assert re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", users[-1]), users[-1]


def test_the_image_says_whether_it_is_healthy_without_a_proxy() -> None:
    """The check asks the port that is exposed, and not through HTTP_PROXY."""
    final = _stages()[-1]
    (port,) = final.rests("EXPOSE")
    (check,) = final.rests("HEALTHCHECK")
    _, _, command = check.partition("CMD ")
    program, flag, code = json.loads(command)
    assert (program, flag) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    assert f"http://127.0.0.1:{port}/healthz" in code
    assert "ProxyHandler({})" in code


def test_the_image_starts_the_server_without_a_shell() -> None:
    """In exec form the server itself gets the signal to stop."""
    (command,) = _stages()[-1].rests("CMD")
    assert json.loads(command) == ["offerpath", "serve"]


def test_every_copied_path_is_there_and_reaches_the_build() -> None:
    """A source in the context exists and is let in by .dockerignore; a stage is an earlier one."""
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")
    }
    earlier: set[str] = set()
    for stage in _stages():
        for copy in stage.copies():
            if copy.stage is not None:
                assert copy.stage in earlier
                continue
            for source in copy.sources:
                assert (ROOT / source).exists(), f"COPY {source}: no such path"
                assert Path(source).parts[0] in let_in, f"COPY {source}: left out by .dockerignore"
        earlier.add(stage.name)


def test_every_package_reaches_the_image() -> None:
    """The folders that pyproject.toml packages are the ones that the Dockerfile copies."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = {name.partition(".")[0] for name in project["tool"]["setuptools"]["packages"]}
    copied = {s for stage in _stages() for copy in stage.copies() for s in copy.sources}
    assert listed <= copied


def test_what_pip_fetches_is_pinned_by_hash() -> None:
    """Each pip install either checks hashes or fetches nothing."""
    runs = [run for stage in _stages() for run in stage.rests("RUN") if "pip install" in run]
    assert runs
    for run in runs:
        assert "--require-hashes" in run or {"--no-deps", "--no-build-isolation"} <= {*run.split()}


def test_the_composition_follows_the_compose_specification() -> None:
    """Checked with the JSON schema that Compose itself uses."""
    schema: dict[str, Any] = json.loads((Path(__file__).parent / "compose-spec.json").read_text())
    validator = validator_for(schema)
    validator.check_schema(schema)
    errors = [
        f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(_compose())
    ]
    assert errors == []


def test_only_this_machine_reaches_the_published_port() -> None:
    """The one published port is the application's and binds to loopback."""
    ports = {name: service.get("ports", []) for name, service in _compose()["services"].items()}
    (exposed,) = _stages()[-1].rests("EXPOSE")
    assert ports == {"db": [], "tables": [], "app": [f"127.0.0.1:{exposed}:{exposed}"]}


def test_the_application_has_no_more_rights_than_it_needs() -> None:
    """Nothing to write but /tmp, no capability, no way to gain one."""
    for name in ("app", "tables"):
        app = _compose()["services"][name]
        assert app["read_only"] is True
        assert app["tmpfs"] == ["/tmp"]  # noqa: S108 - a folder inside the container
        assert app["cap_drop"] == ["ALL"]
        assert "cap_add" not in app
        assert not app.get("privileged", False)
    for service in _compose()["services"].values():
        assert "no-new-privileges:true" in service["security_opt"]


def test_the_application_waits_for_a_database_that_keeps_its_data() -> None:
    """Postgres is healthy first, the tables are made, its volume is where version 18 writes."""
    services = _compose()["services"]
    healthy = {"db": {"condition": "service_healthy"}}
    assert services["tables"]["depends_on"] == healthy
    made = {"tables": {"condition": "service_completed_successfully"}}
    assert services["app"]["depends_on"] == healthy | made
    assert "pg_isready" in services["db"]["healthcheck"]["test"]
    assert services["db"]["image"] == "postgres:18"
    volumes = dict(entry.split(":", 1) for entry in services["db"]["volumes"])
    assert volumes["data"] == "/var/lib/postgresql"
    assert volumes["./initdb"] == "/docker-entrypoint-initdb.d:ro"
    assert "data" in _compose()["volumes"]


def _address(service: str, setting: str) -> tuple[str, str, str]:
    """Return role, host and database of an address in the composition."""
    address = _compose()["services"][service]["environment"][setting]
    parts = re.fullmatch(r"postgresql://(\w+)(?::\$\{[^}]+\})?@(\w+):5432/(\w+)", address)
    assert parts, address
    role, host, database = parts.groups()
    return role, host, database


def test_the_application_signs_in_as_a_role_that_owns_nothing() -> None:
    """The init script makes both roles; the owner's address is where the tables are made alone."""
    owner, host, database = _address("tables", "OFFERPATH_MIGRATIONS_URL")
    app = _address("app", "OFFERPATH_DATABASE_URL")
    assert app == _address("tables", "OFFERPATH_DATABASE_URL") == ("offerpath_app", host, database)
    script = (ROOT / "docker" / "initdb" / "10-offerpath.sh").read_text()
    for role in (owner, app[0]):
        created = re.search(rf"^CREATE ROLE {role} (.*);$", script, re.MULTILINE)
        assert created
        assert {"LOGIN", "NOSUPERUSER", "NOBYPASSRLS", "NOCREATEROLE"} <= set(created[1].split())
    assert f"CREATE DATABASE {database} OWNER {owner};" in script
    assert host in _compose()["services"]
    told = str(_compose()["services"]["app"])
    assert "OFFERPATH_DB_PASSWORD" not in told
    assert "MIGRATIONS" not in told


def test_no_password_is_written_down_or_guessed() -> None:
    """Each one is asked for, and Compose stops without it."""
    passwords = [
        value
        for service in _compose()["services"].values()
        for name, value in service.get("environment", {}).items()
        if "PASSWORD" in name
    ]
    assert len(passwords) == 4
    for password in passwords:
        assert re.fullmatch(r"\$\{OFFERPATH_(DB|APP)_PASSWORD:\?[^}]+\}", password)


def test_every_variable_is_one_that_somebody_reads() -> None:
    """A misspelt OFFERPATH_ name is neither asked of the operator nor a setting."""
    files = (DOCKERFILE, COMPOSE, *SCRIPTS)
    used = {
        name for path in files for name in re.findall(r"OFFERPATH_(?!TEST_)\w+", path.read_text())
    }
    asked = set(re.findall(r"\$\{(OFFERPATH_\w+)", COMPOSE.read_text()))
    assert asked == ASKED_OF_THE_OPERATOR
    assert used - asked == {
        "OFFERPATH_DATABASE_URL",
        "OFFERPATH_MIGRATIONS_URL",
        "OFFERPATH_HOST",
        "OFFERPATH_AUTH",
    }


@pytest.mark.parametrize(
    "name",
    [
        "OFFERPATH_DATABASE_URL",
        "OFFERPATH_MIGRATIONS_URL",
        "OFFERPATH_HOST",
        "OFFERPATH_AUTH",
        "OFFERPATH_OIDC_ISSUER",
        "OFFERPATH_OIDC_AUDIENCE",
    ],
)
def test_the_application_has_the_settings_that_the_files_set(name: str) -> None:
    """Either by its full name or as a field `database_url`, `host` under the prefix."""
    field = name.removeprefix("OFFERPATH_").lower()
    assert re.search(rf"\b{name}\b|^\s+{field}\s*:", _application_code(), re.MULTILINE)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_shell_script_parses_and_may_be_run(script: Path) -> None:
    """By a POSIX shell, as its first line says."""
    shell = shutil.which("sh")
    assert shell
    assert script.read_text().startswith("#!/bin/sh\n")
    assert script.stat().st_mode & 0o111
    done = subprocess.run([shell, "-n", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
