"""Requests of any shape to the endpoint, and what a refusal tells."""

from typing import Any

import httpx2
import orjson

from tests.schema.api import Api

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
LABEL = {"query": "{ catalog { label } }"}
LABELLED: dict[str, Any] = {
    "data": {"catalog": {"label": "bundled"}},
    "extensions": {"cost": {"requested": 1, "maximum": 100_000}},
}


async def get(api: Api, params: dict[str, str], **headers: str) -> httpx2.Response:
    async with api.client() as client:
        return await client.get("/graphql", params=params, headers=_dashed(headers))


async def post(api: Api, body: object, **headers: str) -> httpx2.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    given = {"content-type": JSON, **_dashed(headers)}
    async with api.client() as client:
        return await client.post("/graphql", content=content, headers=given)


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def code_of(answer: httpx2.Response) -> str:
    """Return the one code of a refusal, which has a message and a remedy and no data."""
    told = answer.json()
    assert set(told) == {"errors"}
    (error,) = told["errors"]
    assert error["message"]
    assert error["extensions"]["remedy"]
    return str(error["extensions"]["code"])
