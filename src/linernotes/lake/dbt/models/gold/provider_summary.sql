-- One row per provider and field that it spoke of: how often, how sure, and how often its word counts.
-- Grain: provider, entity_type, field.
{{ config(materialized="view") }}
WITH said AS (
    SELECT
        provider,
        entity_type,
        field,
        count(*) AS observation_count,
        count(DISTINCT entity_id) AS entity_count,
        round(avg(match * signal), 4) AS mean_match,
        max(observed_at) AS last_observed_at
    FROM {{ ref("observation") }}
    WHERE value IS NOT NULL
    GROUP BY ALL
),

counted AS (
    SELECT
        provider,
        entity_type,
        field,
        count(*) AS accepted_count,
        count(*) FILTER (WHERE is_contested) AS contested_count
    FROM {{ ref("decision") }}
    GROUP BY ALL
)

SELECT
    s.provider,
    s.entity_type,
    s.field,
    s.observation_count,
    s.entity_count,
    coalesce(c.accepted_count, 0) AS accepted_count,
    coalesce(c.contested_count, 0) AS contested_count,
    s.mean_match,
    s.last_observed_at
FROM said AS s
LEFT JOIN counted AS c ON s.provider = c.provider AND s.entity_type = c.entity_type AND s.field = c.field
