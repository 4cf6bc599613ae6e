-- One row per entity that a source still has: how good what is known of it is, 0 to 1, and whether a person should
-- look.
-- Grain: entity_type, entity_id.
{{ config(materialized="view") }}
WITH limits AS (
    SELECT
        entity_type,
        sum(weight) AS whole,
        any_value(valid_at) AS valid_at,
        any_value(rejected_below) AS rejected_below
    FROM {{ ref("quality_rule") }}
    GROUP BY entity_type
),

scored AS (
    SELECT
        k.entity_type,
        k.entity_id,
        count(q.weight) AS known_count,
        sum(q.weight * k.confidence) AS score,
        bool_or(k.is_contested) AS is_contested
    FROM {{ ref("known_value") }} AS k
    LEFT JOIN {{ ref("quality_rule") }} AS q ON k.entity_type = q.entity_type AND k.field = q.field
    GROUP BY ALL
),

standing AS (
    {{ standing_entities() }}
),

judged AS (
    SELECT
        e.entity_type,
        e.entity_id,
        coalesce(s.known_count, 0) AS known_count,
        CASE WHEN l.whole > 0 THEN round(coalesce(s.score, 0) / l.whole, 4) ELSE 1.0 END AS score,
        coalesce(s.is_contested, FALSE) AS is_contested,
        l.valid_at,
        l.rejected_below
    FROM standing AS e
    INNER JOIN limits AS l ON e.entity_type = l.entity_type
    LEFT JOIN scored AS s ON e.entity_type = s.entity_type AND e.entity_id = s.entity_id
)

SELECT
    entity_type,
    entity_id,
    known_count,
    score,
    is_contested,
    CASE
        WHEN score < rejected_below THEN 'rejected'
        WHEN score >= valid_at AND NOT is_contested THEN 'valid'
        ELSE 'needs_review'
    END AS status
FROM judged
