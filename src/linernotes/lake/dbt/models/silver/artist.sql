-- One row per artist of a source. Grain: source, record_id.
{{ config(unique_key=["source", "record_id"], record_key=["source", "record_id"]) }}
WITH received AS (
    SELECT *, discogs_name(name) AS parsed_name FROM {{ new_records("discogs_artist") }}
)

SELECT
    r.source,
    r.record_id,
    r.load_id,
    {{ entity_id("artist", "r.source", "r.record_id") }} AS artist_id,
    r.name,
    r.parsed_name.display_name AS display_name,
    r.parsed_name.homonym_number AS homonym_number,
    name_key(r.parsed_name.display_name) AS name_key,
    r.realname AS real_name,
    r.profile,
    r.data_quality,
    g.gone_month
FROM received AS r
LEFT JOIN {{ gone_records() }} AS g ON r.source = g.source AND r.record_id = g.record_id
