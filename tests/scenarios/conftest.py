"""Failures in the checks show both sides, like those in the tests themselves."""

import pytest

pytest.register_assert_rewrite("tests.scenarios.checks")
