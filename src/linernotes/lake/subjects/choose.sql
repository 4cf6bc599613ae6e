-- The entities to ask a provider about: those that it can be asked about, that it was not asked about yet, and that
-- lack a value of one of the fields; the weightiest first. What is wanted stands in variables.
INSERT INTO chosen
WITH observation AS (
    SELECT coalesce(r.to_id, o.entity_id::UUID) AS entity_id, o.* EXCLUDE (entity_id)
    FROM bronze.main.provider_observation AS o
    LEFT JOIN lake.silver.entity_redirect AS r ON o.entity_type = r.entity_type AND o.entity_id::UUID = r.from_id
    WHERE o.entity_type = getvariable('entity_type')
),

asked AS (
    SELECT entity_id FROM observation
    WHERE provider = getvariable('provider') AND outcome IN ('ok', 'malformed') AND observed_at >= getvariable('since')
    UNION ALL
    SELECT unnest(getvariable('not_yet')::UUID[])
),

known AS (
    SELECT o.entity_id, o.field
    FROM observation AS o
    INNER JOIN rule AS r ON o.provider = r.provider AND o.field = r.field
    WHERE
        o.outcome = 'ok'
        AND o.observed_at >= getvariable('since')
        AND round(r.base * o.match * o.signal, 4) >= r.min_confidence
    UNION
    SELECT v.entity_id, v.field
    FROM source_value AS v
    INNER JOIN rule AS r ON v.source = r.provider AND v.field = r.field
    WHERE r.base >= r.min_confidence
),

complete AS (
    SELECT entity_id FROM known
    GROUP BY entity_id
    HAVING count(*) = getvariable('field_count')
)

SELECT b.entity_id, b.weight
FROM base AS b
ANTI JOIN asked AS a ON b.entity_id = a.entity_id
ANTI JOIN complete AS c ON b.entity_id = c.entity_id
WHERE
    (len(getvariable('wanted_ids')) = 0 OR list_contains(getvariable('wanted_ids')::UUID[], b.entity_id))
    AND (
        (getvariable('by_name') AND b.name IS NOT NULL)
        OR b.entity_id IN (
            SELECT i.entity_id FROM identified AS i
            WHERE list_contains(getvariable('kinds')::VARCHAR[], i.kind)
        )
    )
ORDER BY b.weight DESC, b.entity_id ASC
LIMIT getvariable('most')
