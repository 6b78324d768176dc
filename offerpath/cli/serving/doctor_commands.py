"""`offerpath doctor`: whether this installation works, and what its catalog knows."""

from offerpath.cli import options
from offerpath.cli.exits import Exit


def doctor(as_json: options.AsJson = False) -> Exit:
    """Check the database, the catalog and what is stored; exit code 1 where something is broken."""
    from offerpath.cli.serving.doctor_answer import answer_doctor
    from offerpath.settings import load_settings

    return answer_doctor(load_settings(), as_json=as_json)
