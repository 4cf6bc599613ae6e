-- One row per field of an entity type, and one without a field for the entities as such: of how many it is known, of
-- how many it is contested, and how sure it is. Grain: entity_type, field.
{{ config(materialized="table") }}
WITH standing AS (
    {{ standing_entities() }}
),

entities AS (
    SELECT entity_type, count(*) AS entity_count FROM standing
    GROUP BY entity_type
),

known AS (
    SELECT
        k.entity_type, k.field, count(*) AS known_count, sum(k.confidence) AS confidence,
        count(*) FILTER (WHERE k.is_contested) AS contested_count
    FROM {{ ref("known_value") }} AS k
    GROUP BY ALL
),

fields AS (
    SELECT entity_type, field FROM known
    UNION
    SELECT entity_type, field FROM {{ ref("quality_rule") }}
    WHERE field <> ''
),

by_field AS (
    SELECT
        f.entity_type,
        f.field,
        e.entity_count,
        coalesce(k.known_count, 0) AS known_count,
        coalesce(k.contested_count, 0) AS contested_count,
        coalesce(k.confidence, 0) AS confidence,
        coalesce(q.weight, 0) AS weight
    FROM fields AS f
    INNER JOIN entities AS e ON f.entity_type = e.entity_type
    LEFT JOIN known AS k ON f.entity_type = k.entity_type AND f.field = k.field
    LEFT JOIN {{ ref("quality_rule") }} AS q ON f.entity_type = q.entity_type AND f.field = q.field
)

SELECT
    entity_type,
    field,
    entity_count,
    known_count,
    contested_count,
    round(confidence / nullif(known_count, 0), 4) AS mean_confidence
FROM by_field
UNION ALL
-- What is weighed is added up, so the mean of the scores is that of the fields, weighed.
SELECT
    e.entity_type,
    '' AS field,
    any_value(e.entity_count) AS entity_count,
    NULL AS known_count,
    NULL AS contested_count,
    round(coalesce(sum(f.weight * f.confidence) / nullif(sum(f.weight), 0) / any_value(e.entity_count), 1), 4)
        AS mean_confidence
FROM entities AS e
LEFT JOIN by_field AS f ON e.entity_type = f.entity_type
GROUP BY e.entity_type
