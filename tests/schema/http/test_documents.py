"""Trusted documents: found by their hash, never another text's, and valid from the start."""

import hashlib
import string
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from resolvers.catalog.catalogs import Catalogs
from resolvers.problems import BadInput
from schema.http.documents import (
    NO_DOCUMENTS,
    BadManifest,
    DocumentPolicy,
    Trusted,
    TrustedDocuments,
    read_manifest,
)
from schema.http.refusal import Refused
from schema.limits.prepared import PreparedDocuments
from schema.schema import OfferpathSchema, make_schema
from tests.schema.api import Api, make_app, new_partner
from tests.schema.http.http_asking import LABELLED, code_of, get, post

TEXT = "query Label { catalog { label } }"
COUNTED = "query Count($n: Int!) { offers(first: $n) { totalCount } }"
CHANGE = 'mutation Change { revokeApiKey(keyId: "x") { __typename } }'
OTHER = "{ __typename }"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324


def manifest(*texts: str) -> bytes:
    return orjson.dumps({sha256(text): text for text in texts})


@pytest.fixture(scope="module")
def prepared() -> PreparedDocuments:
    return make_schema().documents


@pytest.fixture(scope="module")
def known(prepared: PreparedDocuments) -> dict[str, Trusted]:
    return read_manifest(manifest(TEXT, COUNTED, CHANGE), prepared)


@pytest.fixture(scope="module")
def accepting(catalogs: Catalogs, known: dict[str, Trusted]) -> Api:
    return _api(catalogs, TrustedDocuments(DocumentPolicy.ACCEPT, known))


@pytest.fixture(scope="module")
def requiring(catalogs: Catalogs, known: dict[str, Trusted]) -> Api:
    return _api(catalogs, TrustedDocuments(DocumentPolicy.REQUIRE, known))


def _api(catalogs: Catalogs, documents: TrustedDocuments) -> Api:
    app: Starlette = make_app(catalogs, documents=documents)
    return new_partner(app)


@pytest.mark.parametrize("prefix", ["", "sha256:", "SHA256:"])
async def test_a_document_is_asked_for_by_its_hash_with_a_post_and_a_get(
    accepting: Api, requiring: Api, prefix: str
) -> None:
    for api in (accepting, requiring):
        named = {"documentId": prefix + sha256(TEXT)}
        for answer in (await post(api, named), await get(api, named)):
            assert (answer.status_code, answer.json()) == (200, LABELLED)


async def test_its_variables_are_taken_as_those_of_any_document(requiring: Api) -> None:
    document_id = f"sha256:{sha256(COUNTED)}"
    answer = await post(requiring, {"documentId": document_id, "variables": {"n": 1}})
    assert answer.json()["data"]["offers"]["totalCount"] > 1_000
    missing = await post(requiring, {"documentId": document_id})
    assert missing.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_get_changes_nothing_by_a_hash_either(accepting: Api) -> None:
    answer = await get(accepting, {"documentId": sha256(CHANGE)})
    assert (answer.status_code, code_of(answer)) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("document_id", [sha256(OTHER), f"sha256:{sha256(OTHER)}", "x", "a" * 900])
async def test_what_the_manifest_has_not_is_not_found(
    accepting: Api, requiring: Api, sample: Api, document_id: str
) -> None:
    for api in (accepting, requiring, sample):
        for answer in (
            await post(api, {"documentId": document_id}),
            await get(api, {"documentId": document_id}),
        ):
            assert (answer.status_code, code_of(answer)) == (400, "DOCUMENT_NOT_FOUND")


@pytest.mark.parametrize("body", [{"query": OTHER}, {"query": TEXT}, {}, {"query": 5}])
async def test_a_server_that_requires_them_takes_no_text(requiring: Api, body: Any) -> None:
    answer = await post(requiring, body)
    assert (answer.status_code, code_of(answer)) == (400, "DOCUMENT_REQUIRED")


async def test_a_text_that_is_not_the_hash_s_is_refused(accepting: Api, requiring: Api) -> None:
    for api in (accepting, requiring):
        for other in (OTHER, TEXT + " ", 5, [TEXT]):
            answer = await post(api, {"query": other, "documentId": sha256(TEXT)})
            assert (answer.status_code, code_of(answer)) == (400, "DOCUMENT_MISMATCH")


async def test_a_text_with_its_hash_is_known_or_where_others_are_taken_executed(
    accepting: Api, requiring: Api
) -> None:
    both = {"query": OTHER, "documentId": sha256(OTHER)}
    assert (await post(accepting, both)).json()["data"] == {"__typename": "Query"}
    assert code_of(await post(requiring, both)) == "DOCUMENT_NOT_FOUND"
    known = {"query": TEXT, "documentId": sha256(TEXT)}
    assert (await post(requiring, known)).json() == LABELLED


