-- What was said of a field of an entity, and who said nothing of it: variables entity_type, entity_id, field.
WITH observation AS (
    SELECT o.*
    FROM lake.silver.observation AS o
    LEFT JOIN lake.silver.entity_redirect AS r ON o.entity_type = r.entity_type AND o.entity_id = r.from_id
    WHERE
        o.entity_type = getvariable('entity_type')
        AND coalesce(r.to_id, o.entity_id) = getvariable('entity_id')::UUID
)

SELECT
    provider,
    value,
    outcome,
    reason,
    match,
    signal,
    observed_at,
    until,
    extractor_version,
    answer_id,
    source,
    record_id,
    load_id
FROM (
    SELECT
        o.*,
        (
            SELECT min(n.observed_at) FROM observation AS n
            WHERE
                n.provider = o.provider
                AND n.question = o.question
                AND n.outcome IN ('ok', 'not_found')
                AND (n.observed_at, n.answer_id) > (o.observed_at, o.answer_id)
        ) AS until
    FROM observation AS o
    WHERE o.field = getvariable('field') OR o.field = ''
)
UNION ALL
SELECT
    v.source AS provider,
    v.value,
    'ok' AS outcome,
    '' AS reason,
    1 AS match,
    1 AS signal,
    NULL AS observed_at,
    NULL AS until,
    NULL AS extractor_version,
    NULL AS answer_id,
    v.source,
    v.record_id,
    v.load_id
FROM lake.silver.source_value AS v
LEFT JOIN lake.silver.entity_redirect AS r ON v.entity_type = r.entity_type AND v.entity_id = r.from_id
WHERE
    v.entity_type = getvariable('entity_type')
    AND v.field = getvariable('field')
    AND coalesce(r.to_id, v.entity_id) = getvariable('entity_id')::UUID
ORDER BY observed_at ASC NULLS FIRST, provider ASC, record_id ASC
