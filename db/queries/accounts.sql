-- name: account_lists(customer_ids)
select
    l.customer_id::text,
    l.state,
    l.as_of,
    (
        select count(*) from account as a
        where a.partner_id = l.partner_id and a.customer_id = l.customer_id
    ) as count
from account_list as l
where l.partner_id = current_partner() and l.customer_id = any(:customer_ids::uuid [])
order by l.customer_id;

-- name: accounts_of(customer_ids, products)
-- Those with one of the products; all where the products are null.
select
    customer_id::text,
    account_id::text,
    principal_name,
    display_name,
    usage_location,
    is_enabled,
    licenses::text
from account
where
    partner_id = current_partner()
    and customer_id = any(:customer_ids::uuid [])
    and (:products::text [] is null or products && :products::text [])
order by customer_id, account_id;

-- name: upsert_account_lists(customer_ids, states, as_of)!
insert into account_list (partner_id, customer_id, state, as_of)
select
    current_partner(),
    given.customer_id,
    given.state,
    given.as_of
from unnest(:customer_ids::uuid [], :states::text [], :as_of::timestamptz [])
    as given (customer_id, state, as_of)
on conflict (partner_id, customer_id) do update set
    state = excluded.state,
    as_of = excluded.as_of;

-- name: remove_accounts(customer_ids, kept_customers, kept_ids)$
-- Empty the given customers; count what was there and is not among those to be stored next.
with removed as (
    delete from account as a
    where a.partner_id = current_partner() and a.customer_id = any(:customer_ids::uuid [])
    returning a.customer_id, a.account_id
),

kept as (
    select *
    from unnest(:kept_customers::uuid [], :kept_ids::uuid []) as k (customer_id, account_id)
)

select count(*)
from removed left join kept using (customer_id, account_id)
where kept.account_id is null;

-- name: add_accounts(rows)!
insert into account (
    partner_id,
    customer_id,
    account_id,
    principal_name,
    display_name,
    usage_location,
    is_enabled,
    licenses,
    products
)
select
    current_partner(),
    customer_id,
    account_id,
    principal_name,
    display_name,
    usage_location,
    is_enabled,
    licenses,
    products
from json_populate_recordset(null::account, :rows::json);
