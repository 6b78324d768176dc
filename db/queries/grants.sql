-- name: rights_of(role_name)
-- Every right that the role or everybody has on a table of ours, whole or on a column of it.
select
    c.relname as table_name,
    lower(a.privilege_type) as privilege,
    null::text as column_name,
    a.grantee = 0 as is_everybodys
from pg_class as c
cross join lateral aclexplode(c.relacl) as a
where
    c.relnamespace = 'public'::regnamespace
    and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and (a.grantee = 0 or a.grantee = (select oid from pg_roles where rolname = :role_name))
union all
select
    c.relname,
    lower(a.privilege_type),
    t.attname,
    a.grantee = 0
from pg_class as c
inner join pg_attribute as t on t.attrelid = c.oid and not t.attisdropped
cross join lateral aclexplode(t.attacl) as a
where
    c.relnamespace = 'public'::regnamespace
    and (a.grantee = 0 or a.grantee = (select oid from pg_roles where rolname = :role_name));

-- name: rights_beside_tables(role_name)^
-- What the role may do around the tables, and the names for the statements that change it.
select
    has_schema_privilege(:role_name, 'public', 'USAGE') as may_use,
    has_schema_privilege(:role_name, 'public', 'CREATE') as may_create,
    has_database_privilege(:role_name, current_database(), 'TEMPORARY') as may_make_temporary,
    pg_has_role(current_user, d.datdba, 'MEMBER') as is_our_database,
    quote_ident(:role_name) as role_quoted,
    quote_ident(current_database()) as database_quoted
from pg_database as d
where d.datname = current_database();

-- name: connected_role()$
select current_user::text;

-- name: is_member_of_us(role_name)$
-- Whether the role is the connected one, or could become it.
select pg_has_role(:role_name, current_user, 'MEMBER');

-- name: fitness_to_own(tables)^
-- What the connected role is, and whose those of the tables are whose owner's rights it has not.
select
    rolname::text as role_name,
    rolsuper as is_superuser,
    array(
        select distinct pg_get_userbyid(c.relowner)::text
        from pg_class as c
        where
            c.relnamespace = to_regnamespace('public')
            and c.relkind in ('r', 'p')
            and c.relname = any(:tables::text [])
            and not pg_has_role(c.relowner, 'USAGE')
        order by 1
    ) as owners
from pg_roles
where rolname = current_user;

-- name: may_make_tables()$
-- Whether the connected role may make tables where ours are.
select coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false);

-- name: make_mark(mark)$
-- A lock of this database that nobody else takes, until the transaction ends.
select current_database()::text from pg_advisory_xact_lock(:mark::bigint);

-- name: look_for_mark(mark)^
select
    current_database()::text as database_name,
    not pg_try_advisory_xact_lock(:mark::bigint) as is_marked;
