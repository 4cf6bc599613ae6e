-- One row per further type of a release group, such as Live or Compilation, in alphabetical order.
-- Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    row_number() OVER (PARTITION BY record_id ORDER BY type) AS position,
    type
FROM {{ new_records("musicbrainz_release_group_secondary_type") }}