async def test_texts_are_taken_as_ever_where_they_are_not_required(
    accepting: Api, sample: Api
) -> None:
    for api in (accepting, sample):
        assert (await post(api, {"query": TEXT})).json() == LABELLED
    # Other names in a body are ignored by whoever does not know them.
    assert (await post(sample, {"query": TEXT, "documentId": sha256(OTHER)})).json() == LABELLED


async def test_an_id_that_is_no_text_is_malformed(accepting: Api) -> None:
    for given_id in (5, ["x"], {"sha256": "x"}, True):
        answer = await post(accepting, {"documentId": given_id})
        assert (answer.status_code, code_of(answer)) == (400, "MALFORMED_REQUEST")


def test_ids_of_every_algorithm_of_relay_compiler_are_known(prepared: PreparedDocuments) -> None:
    sha1 = hashlib.sha1(TEXT.encode()).hexdigest()  # noqa: S324
    for document_id in (md5(TEXT), sha1, sha256(TEXT), f"md5:{md5(TEXT)}", f"sha1:{sha1}"):
        read = read_manifest(orjson.dumps({document_id: TEXT}), prepared)
        documents = TrustedDocuments(DocumentPolicy.REQUIRE, read)
        digest = document_id.split(":")[-1]
        for asked in (document_id, digest, digest.upper()):
            assert documents.text_of({"documentId": asked}) == TEXT


@pytest.mark.parametrize(
    ("document_id", "text", "code", "said"),
    [
        (sha256(TEXT), TEXT + " ", "DOCUMENT_MISMATCH", "not the hash"),
        ("label", TEXT, "DOCUMENT_MISMATCH", "no md5"),
        (f"md5:{sha256(TEXT)}", TEXT, "DOCUMENT_MISMATCH", "no md5"),
        (sha256("query A { b }"), "query A { b }", "GRAPHQL_VALIDATION_FAILED", "(A): Cannot"),
        (sha256("query A { "), "query A { ", "GRAPHQL_PARSE_FAILED", "Syntax Error"),
        (sha256(OTHER * 5000), OTHER * 5000, "TOO_MANY_TOKENS", "4,000"),
    ],
)
def test_a_document_that_cannot_be_used_is_named_with_its_error(
    prepared: PreparedDocuments, document_id: str, text: str, code: str, said: str
) -> None:
    content = orjson.dumps({sha256(COUNTED): COUNTED, document_id: text})
    with pytest.raises(BadManifest) as raised:
        read_manifest(content, prepared)
    fault = raised.value.faults[0]
    assert (fault.document_id, fault.code) == (document_id, code)
    assert said in raised.value.message
    assert document_id in raised.value.message


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 5}', b"\xff", b"{"])
def test_a_file_of_another_shape_is_no_manifest(
    prepared: PreparedDocuments, content: bytes
) -> None:
    with pytest.raises(BadInput) as raised:
        read_manifest(content, prepared)
    assert raised.value.code == "NOT_JSON"


def test_known_documents_are_parsed_once_and_outlive_all_others(
    known: dict[str, Trusted],
) -> None:
    schema: OfferpathSchema = make_schema()
    few = PreparedDocuments(schema._schema, kept_characters=1_000)
    few.keep(TrustedDocuments(DocumentPolicy.ACCEPT, known).prepared)
    before = few.of(TEXT)
    for number in range(100):
        few.of(f"query Q{number} {{ __typename }}")
    assert few.of(TEXT) is before
    assert before in [one.prepared for one in known.values()]


@given(st.text(string.printable, max_size=80), st.text(max_size=80) | st.none())
def test_no_id_ever_leads_to_a_text_of_another_hash(document_id: str, text: str | None) -> None:
    documents = TrustedDocuments(
        DocumentPolicy.REQUIRE,
        {f"sha256:{sha256(TEXT)}": Trusted(TEXT, None)},  # type: ignore[arg-type]
    )
    for asked in (document_id, sha256(text or ""), sha256(TEXT)):
        try:
            found = documents.text_of({"documentId": asked, "query": text})
        except Refused:
            continue
        assert found == TEXT
        assert asked == sha256(TEXT)


@given(st.dictionaries(st.sampled_from(["query", "documentId"]), st.text() | st.none()))
def test_without_a_manifest_a_text_stays_what_it_is(request_: dict[str, Any]) -> None:
    try:
        found = NO_DOCUMENTS.text_of(request_)
    except Refused:
        assert not request_.get("query")
        return
    assert (found or None) == (request_.get("query") or None)
