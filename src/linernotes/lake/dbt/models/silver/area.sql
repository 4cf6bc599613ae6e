-- One row per area: a country, a part of one, a city; its parent is the one that it is part of now, and the first where
-- there are several. Grain: source, record_id.
{{ config(unique_key=["source", "record_id"], record_key=["source", "record_id"]) }}
WITH parents AS (
    SELECT record_id, arg_min(parent_id, (ended, relation_id)) AS parent_id
    FROM {{ new_records("musicbrainz_area_parent") }}
    GROUP BY record_id
)

SELECT
    r.source,
    r.record_id,
    r.load_id,
    {{ entity_id("area", "r.source", "r.gid") }} AS area_id,
    r.gid AS source_id,
    r.name,
    r.type,
    nullif(r.comment, '') AS disambiguation,
    p.parent_id::VARCHAR AS parent_area_record_id,
    r.ended AS is_ended,
    g.gone_month
FROM {{ new_records("musicbrainz_area") }} AS r
LEFT JOIN parents AS p ON r.record_id = p.record_id
LEFT JOIN {{ gone_records() }} AS g ON r.source = g.source AND r.record_id = g.record_id
