-- User accounts of customers with their licences: of a person no more than the questions need
-- depends: 0003_plans

-- migrate: apply

set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table account_list (
    partner_id uuid not null,
    customer_id uuid not null,
    state text not null,
    as_of timestamptz not null,
    primary key (partner_id, customer_id),
    foreign key (partner_id, customer_id) references customer on delete cascade
);
comment on table account_list is
'How much of a customer''s user accounts is loaded; without a row nothing is';

create table account (
    partner_id uuid not null,
    customer_id uuid not null,
    account_id uuid not null,
    principal_name text not null,
    display_name text not null,
    usage_location text,
    is_enabled boolean,
    licenses jsonb not null,
    products text [] not null,
    primary key (partner_id, customer_id, account_id),
    foreign key (partner_id, customer_id) references account_list on delete cascade
);
comment on column account.usage_location is
'Empty where the account has none, null where no source says';
comment on column account.licenses is
'[{product_guid, disabled_plans, assigned_by, group_id, state, error}]';
comment on column account.products is 'The products of all licences, once each, to find holders by';

alter table account_list enable row level security;
alter table account_list force row level security;
create policy own on account_list using (partner_id = current_partner());
alter table account enable row level security;
alter table account force row level security;
create policy own on account using (partner_id = current_partner());

-- migrate: rollback

-- Forward only: going back means restoring the backup taken before the upgrade.
