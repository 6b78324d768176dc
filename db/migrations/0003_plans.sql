-- Saved plans and what happened to them
-- depends: 0002_terms_agreements_and_sale_ends

-- migrate: apply

set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- A plan never changes, and neither does anything that happened to it: there are policies to read
-- and to insert, and none to update or delete. Both go with their customer alone.

create table plan (
    partner_id uuid not null,
    plan_id uuid not null,
    customer_id uuid not null,
    created_at timestamptz not null,
    created_by text not null,
    fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
    "at" timestamptz not null,
    valid_until date,
    parts jsonb not null,
    question jsonb not null,
    document jsonb not null,
    primary key (partner_id, plan_id),
    foreign key (partner_id, customer_id) references customer on delete cascade
);
comment on column plan.parts is
'Hashes of what the plan has read, by name; the fingerprint is the hash of them all';
comment on column plan.document is 'The plan itself, as planner.plans.document writes it';
comment on column plan."at" is 'The instant that the plan was made for';
create index plan_newest_first on plan
(partner_id, customer_id, created_at desc, plan_id desc);

create table plan_event (
    partner_id uuid not null,
    plan_id uuid not null,
    -- Whoever decides by a history appends the number after its last: of two only one can.
    number bigint not null check (number >= 1),
    kind text not null
    check (kind in ('SAVED', 'APPROVED', 'REJECTED', 'STEP_DONE', 'STEP_FAILED')),
    "at" timestamptz not null,
    "by" text not null,
    fingerprint text not null,
    note text not null,
    step_key text check ((step_key is not null) = (kind in ('STEP_DONE', 'STEP_FAILED'))),
    primary key (partner_id, plan_id, number),
    foreign key (partner_id, plan_id) references plan on delete cascade
);

alter table plan enable row level security;
alter table plan force row level security;
create policy readable on plan for select using (partner_id = current_partner());
create policy addable on plan for insert with check (partner_id = current_partner());
alter table plan_event enable row level security;
alter table plan_event force row level security;
create policy readable on plan_event for select using (partner_id = current_partner());
create policy addable on plan_event for insert with check (partner_id = current_partner());

-- migrate: rollback

-- Forward only: going back means restoring the backup taken before the upgrade.
