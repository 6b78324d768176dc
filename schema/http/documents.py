"""Documents that are known beforehand and asked for by their hash, and whether others are taken."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import orjson
from graphql import GraphQLError, OperationDefinitionNode

from resolvers.codes.code import Code
from resolvers.problems import BadInput
from schema.errors.shown import show_errors
from schema.http.refusal import Refused, malformed
from schema.limits.prepared import Prepared, PreparedDocuments
from schema.limits.size import MAX_DOCUMENT_CHARACTERS

_ID = re.compile(r"(?:(md5|sha1|sha256):)?([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})")
_ALGORITHMS: Mapping[int, str] = {32: "md5", 40: "sha1", 64: "sha256"}
"""By the length of the hash in hexadecimal: those that relay-compiler makes ids with."""


class DocumentPolicy(StrEnum):
    """What a request may bring."""

    OFF = "off"
    """Documents alone; ids mean nothing."""
    ACCEPT = "accept"
    """Documents, and ids of the manifest."""
    REQUIRE = "require"
    """Ids of the manifest alone."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A document of the manifest, parsed and valid."""

    text: str
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """Why a document of the manifest cannot be used."""

    document_id: str
    operation: str | None
    """The name of its first operation that has one."""
    code: Code
    message: str

    def told(self) -> str:
        called = f"{self.document_id} ({self.operation})" if self.operation else self.document_id
        return f"{called}: {self.message}"


class BadManifest(BadInput):
    """A manifest has documents that cannot be used; `faults` has one for each error of each."""

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        further = f"; and {len(faults) - 1} more" if len(faults) > 1 else ""
        super().__init__(
            faults[0].code,
            faults[0].told() + further,
            remedy="`offerpath documents check FILE` lists all of them",
        )
        self.faults = faults


class TrustedDocuments:
    """What a request asks by its `documentId`, by its `query`, or by both."""

    def __init__(
        self,
        policy: DocumentPolicy = DocumentPolicy.OFF,
        documents: Mapping[str, Trusted] = MappingProxyType({}),
    ) -> None:
        """Take the documents of `read_manifest`."""
        self._policy = policy
        self._documents = documents

    @property
    def prepared(self) -> dict[str, Prepared]:
        """The documents by their texts, parsed and validated."""
        return {one.text: one.prepared for one in self._documents.values()}

    def text_of(self, given: Mapping[str, Any]) -> object:
        """Return what stands for `query` in a request, whatever was given as such.

        Raises: Refused DOCUMENT_NOT_FOUND, DOCUMENT_REQUIRED, DOCUMENT_MISMATCH.
        """
        text, document_id = given.get("query") or None, given.get("documentId")
        if document_id is None:
            if self._policy is DocumentPolicy.REQUIRE:
                raise _required()
            return text
        if self._policy is DocumentPolicy.OFF:
            if text is None:
                raise _not_found(document_id)
            return text
        return self._text_by(document_id, text)

    def _text_by(self, document_id: object, text: object) -> object:
        if not isinstance(document_id, str):
            raise malformed("`documentId` is not a text", remedy="Send it as `sha256:<hex>`")
        known = self._documents.get(_canonical(document_id) or "")
        if text is not None and not (isinstance(text, str) and _is_hash_of(document_id, text)):
            raise _mismatch(document_id)
        if known is not None:
            return known.text
        if text is None or self._policy is DocumentPolicy.REQUIRE:
            raise _not_found(document_id)
        return text


def read_manifest(content: bytes, prepared: PreparedDocuments) -> dict[str, Trusted]:
    """Return the documents of relay-compiler's manifest by their ids, each one validated.

    It is a JSON object of hash to document; the hash is an md5 (relay-compiler's own), sha1 or
    sha256 of the text in UTF-8, with or without the algorithm's name and a colon before it.
    Raises: BadManifest; BadInput NOT_JSON, for a file of another shape.
    """
    read: dict[str, Trusted] = {}
    faults: list[DocumentFault] = []
    for document_id, text in _texts(content).items():
        found = _examined(document_id, text, prepared)
        if isinstance(found, Trusted):
            read[_canonical(document_id) or document_id] = found
        else:
            faults += found
    if faults:
        raise BadManifest(tuple(faults))
    return read


