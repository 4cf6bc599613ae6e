-- Every field of an entity of which several providers or sources spoke, or a person did: what each of them said last,
-- and what the person set. What has a value of its own with everybody, such as a biography, is left out: variable kept.
WITH answered AS (
    SELECT
        o.entity_type,
        coalesce(r.to_id, o.entity_id) AS entity_id,
        o.field,
        o.provider,
        o.value,
        o.observed_at,
        o.answer_id
    FROM lake.silver.observation AS o
    LEFT JOIN lake.silver.entity_redirect AS r ON o.entity_type = r.entity_type AND o.entity_id = r.from_id
    WHERE o.value IS NOT NULL AND list_contains(getvariable('kept'), o.entity_type || '.' || o.field)
),

said AS (
    SELECT entity_type, entity_id, field, provider, arg_max(value, (observed_at, answer_id)) AS value, 1 AS rank
    FROM answered
    GROUP BY ALL
    UNION ALL
    SELECT
        v.entity_type,
        coalesce(r.to_id, v.entity_id) AS entity_id,
        v.field,
        v.source AS provider,
        min(v.value) AS value,
        2 AS rank
    FROM lake.silver.source_value AS v
    LEFT JOIN lake.silver.entity_redirect AS r ON v.entity_type = r.entity_type AND v.entity_id = r.from_id
    WHERE list_contains(getvariable('kept'), v.entity_type || '.' || v.field)
    GROUP BY ALL
),

-- A provider may be a source as well; then what it answered counts.
spoken AS (
    SELECT entity_type, entity_id, field, provider, arg_min(value, rank) AS value FROM said
    GROUP BY ALL
)

SELECT
    s.entity_type || '.' || s.field AS field,
    list([s.provider, s.value] ORDER BY s.provider) AS said,
    any_value(d.value) AS truth
FROM spoken AS s
LEFT JOIN lake.silver.decision AS d
    ON s.entity_type = d.entity_type AND s.entity_id = d.entity_id AND s.field = d.field AND d.is_locked
GROUP BY s.entity_type, s.entity_id, s.field
HAVING count(*) > 1 OR any_value(d.value) IS NOT NULL
