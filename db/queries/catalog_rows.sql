-- The rows of a catalog version. Each query is named after a field of planner.facts.CatalogFacts and
-- returns the columns of its dataclass, in its order: db.rows maps them by that rule.
-- Sets come as JSON text, so that equal ones (an offer's markets) are decoded once and shared.

-- name: offers(version_id)
select
    catalog_id,
    title,
    commerce,
    segment,
    is_addon,
    is_trial,
    array_to_json(markets)::text as markets,
    sources,
    former_titles,
    product_guid,
    provisioning_id,
    minimum_seats,
    maximum_seats,
    "limit",
    limit_scope,
    duration,
    billing
from offer
where version_id = :version_id::uuid
order by row_number;

-- name: add_offers(version_id, rows)!
insert into offer (
    version_id,
    row_number,
    catalog_id,
    title,
    commerce,
    segment,
    is_addon,
    is_trial,
    markets,
    sources,
    former_titles,
    product_guid,
    provisioning_id,
    minimum_seats,
    maximum_seats,
    "limit",
    limit_scope,
    duration,
    billing
)
select
    :version_id::uuid,
    ordinality,
    catalog_id,
    title,
    commerce,
    segment,
    is_addon,
    is_trial,
    markets,
    sources,
    former_titles,
    product_guid,
    provisioning_id,
    minimum_seats,
    maximum_seats,
    "limit",
    limit_scope,
    duration,
    billing
from json_populate_recordset(null::offer, :rows::json) with ordinality;

-- name: claims(version_id)
select
    origin,
    target,
    kind,
    stance,
    evidence,
    source,
    dated,
    execution,
    is_sample,
    note
from claim
where version_id = :version_id::uuid
order by row_number;

-- name: add_claims(version_id, rows)!
insert into claim (
    version_id,
    row_number,
    origin,
    target,
    kind,
    stance,
    evidence,
    source,
    dated,
    execution,
    is_sample,
    note
)
select
    :version_id::uuid,
    ordinality,
    origin,
    target,
    kind,
    stance,
    evidence,
    source,
    dated,
    execution,
    is_sample,
    note
from json_populate_recordset(null::claim, :rows::json) with ordinality;

-- name: conflicts(version_id)
select
    origin,
    target,
    code,
    message,
    sources
from conflict
where version_id = :version_id::uuid
order by row_number;

-- name: add_conflicts(version_id, rows)!
insert into conflict (
    version_id,
    row_number,
    origin,
    target,
    code,
    message,
    sources
)
select
    :version_id::uuid,
    ordinality,
    origin,
    target,
    code,
    message,
    sources
from json_populate_recordset(null::conflict, :rows::json) with ordinality;

-- name: prerequisites(version_id)
select
    addon,
    base,
    source
from prerequisite
where version_id = :version_id::uuid
order by row_number;

-- name: add_prerequisites(version_id, rows)!
insert into prerequisite (
    version_id,
    row_number,
    addon,
    base,
    source
)
select
    :version_id::uuid,
    ordinality,
    addon,
    base,
    source
from json_populate_recordset(null::prerequisite, :rows::json) with ordinality;

-- name: products(version_id)
select
    product_guid,
    string_id,
    title,
    array_to_json(plan_ids)::text as plan_ids,
    source
from product
where version_id = :version_id::uuid
order by row_number;

-- name: add_products(version_id, rows)!
insert into product (
    version_id,
    row_number,
    product_guid,
    string_id,
    title,
    plan_ids,
    source
)
select
    :version_id::uuid,
    ordinality,
    product_guid,
    string_id,
    title,
    plan_ids,
    source
from json_populate_recordset(null::product, :rows::json) with ordinality;

-- name: service_plans(version_id)
select
    plan_id,
    name,
    title
from service_plan
where version_id = :version_id::uuid
order by row_number;

-- name: add_service_plans(version_id, rows)!
insert into service_plan (
    version_id,
    row_number,
    plan_id,
    name,
    title
)
select
    :version_id::uuid,
    ordinality,
    plan_id,
    name,
    title
from json_populate_recordset(null::service_plan, :rows::json) with ordinality;

-- name: service_families(version_id)
select
    name,
    array_to_json(plan_ids)::text as plan_ids,
    source
from service_family
where version_id = :version_id::uuid
order by row_number;

-- name: add_service_families(version_id, rows)!
insert into service_family (
    version_id,
    row_number,
    name,
    plan_ids,
    source
)
select
    :version_id::uuid,
    ordinality,
    name,
    plan_ids,
    source
from json_populate_recordset(null::service_family, :rows::json) with ordinality;

-- name: common_plans(version_id)
select
    plan_id,
    source
from common_plan
where version_id = :version_id::uuid
order by row_number;

-- name: add_common_plans(version_id, rows)!
insert into common_plan (
    version_id,
    row_number,
    plan_id,
    source
)
select
    :version_id::uuid,
    ordinality,
    plan_id,
    source
from json_populate_recordset(null::common_plan, :rows::json) with ordinality;

-- name: seat_caps(version_id)
select
    catalog_id,
    per_offer,
    family,
    per_family,
    source
from seat_cap
where version_id = :version_id::uuid
order by row_number;

-- name: add_seat_caps(version_id, rows)!
insert into seat_cap (
    version_id,
    row_number,
    catalog_id,
    per_offer,
    family,
    per_family,
    source
)
select
    :version_id::uuid,
    ordinality,
    catalog_id,
    per_offer,
    family,
    per_family,
    source
from json_populate_recordset(null::seat_cap, :rows::json) with ordinality;

-- name: windows(version_id)
select
    kind,
    segment,
    starts,
    ends,
    state,
    message,
    sources
from transition_window
where version_id = :version_id::uuid
order by row_number;

-- name: add_windows(version_id, rows)!
insert into transition_window (
    version_id,
    row_number,
    kind,
    segment,
    starts,
    ends,
    state,
    message,
    sources
)
select
    :version_id::uuid,
    ordinality,
    kind,
    segment,
    starts,
    ends,
    state,
    message,
    sources
from json_populate_recordset(null::transition_window, :rows::json) with ordinality;

-- name: sources(version_id)
select
    source_id,
    title,
    dated,
    note
from source
where version_id = :version_id::uuid
order by row_number;

-- name: add_sources(version_id, rows)!
insert into source (
    version_id,
    row_number,
    source_id,
    title,
    dated,
    note
)
select
    :version_id::uuid,
    ordinality,
    source_id,
    title,
    dated,
    note
from json_populate_recordset(null::source, :rows::json) with ordinality;

-- name: coverage(version_id)
select
    source_id,
    kind,
    market,
    segment,
    starts,
    ends,
    note
from coverage
where version_id = :version_id::uuid
order by row_number;

-- name: add_coverage(version_id, rows)!
insert into coverage (
    version_id,
    row_number,
    source_id,
    kind,
    market,
    segment,
    starts,
    ends,
    note
)
select
    :version_id::uuid,
    ordinality,
    source_id,
    kind,
    market,
    segment,
    starts,
    ends,
    note
from json_populate_recordset(null::coverage, :rows::json) with ordinality;

-- name: missing_lists(version_id)
select
    kind,
    title,
    remedy
from missing_list
where version_id = :version_id::uuid
order by row_number;

-- name: add_missing_lists(version_id, rows)!
insert into missing_list (
    version_id,
    row_number,
    kind,
    title,
    remedy
)
select
    :version_id::uuid,
    ordinality,
    kind,
    title,
    remedy
from json_populate_recordset(null::missing_list, :rows::json) with ordinality;

-- name: prices(version_id)
select
    catalog_id,
    segment,
    term,
    billing_plan,
    market,
    currency,
    amount,
    effective_start,
    effective_end,
    source
from price
where version_id = :version_id::uuid
order by row_number;

-- name: add_prices(version_id, rows)!
insert into price (
    version_id,
    row_number,
    catalog_id,
    segment,
    term,
    billing_plan,
    market,
    currency,
    amount,
    effective_start,
    effective_end,
    source
)
select
    :version_id::uuid,
    ordinality,
    catalog_id,
    segment,
    term,
    billing_plan,
    market,
    currency,
    amount,
    effective_start,
    effective_end,
    source
from json_populate_recordset(null::price, :rows::json) with ordinality;

-- name: sale_ends(version_id)
select
    catalog_id,
    market,
    starts,
    message,
    source
from sale_end
where version_id = :version_id::uuid
order by row_number;

-- name: add_sale_ends(version_id, rows)!
insert into sale_end (
    version_id,
    row_number,
    catalog_id,
    market,
    starts,
    message,
    source
)
select
    :version_id::uuid,
    ordinality,
    catalog_id,
    market,
    starts,
    message,
    source
from json_populate_recordset(null::sale_end, :rows::json) with ordinality;
