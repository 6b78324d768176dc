"""A partner's portfolio of any size, made inside a scratch database of the benchmark."""

from collections.abc import Sequence

import asyncpg

SUBSCRIPTIONS_OF_A_CUSTOMER = 8
"""On average: 1 to 15, evenly."""

_CUSTOMERS = """
insert into customer (
    partner_id, customer_id, name, domain, market, segment, agreement, delegated_admin, folded
)
select
    $1,
    md5('customer ' || n)::uuid,
    'Customer ' || md5('name ' || n),
    'customer' || n || '.example',
    (array['US', 'US', 'US', 'DE', 'GB', 'IN', 'FR', null])[1 + n % 8],
    (array['COMMERCIAL', 'COMMERCIAL', 'COMMERCIAL', 'COMMERCIAL', 'CHARITY', null])[1 + n % 6],
    (array['YES', 'YES', 'YES', 'NO', 'UNKNOWN'])[1 + n % 5],
    (array['YES', 'YES', 'NO', 'UNKNOWN'])[1 + n % 4],
    lower('customer ' || md5('name ' || n) || ' customer' || n || '.example')
from generate_series(1, $2) as n
"""
_HOLDINGS = """
insert into holdings (partner_id, customer_id, is_foreign, state, as_of)
select
    $1,
    md5('customer ' || n)::uuid,
    side.is_foreign,
    case when side.is_foreign and n % 3 = 0 then 'PARTIAL' else 'COMPLETE' end,
    timestamptz '2026-11-20 00:00Z'
from generate_series(1, $2) as n
cross join (values (false), (true)) as side (is_foreign)
where not side.is_foreign or n % 10 < 7
"""
_SUBSCRIPTIONS = """
insert into subscription (
    partner_id, customer_id, is_foreign, subscription_id, seller, state, state_as_given,
    catalog_id, title, friendly_name, seats, is_trial, term, billing_cycle, created, starts,
    last_day, auto_renews, parent_id, promotion_id, partner_of_record
)
select
    $1,
    md5('customer ' || n)::uuid,
    false,
    md5('own ' || n || ' ' || k)::uuid,
    'US',
    made.state,
    lower(made.state),
    ($3::text [])[1 + floor(array_length($3::text [], 1) * made.part ^ 3)],
    ($4::text [])[1 + floor(array_length($4::text [], 1) * made.part ^ 3)],
    '',
    case when made.dice % 50 = 0 then null else 1 + (made.dice / 7) % (5 + made.dice % 200) end,
    false,
    case when made.dice % 5 = 0 then 'P1M' else 'P1Y' end,
    case when made.dice % 3 = 0 then 'annual' else 'monthly' end,
    timestamptz '2026-11-20 10:00Z' - ((made.dice / 11) % 1500) * interval '1 day',
    timestamptz '2026-01-01 00:00Z',
    date '2026-11-15' + (made.dice / 13) % 365,
    made.dice % 7 <> 0,
    case
        when k > 1 and made.dice % 12 = 0 then md5('own ' || n || ' 1')::uuid::text
    end,
    case when made.dice % 40 = 0 then 'PROMOTION' end,
    case when made.dice % 25 = 0 then null else '4567890' end
from generate_series(1, $2) as n
cross join lateral generate_series(1, 1 + n % 15) as k
cross join lateral (
    select
        dice,
        dice / 268435456.0 as part,
        case
            when dice % 30 = 0 then 'SUSPENDED'
            when dice % 41 = 0 then 'DISABLED'
            else 'ACTIVE'
        end as state
    from (select ('x' || substr(md5(n || ' ' || k), 1, 7))::bit(28)::int as dice)
) as made
"""
_FOREIGN = """
insert into subscription (
    partner_id, customer_id, is_foreign, subscription_id, seller, state, state_as_given,
    product_guid, title, friendly_name, seats
)
select
    $1,
    md5('customer ' || n)::uuid,
    true,
    md5('foreign ' || n)::uuid,
    (array['ANOTHER_PARTNER', 'ANOTHER_CHANNEL'])[1 + n % 2],
    'ACTIVE',
    'Enabled',
    ($3::text [])[1 + n % array_length($3::text [], 1)],
    '',
    '',
    10
from generate_series(1, $2) as n
where n % 10 < 3
"""


async def make_portfolio(
    url: str,
    partner_id: str,
    *,
    subscriptions: int,
    offers: Sequence[tuple[str, str]],
    products: Sequence[str],
) -> None:
    """Store about that many own subscriptions of one partner, of these offers (id, title).

    The first offers are held far more often than the last, as in real portfolios: half of all
    subscriptions are of the first eighth.
    """
    customers = max(15, subscriptions // SUBSCRIPTIONS_OF_A_CUSTOMER)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(
                "select set_config('offerpath.partner_id', $1::text, true)", partner_id
            )
            await connection.execute(
                "insert into partner (partner_id, name) values ($1, 'bench')", partner_id
            )
            await connection.execute(_CUSTOMERS, partner_id, customers)
            await connection.execute(_HOLDINGS, partner_id, customers)
            ids, titles = zip(*offers, strict=True)
            await connection.execute(_SUBSCRIPTIONS, partner_id, customers, ids, titles)
            await connection.execute(_FOREIGN, partner_id, customers, list(products))
        await connection.execute("analyze")
    finally:
        await connection.close()
