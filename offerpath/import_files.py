"""What is read when somebody imports a file: its bytes, within a limit, and what they say."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from resolvers.codes.code import Code
from resolvers.ports import ImportReader
from resolvers.records.imports import FileNotice, FileProblem, ImportFile, ReadFile, RefusedFile

_MIB = 1024 * 1024
STDIN = "-"


class Unreadable(ValueError):
    """A file that is named cannot be opened."""

    code = Code.FILE_NOT_READABLE


def import_reader(max_bytes: int) -> ImportReader:
    """Return the reader of this installation, which refuses larger files."""

    def read(file: ImportFile) -> ReadFile | RefusedFile:
        return _read(file, max_bytes)

    return read


def _read(file: ImportFile, max_bytes: int) -> ReadFile | RefusedFile:
    # Loaded with the first file: commands that read none start faster.
    from formats.detect import read_import
    from formats.import_options import ImportOptions
    from formats.problems import FileRefused

    options = ImportOptions(file.customer_id, file.as_of, file.partner_tenant_id, file.is_complete)
    try:
        parsed = read_import(file.content, name=file.name, options=options, max_bytes=max_bytes)
    except FileRefused as refused:
        problems = tuple(FileProblem(**asdict(problem)) for problem in refused.problems)
        return RefusedFile(Code(refused.code), refused.message, problems, refused.problems_left_out)
    notices = tuple(FileNotice(**asdict(notice)) for notice in parsed.notices)
    return ReadFile(parsed.kind, parsed.rows, parsed.customer_import, notices)


def bytes_of(name: str, *, max_bytes: int) -> bytes | RefusedFile:
    """Return a file's bytes (`-` is standard input); one too large is refused before it is read.

    Raises: Unreadable.
    """
    if name == STDIN:
        return _bounded(sys.stdin.buffer, name, max_bytes)
    try:
        with Path(name).open("rb") as opened:
            size = opened.seek(0, 2) if opened.seekable() else 0
            if size > max_bytes:
                return _too_large(name, f"{size / _MIB:.1f} MiB", max_bytes)
            if opened.seekable():
                opened.seek(0)
            return _bounded(opened, name, max_bytes)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Unreadable(f"{name} cannot be read: {reason}") from None


def _bounded(stream: BinaryIO, name: str, max_bytes: int) -> bytes | RefusedFile:
    content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        return _too_large(name, f"more than {max_bytes / _MIB:g} MiB", max_bytes)
    return content


def _too_large(name: str, size: str, max_bytes: int) -> RefusedFile:
    return RefusedFile(
        Code.FILE_TOO_LARGE,
        f"{name} has {size}; the limit is {max_bytes / _MIB:g} MiB. Split it by customer, or raise "
        "OFFERPATH_MAX_IMPORT_MIB",
    )
