-- One row per series that a release belongs to. Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    series_index + 1 AS position,
    {{ reference("id") }} AS series_record_id,
    name AS series_name,
    catno AS catalogue_number
FROM {{ new_records("discogs_release_series") }}
