"""What `offerpath documents check` shows of a manifest."""

from offerpath.cli.exits import Exit
from offerpath.cli.terminal import show, show_json
from offerpath.import_files import bytes_of
from offerpath.settings import Settings
from resolvers.problems import BadInput
from resolvers.records.imports import RefusedFile
from schema.http.documents import BadManifest, DocumentFault, read_manifest
from schema.schema import make_schema


def answer_check(settings: Settings, file: str, *, as_json: bool) -> Exit:
    """Raises: Unreadable; BadInput, for a file that is no manifest at all or too large."""
    content = bytes_of(file, max_bytes=settings.max_import_bytes)
    if isinstance(content, RefusedFile):
        raise BadInput(content.code, content.message)
    schema = make_schema(introspection=settings.tells_schema)
    try:
        count = len(read_manifest(content, schema.documents))
    except BadManifest as bad:
        _show(bad.faults, as_json=as_json)
        return Exit.REFUSED
    if as_json:
        show_json({"ok": True, "documents": count, "errors": []})
    else:
        show(f"{count} documents, all of them valid" if count != 1 else "1 document, valid")
    return Exit.ANSWERED


def _show(faults: tuple[DocumentFault, ...], *, as_json: bool) -> None:
    if not as_json:
        show(*(fault.told() for fault in faults))
        return
    told = [
        {
            "documentId": fault.document_id,
            "operation": fault.operation,
            "code": fault.code,
            "message": fault.message,
        }
        for fault in faults
    ]
    show_json({"ok": False, "documents": None, "errors": told})
