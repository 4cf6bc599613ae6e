-- One row per image of an artist, label, release group or release. Dumps since 2024-12 say nothing about images:
-- what earlier ones said stays.
-- Grain: source, entity_type, record_id, position.
{{ config(
    unique_key=["source", "entity_type", "record_id", "position"],
    record_key=["source", "entity_type", "record_id"],
) }}
{% for table in ["discogs_artist_image", "discogs_label_image", "discogs_master_image", "discogs_release_image"] %}
SELECT
    source,
    record_type AS entity_type,
    record_id,
    load_id,
    image_index + 1 AS position,
    type,
    uri AS url,
    TRY_CAST(width AS INTEGER) AS width,
    TRY_CAST(height AS INTEGER) AS height
FROM {{ new_records(table) }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
