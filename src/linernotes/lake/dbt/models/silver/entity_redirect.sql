-- One row per id that an entity had, or would have without its match, and no longer has: where it leads. MBIDs that
-- were merged, what is the same in two sources, and what MusicBrainz no longer has though people had linked it with
-- something that Discogs still has. Grain: entity_type, from_id.
{{ config(materialized="table") }}
{% set linked = ["artist", "label", "release_group", "release"] %}
{% set models = {"area": "area", "recording": "source_recording"} %}
WITH redirected AS (
    {% for entity in linked + ["recording", "area"] %}
    SELECT
        '{{ entity }}' AS entity_type,
        e.record_id,
        {{ entity_id(entity, "i.source", "i.value") }} AS from_id,
        e.{{ entity }}_id AS to_id,
        e.gone_month
    FROM {{ ref("source_identifier") }} AS i
    INNER JOIN {{ ref(models.get(entity, entity)) }} AS e ON i.source = e.source AND i.record_id = e.record_id
    WHERE i.entity_type = '{{ entity }}' AND i.type = 'MBID' AND i.description = 'redirected'
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
),

successors AS (
    {% for entity in linked %}
    SELECT
        '{{ entity }}' AS entity_type,
        l.record_id,
        any_value(g.{{ entity }}_id) AS gone_id,
        any_value(coalesce(n.{{ entity }}_id, d.{{ entity }}_id)) AS to_id
    FROM {{ ref("record_link") }} AS l
    INNER JOIN {{ ref(entity) }} AS g
        ON l.source = g.source AND l.record_id = g.record_id AND g.gone_month IS NOT NULL
    INNER JOIN {{ ref(entity) }} AS d
        ON l.other_source = d.source AND l.other_record_id = d.record_id AND d.gone_month IS NULL
    LEFT JOIN {{ matched(entity) }} AS m ON d.source = m.other_source AND d.record_id = m.other_record_id
    LEFT JOIN {{ ref(entity) }} AS n ON m.source = n.source AND m.record_id = n.record_id
    WHERE l.entity_type = '{{ entity }}' AND NOT coalesce(l.is_ended, FALSE)
    GROUP BY l.record_id
    HAVING count(*) = 1
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
),

known AS (
    SELECT entity_type, from_id, to_id, 'merged' AS reason, 1 AS rank FROM redirected
    WHERE gone_month IS NULL
    UNION ALL
    {% for entity in linked %}
    SELECT
        '{{ entity }}' AS entity_type,
        d.{{ entity }}_id AS from_id,
        n.{{ entity }}_id AS to_id,
        'matched' AS reason,
        2 AS rank
    FROM {{ matched(entity) }} AS m
    INNER JOIN {{ ref(entity) }} AS d ON m.other_source = d.source AND m.other_record_id = d.record_id
    INNER JOIN {{ ref(entity) }} AS n ON m.source = n.source AND m.record_id = n.record_id
    UNION ALL
    {% endfor %}
    SELECT entity_type, gone_id AS from_id, to_id, 'gone' AS reason, 3 AS rank FROM successors
    UNION ALL
    SELECT r.entity_type, r.from_id, s.to_id, 'gone' AS reason, 3 AS rank
    FROM redirected AS r
    INNER JOIN successors AS s ON r.entity_type = s.entity_type AND r.record_id = s.record_id
    WHERE r.gone_month IS NOT NULL
)

SELECT entity_type, from_id, to_id, reason FROM known
-- An MBID may be known of a record that is gone and of the one that it was merged into; the latter counts.
QUALIFY row_number() OVER (PARTITION BY entity_type, from_id ORDER BY rank, to_id) = 1
