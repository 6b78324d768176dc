-- name: add_plan(row, parts, question, document, facts)$
-- Add a plan of a customer that is there; null where it is not.
insert into plan (
    partner_id,
    plan_id,
    customer_id,
    created_at,
    created_by,
    fingerprint,
    "at",
    valid_until,
    parts,
    question,
    document,
    facts
)
select
    c.partner_id,
    given.plan_id,
    c.customer_id,
    given.created_at,
    given.created_by,
    given.fingerprint,
    given."at",
    given.valid_until,
    :parts::text::jsonb,
    :question::text::jsonb,
    :document::text::jsonb,
    :facts::text::jsonb
from json_populate_record(null::plan, :row::json) as given
inner join customer as c
    on c.partner_id = current_partner() and c.customer_id = given.customer_id
returning plan_id::text;

-- name: add_plan_event(plan_id, row)$
-- Append an event under its number; null where there is one of that number, or no such plan.
insert into plan_event (
    partner_id, plan_id, number, kind, "at", "by", fingerprint, note, step_key, superseded_by
)
select
    p.partner_id,
    p.plan_id,
    given.number,
    given.kind,
    given."at",
    given."by",
    given.fingerprint,
    given.note,
    given.step_key,
    given.superseded_by
from json_populate_record(null::plan_event, :row::json) as given
inner join plan as p
    on p.partner_id = current_partner() and p.plan_id = :plan_id::uuid
on conflict (partner_id, plan_id, number) do nothing
returning number;

-- name: plans_by_id(plan_ids)
select
    plan_id::text,
    customer_id::text,
    created_at,
    created_by,
    fingerprint,
    parts::text,
    question::text,
    document::text,
    facts::text
from plan
where partner_id = current_partner() and plan_id = any(:plan_ids::uuid [])
order by plan_id;

-- name: page_of_plans(customer_id, after_created_at, after_id, wanted)
select
    plan_id::text,
    customer_id::text,
    created_at,
    created_by,
    fingerprint,
    parts::text,
    question::text,
    document::text,
    facts::text
from plan
where
    partner_id = current_partner()
    and customer_id = :customer_id::uuid
    and (
        :after_created_at::timestamptz is null
        or (created_at, plan_id) < (:after_created_at, :after_id::uuid)
    )
order by created_at desc, plan_id desc
limit :wanted;

-- name: count_of_plans(customer_id)$
select count(*) from plan
where partner_id = current_partner() and customer_id = :customer_id::uuid;

-- name: events_of_plans(plan_ids)
-- After the plan, the columns are those of resolvers.records.plans.PlanEvent, in its order.
select
    plan_id::text,
    number,
    kind,
    "at",
    "by",
    fingerprint,
    note,
    step_key,
    superseded_by::text
from plan_event
where partner_id = current_partner() and plan_id = any(:plan_ids::uuid [])
order by plan_id, number;

-- name: approved_plans(customer_id)
select
    p.plan_id::text,
    p.customer_id::text,
    p.created_at,
    p.created_by,
    p.fingerprint,
    p.parts::text,
    p.question::text,
    p.document::text,
    p.facts::text
from plan as p
where
    p.partner_id = current_partner()
    and p.customer_id = :customer_id::uuid
    and exists (
        select from plan_event as e
        where e.partner_id = p.partner_id and e.plan_id = p.plan_id and e.kind = 'APPROVED'
    )
    and not exists (
        select from plan_event as e
        where e.partner_id = p.partner_id and e.plan_id = p.plan_id and e.kind = 'SUPERSEDED'
    )
order by p.plan_id;

-- name: lock_customer(customer_id)$
-- Let one at a time approve plans of a customer; an import of it waits too.
select customer_id::text from customer
where partner_id = current_partner() and customer_id = :customer_id::uuid
for no key update;

-- name: ids_of_approved_plans(customer_id)
select p.plan_id::text
from plan as p
where
    p.partner_id = current_partner()
    and p.customer_id = :customer_id::uuid
    and exists (
        select from plan_event as e
        where e.partner_id = p.partner_id and e.plan_id = p.plan_id and e.kind = 'APPROVED'
    )
    and not exists (
        select from plan_event as e
        where e.partner_id = p.partner_id and e.plan_id = p.plan_id and e.kind = 'SUPERSEDED'
    );
