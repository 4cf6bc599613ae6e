-- One row per recording of a source that has recordings of its own. Grain: source, record_id.
{{ config(unique_key=["source", "record_id"], record_key=["source", "record_id"]) }}
SELECT
    r.source,
    r.record_id,
    r.load_id,
    {{ entity_id("recording", "r.source", "r.gid") }} AS recording_id,
    r.gid AS source_id,
    r.name AS title,
    name_key(r.name) AS title_key,
    r.length AS duration_ms,
    r.video AS is_video,
    nullif(r.comment, '') AS disambiguation,
    g.gone_month
FROM {{ new_records("musicbrainz_recording") }} AS r
LEFT JOIN {{ gone_records() }} AS g ON r.source = g.source AND r.record_id = g.record_id
