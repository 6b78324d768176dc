"""`offerpath init` and `serve`: everything set up, and the server that answers over HTTP."""

from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.running import run


def init(as_json: options.AsJson = False) -> Exit:
    """Set up the database with the bundled catalog and sample customers, and stop."""
    from functools import partial

    from offerpath.cli.serving.init_answer import answer_init

    return run(partial(answer_init, as_json=as_json), load_sample=True, signs_in=False)


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; OFFERPATH_HOST by default.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; OFFERPATH_PORT by default.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that answer; OFFERPATH_WORKERS by default.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say where it listens as one line of JSON.")
    ] = False,
    worker_socket: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> Exit:
    """Set up what is missing, then answer GraphQL over HTTP until Ctrl-C (exit code 0)."""
    from offerpath.cli.serving.server import serve as serve_until_stopped
    from offerpath.cli.serving.server import serve_as_worker
    from offerpath.settings import load_settings

    settings = load_settings(host=host, port=port, workers=workers)
    if worker_socket is not None:
        return serve_as_worker(settings, worker_socket)
    return serve_until_stopped(settings, as_json=as_json)
