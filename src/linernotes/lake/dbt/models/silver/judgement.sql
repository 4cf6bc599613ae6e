-- One row per judgement of people that is in force, by the records that it speaks of. A judgement names MBIDs, which
-- outlive their records: one that was merged speaks of what it was merged into.
-- Grain: entity_type, source, record_id, other_source, other_record_id.
{{ config(materialized="table", tags=["match", "judged"]) }}
WITH known AS (
    {% for entity in ["artist", "label", "release_group", "release"] %}
    SELECT '{{ entity }}' AS entity_type, source, record_id, source_id, 1 AS rank
    FROM {{ ref(entity) }}
    WHERE gone_month IS NULL
    UNION ALL
    {% endfor %}
    SELECT entity_type, source, record_id, value AS source_id, 2 AS rank
    FROM {{ ref("source_identifier") }}
    WHERE type = 'MBID' AND description = 'redirected'
),

found AS (
    SELECT
        j.entity_type,
        j.source,
        k.record_id,
        j.other_source,
        o.record_id AS other_record_id,
        j.answer,
        j.judgement_id
    FROM memory.incoming.judgement AS j
    INNER JOIN known AS k ON j.entity_type = k.entity_type AND j.source = k.source AND j.source_id = k.source_id
    LEFT JOIN known AS o
        ON j.entity_type = o.entity_type AND j.other_source = o.source AND j.other_source_id = o.source_id
    WHERE j.other_source_id IS NULL OR o.record_id IS NOT NULL
)

SELECT * FROM found
-- two MBIDs that were merged may have been judged apart: the later word counts
QUALIFY
    row_number() OVER (PARTITION BY entity_type, source, record_id, other_record_id ORDER BY judgement_id DESC) = 1
    AND (
        answer <> 'same'
        OR (
            row_number() OVER (PARTITION BY entity_type, source, record_id, answer ORDER BY judgement_id DESC) = 1
            AND row_number() OVER (
                PARTITION BY entity_type, other_source, other_record_id, answer ORDER BY judgement_id DESC
            ) = 1
        )
    )
