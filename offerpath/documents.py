"""The trusted documents of this installation: the manifest that its settings name, validated."""

from pathlib import Path

from offerpath.settings import PREFIX, BadSetting, Settings
from resolvers.problems import BadInput
from schema.http.documents import (
    NO_DOCUMENTS,
    DocumentPolicy,
    Trusted,
    TrustedDocuments,
    read_manifest,
)


def trusted_documents(settings: Settings) -> TrustedDocuments:
    """Return the documents that requests may name; none where that is off.

    Raises: BadSetting, for a manifest that cannot be read or has a document that is not valid.
    """
    policy, file = DocumentPolicy(settings.documents), settings.documents_file
    if policy is DocumentPolicy.OFF or file is None:
        return NO_DOCUMENTS
    try:
        return TrustedDocuments(policy, _documents(file, settings))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BadSetting(f"{PREFIX}DOCUMENTS_FILE {file} cannot be read: {reason}") from None
    except BadInput as error:
        raise BadSetting(f"{PREFIX}DOCUMENTS_FILE {file}: {error.message}") from None


def _documents(file: Path, settings: Settings) -> dict[str, Trusted]:
    # Not before it is needed: it takes a while to make, and most installations have no manifest.
    from offerpath.subscriptions import shared_schema

    return read_manifest(file.read_bytes(), shared_schema(settings.tells_schema).documents)
