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
