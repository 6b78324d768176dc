"""Every root field that goes on answering, with every field of its events."""

from uuid import uuid4

from graphql import (
    GraphQLObjectType,
    build_client_schema,
    get_introspection_query,
    get_named_type,
)

from formats.sample.portfolio import sample_portfolio
from tests.formats import samples
from tests.offerpath.subscriptions.conftest import Live
from tests.offerpath.subscriptions.serving import ask, begun
from tests.schema.every_question import SHALLOW
from tests.schema.selections import Seen, Selector, all_fields, seen_in
from tests.schema.test_every_field import EVENTS

IMPORT = """mutation($file: ImportFileInput!, $id: String) {
  importCustomers(file: $file, jobId: $id) { __typename }
}"""
SAVE = "mutation($id: String!) { savePlan(customerId: $id) { ... on SavedPlan { planId } } }"


async def test_every_field_of_every_event_answers_without_an_error(live: Live) -> None:
    await live.stores.customers.store(live.principal, sample_portfolio())
    customers, job_id = sample_portfolio().customers, str(uuid4())
    customer_id = next(one.customer_id for one in customers if one.name.startswith("Rowan"))
    plan_id = (await ask(live.host, SAVE, {"id": customer_id}))["savePlan"]["planId"]
    content = f"customer_id,name\n{samples.CUSTOMER},Rowan\n"
    await ask(live.host, IMPORT, {"file": {"content": content, "name": "a.csv"}, "id": job_id})
    asked = {
        "catalogChanged": "",
        "customersChanged": "",
        "planChanged": f'(planId: "{plan_id}")',
        "jobChanged": f'(jobId: "{job_id}")',
        "portfolioRun": "",
    }
    schema = build_client_schema(await ask(live.host, get_introspection_query(descriptions=False)))
    root = schema.subscription_type
    assert isinstance(root, GraphQLObjectType)
    assert (root.name, set(root.fields)) == ("SubscriptionRoot", set(asked))
    everything = Selector(schema, {}, SHALLOW)
    seen: Seen = set()
    for name, arguments in asked.items():
        selection = everything.fields(get_named_type(root.fields[name].type).name)
        async with begun(live.host) as socket:
            await socket.subscribe(f"subscription {{ {name}{arguments} {{ {selection} }} }}")
            told = await socket.next()
            while name == "portfolioRun" and told[name]["summary"] is None:
                told = await socket.next()
            seen |= seen_in(told)
    others = set(schema.type_map) - EVENTS
    assert sorted(all_fields(schema, leaving_out=others) - seen) == []
