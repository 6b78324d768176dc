"""The documents in docs/subscriptions.md are those that the server answers."""

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest

from formats.sample.portfolio import sample_portfolio
from schema.streams.socket_session import Limits
from schema.streams.under_way import MAX_STREAMS
from tests.formats import samples
from tests.offerpath.subscriptions.conftest import Live
from tests.offerpath.subscriptions.serving import ask, begun, streamed

GUIDE = Path(__file__).parents[3] / "docs" / "subscriptions.md"
DOCUMENTS = re.findall(r"```graphql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
IMPORT = """mutation($file: ImportFileInput!, $id: String) {
  importCustomers(file: $file, jobId: $id) { __typename }
}"""


def test_the_guide_has_a_document_for_every_field() -> None:
    names = {re.findall(r"\{\s*(\w+)", document)[0] for document in DOCUMENTS}
    assert names == {
        *("catalogChanged", "customersChanged", "planChanged", "jobChanged", "portfolioRun")
    }


def test_the_guide_tells_the_limits_that_hold() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    limits = Limits()
    assert f"at most {limits.operations} subscriptions" in text
    assert f"within {limits.init_seconds:.0f} seconds" in text
    assert f"nothing for {limits.send_seconds:.0f} seconds" in text
    assert MAX_STREAMS == 500


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda text: text.split("(")[0].split()[1])
async def test_every_document_of_the_guide_is_answered_over_both(live: Live, document: str) -> None:
    variables = {"jobId": str(uuid4()), "customerId": sample_portfolio().customers[0].customer_id}
    content = f"customer_id,name\n{samples.CUSTOMER},Rowan\n"
    file = {"content": content, "name": "a.csv"}
    await ask(live.host, IMPORT, {"file": file, "id": variables["jobId"]})
    given = {name: value for name, value in variables.items() if f"${name}" in document}
    async with begun(live.host) as socket, streamed(live.host, document, given) as events:
        await socket.subscribe(document, **given)
        assert await socket.next() == await events.next()


async def test_the_event_of_the_guide_comes_as_it_says(live: Live) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    (query,) = re.findall(r"-d '\{\"query\": \"(.*?)\"\}'", text)
    (told,) = re.findall(r"event: next\ndata: (.*)\n", text)
    async with streamed(live.host, query) as events:
        name, data = await events.receive()
        assert name == "next"
        assert json.loads(told)["data"] == data["data"]
