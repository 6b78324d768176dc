-- name: ensure_partner(name)!
insert into partner (partner_id, name)
values (current_partner(), :name)
on conflict (partner_id) do update set name = excluded.name
where partner.name is distinct from excluded.name;

-- name: lock_partner()$
-- Imports of one partner go one after another; null where the partner is not stored.
select true from partner
where partner_id = current_partner()
for no key update;

-- name: customers_with_holdings(customer_ids)
-- One row for each customer and side that was loaded; the side is null where none was.
select
    c.customer_id::text,
    c.name,
    c.domain,
    c.market,
    c.segment,
    c.agreement,
    c.delegated_admin,
    h.is_foreign,
    h.state,
    h.as_of
from customer as c
left join holdings as h using (partner_id, customer_id)
where c.partner_id = current_partner() and c.customer_id = any(:customer_ids::uuid [])
order by c.customer_id;

-- name: subscriptions_of(customer_ids)
-- After customer and side, the columns are those of planner.customers.Subscription, in its order.
select
    customer_id::text,
    is_foreign,
    subscription_id::text,
    seller,
    state,
    state_as_given,
    catalog_id,
    product_guid,
    title,
    friendly_name,
    seats,
    is_trial,
    term,
    billing_cycle,
    created,
    starts,
    last_day,
    auto_renews,
    parent_id,
    promotion_id,
    promotion_ends,
    array_to_json(service_plan_ids)::text as service_plan_ids,
    seller_tenant_id,
    cancellable_until,
    reducible::text,
    renewal::text,
    cancels_at_end,
    partner_of_record,
    migrated_from::text
from subscription
where partner_id = current_partner() and customer_id = any(:customer_ids::uuid [])
order by customer_id, is_foreign, subscription_id;

-- name: page_of_customers(folded, after_name, after_id, wanted)
-- Every row carries the total; where no customer follows there is one row without a customer.
with matching as not materialized (
    select * from customer
    where
        partner_id = current_partner()
        and (:folded::text is null or strpos(folded, :folded) > 0)
),

counted as (select count(*) as total from matching)

select
    counted.total,
    p.customer_id::text,
    p.name,
    p.domain,
    p.market,
    p.segment,
    p.agreement,
    p.delegated_admin
from counted
left join lateral (
    select * from matching
    where :after_name::text is null or (name, customer_id) > (:after_name, :after_id::uuid)
    order by name, customer_id
    limit :wanted
) as p on true
order by p.name, p.customer_id;

-- name: customer_of_subscription(subscription_id)$
-- Where two customers hold it, the one of the newest import.
select s.customer_id::text
from subscription as s
inner join holdings as h using (partner_id, customer_id, is_foreign)
where
    s.partner_id = current_partner()
    and s.subscription_id = :subscription_id::uuid
    and not s.is_foreign
order by h.as_of desc, s.customer_id
limit 1;

-- name: upsert_customers(rows)^
-- xmax is 0 in a row version that no update made: the row is new.
with given as (
    select * from json_populate_recordset(null::customer, :rows::json)
),

written as (
    insert into customer (
        partner_id, customer_id, name, domain, market, segment, agreement, delegated_admin, folded
    )
    select
        current_partner(),
        customer_id,
        name,
        domain,
        market,
        segment,
        agreement,
        delegated_admin,
        folded
    from given
    on conflict (partner_id, customer_id) do update set
        name = excluded.name,
        domain = excluded.domain,
        market = excluded.market,
        segment = excluded.segment,
        agreement = excluded.agreement,
        delegated_admin = excluded.delegated_admin,
        folded = excluded.folded
    where
        (
            customer.name,
            customer.domain,
            customer.market,
            customer.segment,
            customer.agreement,
            customer.delegated_admin
        )
        is distinct from (
            excluded.name,
            excluded.domain,
            excluded.market,
            excluded.segment,
            excluded.agreement,
            excluded.delegated_admin
        )
    returning xmax = 0 as is_new
)

select
    count(*) filter (where is_new) as added,
    count(*) filter (where not is_new) as changed
