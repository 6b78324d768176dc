"""How many examples a property is tried on: a quarter in `make test`, all in `make test-external`.

Every run looks at the same examples, however busy the machine is and whatever ran before.
`pytest --hypothesis-profile=deep` takes all of them.
"""

from hypothesis import HealthCheck, Phase, settings

FEW = "few"
DEEP = "deep"

_SHARE = 4
_LEAST = 10
# The library's own number, for properties that name none.
_USUAL = 100
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def register() -> None:
    """Make both profiles known, and the small one the one that is used."""
    for name, examples in ((FEW, _few_of(_USUAL)), (DEEP, _USUAL)):
        settings.register_profile(
            name,
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            # The first run of a property on a busy machine is slow, and not the property's fault.
            suppress_health_check=[HealthCheck.too_slow],
        )
    settings.load_profile(FEW)


def checked(examples: int, *, shrinks: bool = True) -> settings:
    """Return the settings of a property that is tried on so many examples where all are taken.

    `shrinks=False` is for examples that take minutes to be made smaller.
    """
    taken = examples if settings.get_current_profile_name() == DEEP else _few_of(examples)
    if shrinks:
        return settings(max_examples=taken)
    return settings(
        max_examples=taken,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=_SLOW,
    )


def _few_of(examples: int) -> int:
    return max(examples // _SHARE, min(examples, _LEAST))
