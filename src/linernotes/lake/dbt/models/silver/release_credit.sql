-- One row per credit with a role on a release; tracks says which, as the source words it.
-- Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    credit_index + 1 AS position,
    {{ reference("id") }} AS artist_record_id,
    name AS artist_name,
    coalesce(anv, {{ display_name("name") }}) AS credited_name,
    role,
    tracks
FROM {{ new_records("discogs_release_credit") }}
UNION ALL
SELECT
    source,
    record_id,
    load_id,
    row_number() OVER (PARTITION BY record_id ORDER BY type, link_order, relation_id) AS position,
    artist_id::VARCHAR AS artist_record_id,
    artist_name,
    coalesce(nullif(credited_name, ''), artist_name) AS credited_name,
    type || coalesce(' [' || attributes || ']', '') AS role,
    NULL::VARCHAR AS tracks
FROM {{ new_records("musicbrainz_release_credit") }}
