-- One row per description of a medium, such as LP or Reissue.
-- Grain: source, record_id, medium_number, position.
{{ config(
    unique_key=["source", "record_id", "medium_number", "position"],
    record_key=["source", "record_id"],
) }}
SELECT
    source,
    record_id,
    load_id,
    format_index + 1 AS medium_number,
    description_index + 1 AS position,
    description
FROM {{ new_records("discogs_release_format_description") }}
