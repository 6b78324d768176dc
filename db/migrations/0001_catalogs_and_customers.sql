-- Catalog versions and a partner's customers, each row visible to those it belongs to only
-- depends:

-- migrate: apply

set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- Whose rows this transaction sees: db.pool sets it first thing, and unset means nobody's.
create function current_partner() returns uuid
language sql stable parallel safe
return nullif(current_setting('offerpath.partner_id', true), '')::uuid;

-- Catalogs. A version never changes: there are policies to read and to insert, and none to
-- update or delete. The order of columns is that of the planner's dataclasses.

create table catalog_version (
    version_id uuid primary key default gen_random_uuid(),
    partner_id uuid,
    content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
    label text not null,
    created_at timestamptz not null default clock_timestamp(),
    counts jsonb not null,
    unique nulls not distinct (partner_id, content_hash)
);
comment on column catalog_version.partner_id is 'The owner; null for the bundled catalog';

create table offer (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    catalog_id text not null,
    title text not null,
    commerce text not null,
    segment text,
    is_addon text not null,
    is_trial boolean not null,
    markets text [],
    sources text [] not null,
    former_titles text [] not null,
    product_guid text,
    provisioning_id text,
    minimum_seats bigint,
    maximum_seats bigint,
    "limit" bigint,
    limit_scope text not null,
    duration text,
    billing text [] not null,
    primary key (version_id, row_number)
);

create table claim (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    origin text not null,
    target text not null,
    kind text not null,
    stance text not null,
    evidence bigint not null,
    source text not null,
    dated date,
    execution text not null,
    is_sample boolean not null,
    note text not null,
    primary key (version_id, row_number)
);
comment on column claim.evidence is 'The number of planner.transitions.EvidenceKind, weakest first';

create table conflict (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    origin text not null,
    target text not null,
    code text not null,
    message text not null,
    sources text [] not null,
    primary key (version_id, row_number)
);

create table prerequisite (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    addon text not null,
    base text not null,
    source text not null,
    primary key (version_id, row_number)
);

create table product (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    product_guid text not null,
    string_id text not null,
    title text not null,
    plan_ids text [] not null,
    source text not null,
    primary key (version_id, row_number)
);

create table service_plan (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    plan_id text not null,
    name text not null,
    title text not null,
    primary key (version_id, row_number)
);

create table service_family (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    name text not null,
    plan_ids text [] not null,
    source text not null,
    primary key (version_id, row_number)
);

create table common_plan (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    plan_id text not null,
    source text not null,
    primary key (version_id, row_number)
);

create table seat_cap (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    catalog_id text not null,
    per_offer bigint not null,
    family text,
    per_family bigint,
    source text not null,
    primary key (version_id, row_number)
);

create table transition_window (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    kind text not null,
    segment text,
    starts date,
    ends date,
    state text not null,
    message text not null,
    sources text [] not null,
    primary key (version_id, row_number)
);

create table source (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    source_id text not null,
    title text not null,
    dated date,
    note text not null,
    primary key (version_id, row_number)
);

create table coverage (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    source_id text not null,
    kind text,
    market text,
    segment text,
    starts date,
    ends date,
    note text not null,
    primary key (version_id, row_number)
);

create table missing_list (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    kind text not null,
    title text not null,
    remedy text not null,
    primary key (version_id, row_number)
);

create table price (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    catalog_id text not null,
    segment text not null,
    term text not null,
    billing_plan text not null,
    market text not null,
    currency text not null,
    amount numeric not null,
    effective_start date,
    effective_end date,
    source text not null,
    primary key (version_id, row_number)
);

alter table catalog_version enable row level security;
alter table catalog_version force row level security;
create policy readable on catalog_version for select
using (partner_id is null or partner_id = current_partner());
-- A partner adds its own only; the bundled catalog is added where no partner is set.
create policy addable on catalog_version for insert
with check (partner_id is not distinct from current_partner());

-- A row is seen with its version, and added to a version that its owner may add to. The lists of
-- versions are hashed once per statement, so the check costs next to nothing per row.
do $$
declare
    name text;
begin
    foreach name in array array[
        'offer', 'claim', 'conflict', 'prerequisite', 'product', 'service_plan', 'service_family',
        'common_plan', 'seat_cap', 'transition_window', 'source', 'coverage', 'missing_list',
        'price'
    ] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy readable on %I for select '
            'using (version_id in (select v.version_id from catalog_version v))', name
        );
        execute format(
            'create policy addable on %I for insert '
            'with check (version_id in (select v.version_id from catalog_version v '
            'where v.partner_id is not distinct from current_partner()))', name
        );
    end loop;
end
$$;

-- Customers. partner_id leads every key, unique index and foreign key, so that a partner's rows
-- can move to a shard of their own.

create table partner (
    partner_id uuid primary key,
    name text not null,
    created_at timestamptz not null default now()
);

create table customer (
    partner_id uuid not null references partner on delete cascade,
    customer_id uuid not null,
    name text collate "C" not null,
    domain text,
    market text,
    segment text,
    folded text collate "C" not null,
    primary key (partner_id, customer_id)
);
comment on column customer.folded is
'Name and domain, case-folded by the program: how SQL folds depends on the server''s locale';
create index customer_by_name on customer (partner_id, name, customer_id);

create table holdings (
    partner_id uuid not null,
    customer_id uuid not null,
    is_foreign boolean not null,
    state text not null,
    as_of timestamptz not null,
    primary key (partner_id, customer_id, is_foreign),
    foreign key (partner_id, customer_id) references customer on delete cascade
);

create table subscription (
    partner_id uuid not null,
    customer_id uuid not null,
    is_foreign boolean not null,
    subscription_id uuid not null,
    seller text not null,
    state text not null,
    state_as_given text not null,
    catalog_id text,
    product_guid text,
    title text not null,
    friendly_name text not null,
    seats bigint,
    is_trial boolean,
    term text,
    billing_cycle text,
    created timestamptz,
    starts timestamptz,
    last_day date,
    auto_renews boolean,
    parent_id text,
    promotion_id text,
    service_plan_ids text [],
    seller_tenant_id text,
    -- One id may stand under two customers, or on both sides, until the next import.
    primary key (partner_id, customer_id, is_foreign, subscription_id),
    foreign key (partner_id, customer_id, is_foreign) references holdings on delete cascade
);
create index subscription_of_ours on subscription (partner_id, subscription_id)
where not is_foreign;

alter table partner enable row level security;
alter table partner force row level security;
create policy own on partner using (partner_id = current_partner());
alter table customer enable row level security;
alter table customer force row level security;
create policy own on customer using (partner_id = current_partner());
alter table holdings enable row level security;
alter table holdings force row level security;
create policy own on holdings using (partner_id = current_partner());
alter table subscription enable row level security;
alter table subscription force row level security;
create policy own on subscription using (partner_id = current_partner());

-- migrate: rollback

-- Forward only: going back means restoring the backup taken before the upgrade.
