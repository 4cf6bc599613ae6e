-- One row per field of an entity that a provider spoke of or a person locked: which observation counts, how sure it is,
-- and how many others agree or contradict. What the sources have competes with what providers say. A field of which
-- nothing counts has no row, unless a person said that it has no value. Grain: entity_type, entity_id, field.
{{
    config(
        incremental_strategy="whole",
        unique_key=["entity_type", "entity_id", "field"],
        tags=["decided"],
        meta={"row_weight": 10}
    )
}}
{% set aged = "CASE WHEN decided_as_of IS NOT NULL THEN epoch_us(observed_at) END" %}
WITH addressed AS (
    SELECT o.* REPLACE (coalesce(r.to_id, o.entity_id) AS entity_id)
    FROM {{ ref("observation") }} AS o
    LEFT JOIN {{ ref("entity_redirect") }} AS r ON o.entity_type = r.entity_type AND o.entity_id = r.from_id
    WHERE o.outcome IN ('ok', 'not_found') AND {{ in_slice("coalesce(r.to_id, o.entity_id)") }}
),

-- What a provider answered counts until it answers the same question again.
answered AS (
    SELECT
        entity_id,
        answer_id,
        lead(observed_at) OVER (PARTITION BY entity_id, provider, question ORDER BY observed_at, answer_id) AS until
    FROM (SELECT DISTINCT entity_id, provider, question, answer_id, observed_at FROM addressed) AS a
),

newest AS (
    SELECT max(observed_at) AS observed_at FROM {{ ref("observation") }}
),

cells AS (
    SELECT DISTINCT entity_type, entity_id, field FROM addressed
    WHERE value IS NOT NULL
),

-- The newest generation that speaks of a field of an entity decides it.
governed AS (
    SELECT c.entity_type, c.entity_id, c.field, max(g.number) AS number
    FROM cells AS c
    CROSS JOIN memory.incoming.generation AS g
    LEFT JOIN memory.incoming.generation_field AS f
        ON g.number = f.number AND f.field = c.entity_type || '.' || c.field
    LEFT JOIN memory.incoming.generation_entity AS e ON g.number = e.number AND c.entity_id = e.entity_id
    WHERE
        (g.has_all_fields OR f.field IS NOT NULL)
        AND (g.has_all_entities OR e.entity_id IS NOT NULL)
        AND ('0x' || right(c.entity_id::VARCHAR, 8))::BIGINT < g.share * 4294967296
    GROUP BY ALL
),

-- Times matter to a decision only where the policy says how old an observation may be.
ruled AS (
    SELECT
        c.entity_type,
        c.entity_id,
        c.field,
        g.policy,
        g.as_of,
        CASE WHEN a.field IS NOT NULL THEN coalesce(g.as_of, n.observed_at) END AS decided_as_of
    FROM governed AS c
    INNER JOIN memory.incoming.generation AS g ON c.number = g.number
    CROSS JOIN newest AS n
    LEFT JOIN memory.incoming.aged_field AS a ON g.policy = a.policy AND a.field = c.entity_type || '.' || c.field
),

said AS (
    SELECT
        g.*,
        o.provider,
        o.value,
        o.match,
        o.signal,
        o.observed_at,
        o.answer_id,
        o.source,
        o.record_id,
        o.load_id
    FROM ruled AS g
    INNER JOIN addressed AS o
        ON g.entity_id = o.entity_id AND g.field = o.field AND g.entity_type = o.entity_type
    INNER JOIN answered AS a ON o.entity_id = a.entity_id AND o.answer_id = a.answer_id
    WHERE
        o.value IS NOT NULL
        AND (g.as_of IS NULL OR o.observed_at <= g.as_of)
        AND (a.until IS NULL OR a.until > g.as_of)
    UNION ALL
    SELECT
        g.*,
        v.source AS provider,
        v.value,
        1 AS match,
        1 AS signal,
        NULL AS observed_at,
        NULL AS answer_id,
        v.source,
        v.record_id,
        v.load_id
    FROM {{ ref("source_value") }} AS v
    LEFT JOIN {{ ref("entity_redirect") }} AS r ON v.entity_type = r.entity_type AND v.entity_id = r.from_id
    INNER JOIN ruled AS g
        ON coalesce(r.to_id, v.entity_id) = g.entity_id AND v.field = g.field AND v.entity_type = g.entity_type
),

numbered AS MATERIALIZED (
    SELECT
        *,
        row_number() OVER (PARTITION BY entity_type, entity_id, field ORDER BY provider, record_id) AS place
    FROM said
),

-- What is said alone is decided whatever its value is: a million such fields have few patterns. Places stand in the
-- pattern, since its order is anybody's: to sort within groups takes ten times the memory.
listed AS (
    SELECT
        entity_type,
        entity_id,
        field,
        policy,
        decided_as_of,
        count(*) AS observation_count,
        string_agg(json_array(place, provider, value, match, signal, {{ aged }})::VARCHAR, ',') AS observed,
        any_value(json_array(place, provider, '', match, signal, {{ aged }})::VARCHAR) AS alone
    FROM numbered
    GROUP BY entity_type, entity_id, field, policy, decided_as_of
),

decided AS (
    SELECT
        entity_type,
        entity_id,
        field,
        observation_count,
        decided(
            json_array(policy, entity_type || '.' || field, epoch_us(decided_as_of))::VARCHAR
            || chr(10) || '[' || CASE WHEN observation_count = 1 THEN alone ELSE observed END || ']'
        ) AS decision
    FROM listed
),

winning AS (
    SELECT n.*, d.observation_count, d.decision
    FROM decided AS d
    INNER JOIN numbered AS n
        ON
            d.entity_id = n.entity_id AND d.field = n.field AND d.entity_type = n.entity_type
            AND d.decision.winner = n.place
)

SELECT
    w.source,
    w.record_id,
    w.load_id,
    w.entity_type,
    w.entity_id,
    w.field,
    w.value,
    w.provider,
    w.decision.confidence,
    w.observation_count,
    w.decision.agreeing,
    w.decision.alike,
    w.decision.conflicting,
    w.decision.is_contested,
    FALSE AS is_locked,
    w.answer_id,
    w.observed_at,
    w.policy
FROM winning AS w
ANTI JOIN memory.incoming.field_lock AS k
    ON w.entity_type = k.entity_type AND w.entity_id = k.entity_id AND w.field = k.field
UNION ALL
SELECT
    'person' AS source,
    lock_id AS record_id,
    NULL AS load_id,
    entity_type,
    entity_id,
    field,
    value,
    'person' AS provider,
    1 AS confidence,
    0 AS observation_count,
    0 AS agreeing,
    0 AS alike,
    0 AS conflicting,
    FALSE AS is_contested,
    TRUE AS is_locked,
    NULL AS answer_id,
    locked_at AS observed_at,
    NULL AS policy
FROM memory.incoming.field_lock
WHERE {{ in_slice("entity_id") }}
