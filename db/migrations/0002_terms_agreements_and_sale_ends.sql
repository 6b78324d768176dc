-- What is known of promotions, windows, renewals and agreements, and of offers no longer sold
-- depends: 0001_catalogs_and_customers

-- migrate: apply

set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- Catalogs. The order of columns is that of the planner's dataclass.

create table sale_end (
    version_id uuid not null references catalog_version on delete cascade,
    row_number bigint not null,
    catalog_id text not null,
    market text,
    starts date not null,
    message text not null,
    source text not null,
    primary key (version_id, row_number)
);

alter table sale_end enable row level security;
alter table sale_end force row level security;
-- A row is seen with its version, and added to a version that its owner may add to.
create policy readable on sale_end for select
using (version_id in (select v.version_id from catalog_version as v));
create policy addable on sale_end for insert
with check (
    version_id in (
        select v.version_id from catalog_version as v
        where v.partner_id is not distinct from current_partner()
    )
);

-- Customers. What no import has told yet is not known, and never a no. A constant default rewrites
-- no row.

alter table customer
add column agreement text not null default 'UNKNOWN',
add column delegated_admin text not null default 'UNKNOWN';
comment on column customer.agreement is
'Whether the Microsoft Customer Agreement is accepted: YES, NO or UNKNOWN';

alter table subscription
add column promotion_ends date,
add column cancellable_until timestamptz,
add column reducible jsonb,
add column renewal jsonb,
add column cancels_at_end boolean,
add column partner_of_record text,
add column migrated_from uuid;
comment on column subscription.reducible is
'Seats that may still be given back: [{seats, until}]; null is not known, [] is none';
comment on column subscription.renewal is
'What is scheduled for the next renewal: {catalog_id, term, billing_cycle, seats, custom_end}';

-- migrate: rollback

-- Forward only: going back means restoring the backup taken before the upgrade.
