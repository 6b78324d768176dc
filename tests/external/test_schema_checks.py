"""`make check` holds the schema to others' rules and lets no change break clients untold."""

import subprocess
from pathlib import Path

import pytest

from tools import check_schema
from tools.node import install

SCHEMA = '''
"""What can be asked."""
type Query {
  """All of them."""
  colours(
    """How many."""
    first: Int! = 20
    """Where the page begins."""
    after: String = null
  ): ColourConnection!
}

"""A colour."""
type Colour {
  """What people call it."""
  name: String!
  """How bright it is."""
  brightness: Int!
}

"""A page of a list."""
type ColourConnection {
  """The elements."""
  edges: [ColourEdge!]!
  """What lies beyond."""
  pageInfo: PageInfo!
}

"""An element."""
type ColourEdge {
  """Where the next page begins."""
  cursor: String!
  """The colour."""
  node: Colour!
}

"""What lies beyond a page."""
type PageInfo {
  """Whether more follow."""
  hasNextPage: Boolean!
  """Whether some came before."""
  hasPreviousPage: Boolean!
  """The first cursor. Null where there is none."""
  startCursor: String
  """The last cursor. Null where there is none."""
  endCursor: String
}
'''
NO_BRIGHTNESS = SCHEMA.replace('  """How bright it is."""\n  brightness: Int!\n', "")
QUIET = "# Changelog\n\n## Unreleased\n\n- `Colour.brightness` is bright.\n"
HONEST = QUIET + "\n### Breaking\n\n- `Colour.brightness` is gone: ask the lamp.\n"
RELEASED = HONEST.replace("Unreleased", "1.0").replace(
    "# Changelog", "# Changelog\n\n## Unreleased"
)


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install(check_schema.TOOLS)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a repository whose main branch has the schema."""
    (tmp_path / "schema").mkdir()
    _write(tmp_path, SCHEMA, QUIET)
    _git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    _commit(tmp_path)
    return tmp_path


def _write(root: Path, text: str, changelog: str) -> None:
    (root / check_schema.SCHEMA).write_text(text, encoding="utf-8")
    (root / "CHANGELOG.md").write_text(changelog, encoding="utf-8")


def _git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True)


def _commit(root: Path) -> None:
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", "What there is")


def test_a_schema_that_is_described_and_has_not_changed_is_taken(project: Path) -> None:
    assert check_schema.check(project) == 0


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        ('  """What people call it."""\n', "", "require-description"),
        ('    """How many."""\n', "", "require-description"),
        ("ColourEdge", "COLOUR_EDGE", "naming-convention"),
        ("node: Colour!", "node: Color!", "Unknown type"),
        ("cursor: String!", "place: String!", "relay-edge-types"),
        ("edges: [ColourEdge!]!", "edges: ColourEdge!", "relay-connection-types"),
        ("first: Int! = 20", "most: Int! = 20", "relay-arguments"),
        ("  endCursor: String\n", "  endCursor: Colour\n", "relay-page-info"),
        ("brightness: Int!", "brightness: Int! @deprecated", "require-deprecation-reason"),
    ],
)
def test_a_schema_that_breaks_a_rule_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], good: str, bad: str, rule: str
) -> None:
    assert good in SCHEMA
    _write(project, SCHEMA.replace(good, bad), HONEST)
    assert check_schema.check(project) == 1
    assert rule in capsys.readouterr().out


def test_a_change_that_breaks_clients_is_refused_unless_the_changelog_names_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(project, NO_BRIGHTNESS, QUIET)
    assert check_schema.check(project) == 1
    assert "does not name `Colour.brightness`" in capsys.readouterr().out
    _write(project, NO_BRIGHTNESS, HONEST)
    assert check_schema.check(project) == 0
    _write(project, NO_BRIGHTNESS, RELEASED)
    assert check_schema.check(project) == 1


def test_a_branch_answers_for_all_of_its_commits_and_main_for_its_last(project: Path) -> None:
    _git(project, "switch", "--quiet", "--create", "darker")
    _write(project, NO_BRIGHTNESS, QUIET)
    _commit(project)
    (project / "more.txt").write_text("more", encoding="utf-8")
    _commit(project)
    assert check_schema.check(project) == 1
    _git(project, "switch", "--quiet", "main")
    assert check_schema.check(project) == 0
    _write(project, NO_BRIGHTNESS, QUIET)
    _commit(project)
    assert check_schema.check(project) == 1
