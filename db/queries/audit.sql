-- name: add_audit_entry(row)!
insert into audit_entry (
    partner_id,
    entry_id,
    "at",
    action,
    subject,
    is_permitted,
    actor_kind,
    actor_id,
    actor_label,
    key_id,
    roles,
    address
)
select
    current_partner(),
    given.entry_id,
    given.at,
    given.action,
    given.subject,
    given.is_permitted,
    given.actor_kind,
    given.actor_id,
    given.actor_label,
    given.key_id,
    given.roles,
    given.address
from json_populate_record(null::audit_entry, :row::json) as given;

-- name: audit_entry(entry_id)^
-- The columns are those of resolvers.records.audit.AuditEntry, in its order.
select
    entry_id::text,
    "at",
    action,
    subject,
    is_permitted,
    actor_kind,
    actor_id,
    actor_label,
    key_id,
    to_json(roles)::text as roles,
    address
from audit_entry
where partner_id = current_partner() and entry_id = :entry_id::uuid;

-- name: page_of_audit(action, after_at, after_id, wanted)
-- The columns are those of resolvers.records.audit.AuditEntry, in its order.
select
    entry_id::text,
    "at",
    action,
    subject,
    is_permitted,
    actor_kind,
    actor_id,
    actor_label,
    key_id,
    to_json(roles)::text as roles,
    address
from audit_entry
where
    partner_id = current_partner()
    and (:action::text is null or action = :action)
    and (
        :after_at::timestamptz is null
        or ("at", entry_id) < (:after_at, :after_id::uuid)
    )
order by "at" desc, entry_id desc
limit :wanted;

-- name: count_of_audit(action)$
select count(*) from audit_entry
where partner_id = current_partner() and (:action::text is null or action = :action);
