-- One row per credit with a role on a recording. Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    row_number() OVER (PARTITION BY record_id ORDER BY type, link_order, relation_id) AS position,
    artist_id::VARCHAR AS artist_record_id,
    artist_name,
    coalesce(nullif(credited_name, ''), artist_name) AS credited_name,
    type || coalesce(' [' || attributes || ']', '') AS role
FROM {{ new_records("musicbrainz_recording_credit") }}