def _texts(content: bytes) -> dict[str, str]:
    try:
        read = orjson.loads(content)
    except orjson.JSONDecodeError:
        read = None
    if isinstance(read, dict) and all(isinstance(text, str) for text in read.values()):
        return read
    raise BadInput(
        Code.NOT_JSON,
        "The manifest is not a JSON object that has a document for each hash",
        remedy="Take the file that relay-compiler writes for `persistConfig`",
    )


def _examined(
    document_id: str, text: str, prepared: PreparedDocuments
) -> Trusted | list[DocumentFault]:
    operation = None
    try:
        _check(document_id, text)
        found = prepared.of(text)
        operation = _operation(found)
        if not found.errors:
            return Trusted(text, found)
        errors = found.errors
    except GraphQLError as error:
        errors = (error,)
    except BadInput as error:
        return [DocumentFault(document_id, None, error.code, error.message)]
    return [_fault(document_id, operation, error) for error in errors]


def _check(document_id: str, text: str) -> None:
    """Raises: BadInput."""
    if len(text) > MAX_DOCUMENT_CHARACTERS:
        told = f"it is longer than {MAX_DOCUMENT_CHARACTERS} characters"
        raise BadInput(Code.DOCUMENT_TOO_LONG, told)
    if _canonical(document_id) is None:
        told = "this is no md5, sha1 or sha256 in hexadecimal"
        raise BadInput(Code.DOCUMENT_MISMATCH, told)
    if not _is_hash_of(document_id, text):
        raise BadInput(Code.DOCUMENT_MISMATCH, "this is not the hash of its text")


def _operation(prepared: Prepared) -> str | None:
    for node in prepared.document.definitions:
        if isinstance(node, OperationDefinitionNode) and node.name is not None:
            return node.name.value
    return None


def _fault(document_id: str, operation: str | None, error: GraphQLError) -> DocumentFault:
    (shown,) = show_errors([error])
    places = error.locations or []
    where = f" (line {places[0].line}, column {places[0].column})" if places else ""
    code = Code(shown["extensions"]["code"])
    return DocumentFault(document_id, operation, code, shown["message"] + where)


def _canonical(document_id: str) -> str | None:
    """Return an id with its algorithm, in small letters; None for what is no hash."""
    found = _ID.fullmatch(document_id.lower())
    if found is None:
        return None
    named, digest = found.groups()
    algorithm = _ALGORITHMS[len(digest)]
    return f"{algorithm}:{digest}" if named in (None, algorithm) else None


def _is_hash_of(document_id: str, text: str) -> bool:
    canonical = _canonical(document_id)
    if canonical is None:
        return False
    algorithm, _, digest = canonical.partition(":")
    try:
        made = hashlib.new(algorithm, text.encode(), usedforsecurity=False)
    except ValueError:  # a lone surrogate
        return False
    return made.hexdigest() == digest


def _shown(document_id: object) -> str:
    return str(document_id)[:80]


def _not_found(document_id: object) -> Refused:
    return Refused(
        400,
        Code.DOCUMENT_NOT_FOUND,
        f"There is no document {_shown(document_id)!r} in this server's manifest",
        remedy="Give the server the manifest of this release of the client, "
        "or send the document as `query`",
    )


def _required() -> Refused:
    return Refused(
        400,
        Code.DOCUMENT_REQUIRED,
        "This server takes only documents that it knows, by their `documentId`",
        remedy="Send the `documentId` of a document of its manifest",
    )


def _mismatch(document_id: object) -> Refused:
    return Refused(
        400,
        Code.DOCUMENT_MISMATCH,
        f"`query` is not the document {_shown(document_id)!r}",
        remedy="Send the `documentId` alone, or that of the very text",
    )


NO_DOCUMENTS = TrustedDocuments()
"""Of a server that knows none."""
