-- Items that wait for a person, a row for each candidate. Reads `pair`, the ambiguous matches of one entity type;
-- `record`, the records of the type (source, record_id, source_id, entity_id, name, detail); and `mention`, a row for
-- each mention of one (source, record_id).
WITH paired AS (
    SELECT source, record_id FROM pair
    UNION
    SELECT other_source, other_record_id FROM pair
),

mentioned AS (
    SELECT m.source, m.record_id, count(*) AS row_count
    FROM mention AS m
    SEMI JOIN paired AS p ON m.source = p.source AND m.record_id = p.record_id
    GROUP BY ALL
),

item AS (
    SELECT
        p.source,
        p.record_id,
        coalesce(any_value(m.row_count), 0) + coalesce(sum(d.row_count), 0) AS downstream,
        md5(string_agg(concat_ws(' ', p.other_record_id, p.basis, p.pattern), ', ' ORDER BY p.other_record_id))
            AS version
    FROM pair AS p
    LEFT JOIN mentioned AS m ON p.source = m.source AND p.record_id = m.record_id
    LEFT JOIN mentioned AS d ON p.other_source = d.source AND p.other_record_id = d.record_id
    GROUP BY p.source, p.record_id
),

chosen AS (
    SELECT
        i.source,
        i.record_id,
        left(i.version, 12) AS version,
        i.downstream,
        r.source_id,
        r.entity_id,
        r.name,
        r.detail
    FROM item AS i
    INNER JOIN record AS r ON i.source = r.source AND i.record_id = r.record_id
    WHERE r.entity_id = coalesce($item_id::UUID, r.entity_id)
    ORDER BY i.downstream DESC, r.entity_id ASC
    LIMIT $most
)

SELECT
    c.entity_id,
    c.version,
    c.source,
    c.source_id,
    c.name,
    c.detail,
    c.downstream::BIGINT AS downstream,
    p.other_source,
    o.source_id AS other_source_id,
    o.name AS other_name,
    o.detail AS other_detail,
    p.basis,
    p.score,
    p.pattern
FROM chosen AS c
INNER JOIN pair AS p ON c.source = p.source AND c.record_id = p.record_id
INNER JOIN record AS o ON p.other_source = o.source AND p.other_record_id = o.record_id
ORDER BY c.downstream DESC, c.entity_id ASC, p.score DESC, o.source_id ASC
