-- What PostGraphile serves: the catalog's offers and moves as our planner has them in memory, with
-- the indexes that its questions use, and the very tables of customers under the same row security.

create table catalog_offer (
    catalog_id text primary key,
    title text not null,
    commerce text not null
);

create table catalog_move (
    origin text not null references catalog_offer,
    target text not null references catalog_offer,
    kind text not null,
    primary key (origin, target)
);
create index on catalog_move (target);

-- What can be reached: by sets, so that every offer is looked at once.
create function catalog_offer_reachable(from_offer catalog_offer) returns setof catalog_offer
language sql stable parallel safe
begin atomic
    with recursive found (catalog_id) as (
        select m.target from catalog_move as m where m.origin = from_offer.catalog_id
        union
        select m.target from found as f join catalog_move as m on m.origin = f.catalog_id
    )

    select o.* from found as f join catalog_offer as o using (catalog_id)
    where f.catalog_id <> from_offer.catalog_id
    order by o.catalog_id;
end;

-- The shortest path: breadth first, and no further than the first that arrives, because rows of a
-- recursive query are made as they are read.
create function shortest_path(from_offer text, to_offer text) returns setof catalog_move
language sql stable parallel safe
begin atomic
    with recursive walk (node, path) as (
        select m.target, array[m.origin, m.target]
        from catalog_move as m where m.origin = from_offer
        union all
        select m.target, w.path || m.target
        from walk as w join catalog_move as m on m.origin = w.node
        where m.target <> all(w.path)
    ),

    best as (select w.path from walk as w where w.node = to_offer limit 1)

    select m.* from best
    cross join lateral generate_series(1, cardinality(best.path) - 1) as n
    join catalog_move as m on m.origin = best.path[n] and m.target = best.path[n + 1]
    order by n;
end;

-- Customers with their own subscriptions, without the table between them; `Subscription` is the name
-- of GraphQL's own root type.
comment on table subscription is
E'@name holding_line\n@foreignKey (partner_id, customer_id) references customer (partner_id, customer_id)';
