"""Subscriptions by the hash of a trusted document, over WebSockets and event streams."""

import hashlib

import httpx2
import orjson
import pytest

from schema.http.documents import DocumentPolicy, TrustedDocuments, read_manifest
from schema.schema import make_schema
from tests.offerpath.subscriptions.serving import Events, begun
from tests.offerpath.subscriptions.small import FOLLOW, small
from tests.offerpath.subscriptions.test_sockets import BEGUN

HASH = hashlib.sha256(FOLLOW.encode()).hexdigest()
KNOWN = {"documentId": f"sha256:{HASH}"}
REFUSED = [
    ({"query": FOLLOW}, "DOCUMENT_REQUIRED"),
    ({"documentId": "sha256:" + "0" * 64}, "DOCUMENT_NOT_FOUND"),
    ({"query": FOLLOW + " ", **KNOWN}, "DOCUMENT_MISMATCH"),
]


@pytest.fixture(scope="module")
def documents() -> TrustedDocuments:
    read = read_manifest(orjson.dumps({HASH: FOLLOW}), make_schema().documents)
    return TrustedDocuments(DocumentPolicy.REQUIRE, read)


async def test_a_socket_takes_hashes_and_where_they_are_required_nothing_else(
    documents: TrustedDocuments,
) -> None:
    async with small(documents=documents) as app, begun(app.host) as socket:
        await socket.send(type="subscribe", id="1", payload=KNOWN)
        assert await socket.next() == BEGUN
        for payload, code in REFUSED:
            await socket.send(type="subscribe", id="2", payload=payload)
            assert await socket.refused("2") == code


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_event_stream_takes_hashes_and_where_they_are_required_nothing_else(
    documents: TrustedDocuments, method: str
) -> None:
    accept = {"accept": "text/event-stream"}
    where = "params" if method == "GET" else "json"
    async with (
        small(documents=documents) as app,
        httpx2.AsyncClient(base_url=f"http://{app.host}", trust_env=False, timeout=15) as client,
    ):
        for sent, code in REFUSED:
            refused = await client.request(method, "/graphql", headers=accept, **{where: sent})  # type: ignore[arg-type]
            assert refused.status_code == 400
            assert refused.json()["errors"][0]["extensions"]["code"] == code
        async with client.stream(method, "/graphql", headers=accept, **{where: KNOWN}) as response:  # type: ignore[arg-type]
            assert await Events(response).next() == BEGUN