from written;

-- name: held_by_others(subscription_ids, customer_ids, replaced)
-- What another customer has with us already and keeps: its side is not among those replaced.
select
    given.subscription_id::text,
    s.customer_id::text,
    c.name
from
    unnest(:subscription_ids::uuid [], :customer_ids::uuid [])
    as given (subscription_id, customer_id)
inner join subscription as s
    on
        s.partner_id = current_partner()
        and s.subscription_id = given.subscription_id
        and not s.is_foreign
        and s.customer_id <> given.customer_id
inner join customer as c
    on c.partner_id = s.partner_id and c.customer_id = s.customer_id
where s.customer_id <> all(:replaced::uuid [])
order by given.subscription_id, s.customer_id
limit 1000;

-- name: first_unknown_customer(customer_ids)$
select given.customer_id::text
from unnest(:customer_ids::uuid []) with ordinality as given (customer_id, position)
where not exists (
    select from customer as c
    where c.partner_id = current_partner() and c.customer_id = given.customer_id
)
order by given.position
limit 1;

-- name: upsert_holdings(customer_ids, sides, states, as_of)!
insert into holdings (partner_id, customer_id, is_foreign, state, as_of)
select
    current_partner(),
    given.customer_id,
    given.is_foreign,
    given.state,
    given.as_of
from unnest(
    :customer_ids::uuid [], :sides::boolean [], :states::text [], :as_of::timestamptz []
) as given (customer_id, is_foreign, state, as_of)
on conflict (partner_id, customer_id, is_foreign) do update set
    state = excluded.state,
    as_of = excluded.as_of;

-- name: remove_subscriptions(customer_ids, sides, kept_customers, kept_sides, kept_ids)$
-- Empty the given sides; count what was there and is not among those to be stored next.
with removed as (
    delete from subscription as s
    using unnest(:customer_ids::uuid [], :sides::boolean []) as given (customer_id, is_foreign)
    where
        s.partner_id = current_partner()
        and s.customer_id = given.customer_id
        and s.is_foreign = given.is_foreign
    returning s.customer_id, s.is_foreign, s.subscription_id
),

kept as (
    select *
    from unnest(:kept_customers::uuid [], :kept_sides::boolean [], :kept_ids::uuid [])
        as k (customer_id, is_foreign, subscription_id)
)

select count(*)
from removed left join kept using (customer_id, is_foreign, subscription_id)
where kept.subscription_id is null;

-- name: add_subscriptions(customer_ids, sides, rows)!
-- The n-th row belongs to the n-th customer and side.
insert into subscription (
    partner_id,
    customer_id,
    is_foreign,
    subscription_id,
    seller,
    state,
    state_as_given,
    catalog_id,
    product_guid,
    title,
    friendly_name,
    seats,
    is_trial,
    term,
    billing_cycle,
    created,
    starts,
    last_day,
    auto_renews,
    parent_id,
    promotion_id,
    promotion_ends,
    service_plan_ids,
    seller_tenant_id,
    cancellable_until,
    reducible,
    renewal,
    cancels_at_end,
    partner_of_record,
    migrated_from
)
select
    current_partner(),
    k.customer_id,
    k.is_foreign,
    s.subscription_id,
    s.seller,
    s.state,
    s.state_as_given,
    s.catalog_id,
    s.product_guid,
    s.title,
    s.friendly_name,
    s.seats,
    s.is_trial,
    s.term,
    s.billing_cycle,
    s.created,
    s.starts,
    s.last_day,
    s.auto_renews,
    s.parent_id,
    s.promotion_id,
    s.promotion_ends,
    s.service_plan_ids,
    s.seller_tenant_id,
    s.cancellable_until,
    s.reducible,
    s.renewal,
    s.cancels_at_end,
    s.partner_of_record,
    s.migrated_from
from unnest(:customer_ids::uuid [], :sides::boolean [])
    with ordinality as k (customer_id, is_foreign, position)
inner join
    json_populate_recordset(null::subscription, :rows::json) with ordinality as s
    on s.ordinality = k.position;
