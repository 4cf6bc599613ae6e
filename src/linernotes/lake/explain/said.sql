-- What counts of all that was said: a provider's answers until it answers the same question again, and what the sources
-- have; by the entity that it is about now. Some provider is a source as well, and has a row for each.
CREATE OR REPLACE TEMP VIEW said AS
WITH addressed AS (
    SELECT o.* REPLACE (coalesce(r.to_id, o.entity_id) AS entity_id)
    FROM lake.silver.observation AS o
    LEFT JOIN lake.silver.entity_redirect AS r ON o.entity_type = r.entity_type AND o.entity_id = r.from_id
    WHERE o.outcome IN ('ok', 'not_found')
),

last AS (
    SELECT entity_id, provider, question, arg_max(answer_id, (observed_at, answer_id)) AS answer_id
    FROM addressed
    GROUP BY ALL
)

SELECT
    a.entity_type,
    a.entity_id,
    a.field,
    a.provider,
    a.value,
    a.match,
    a.signal,
    a.observed_at
FROM addressed AS a
SEMI JOIN last AS l ON a.entity_id = l.entity_id AND a.answer_id = l.answer_id
WHERE a.value IS NOT NULL
UNION ALL
SELECT
    v.entity_type,
    coalesce(r.to_id, v.entity_id) AS entity_id,
    v.field,
    v.source AS provider,
    v.value,
    1 AS match,
    1 AS signal,
    NULL AS observed_at
FROM lake.silver.source_value AS v
LEFT JOIN lake.silver.entity_redirect AS r ON v.entity_type = r.entity_type AND v.entity_id = r.from_id
