-- The entities to ask a provider about: those that it can be asked about, that it was not asked about yet in the way
-- in which it would be asked now, and that lack a value of one of the fields; the weightiest first. What is wanted
-- stands in variables.
INSERT INTO chosen
WITH observation AS (
    SELECT coalesce(r.to_id, o.entity_id::UUID) AS entity_id, o.entity_id AS asked_id, o.* EXCLUDE (entity_id)
    FROM bronze.main.provider_observation AS o
    LEFT JOIN lake.silver.entity_redirect AS r ON o.entity_type = r.entity_type AND o.entity_id::UUID = r.from_id
    WHERE o.entity_type = getvariable('entity_type')
),

answered AS (
    SELECT answer_id, subject.entity_id AS asked_id, coalesce(json_keys(subject.identifiers), []) AS kinds
    FROM (
        SELECT
            answer_id,
            unnest(from_json(subjects, '[{"entity_id": "VARCHAR", "identifiers": "JSON"}]')) AS subject
        FROM bronze.main.provider_answer
        WHERE provider = getvariable('provider')
    )
),

identifiable AS (
    SELECT entity_id, list(DISTINCT kind) AS kinds FROM identified
    GROUP BY entity_id
),

asked AS (
    SELECT o.entity_id
    FROM observation AS o
    INNER JOIN answered AS a ON o.answer_id = a.answer_id AND o.asked_id = a.asked_id
    LEFT JOIN identifiable AS i ON o.entity_id = i.entity_id
    LEFT JOIN way AS t ON array_to_string(list_sort(a.kinds), ' ') = t.kinds
    LEFT JOIN way AS n ON array_to_string(list_sort(i.kinds), ' ') = n.kinds
    WHERE
        o.provider = getvariable('provider')
        AND o.outcome IN ('ok', 'malformed')
        AND o.observed_at >= getvariable('since')
        AND (list_has_all(a.kinds, coalesce(i.kinds, [])) OR t.question = n.question)
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
