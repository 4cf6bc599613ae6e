-- One row per link that people made between a record and one of the same kind of another source: an address of
-- Discogs at MusicBrainz. Grain: source, entity_type, record_id, other_source, other_record_id.
{{ config(
    unique_key=["source", "entity_type", "record_id", "other_source", "other_record_id"],
    record_key=["source", "entity_type", "record_id"],
) }}
WITH received AS (
    {% for entity in ["artist", "label", "release_group", "release"] %}
    SELECT source, record_type, record_id, load_id, ended, discogs_address(url) AS address
    FROM {{ new_records("musicbrainz_" ~ entity ~ "_url") }}
    WHERE type = 'discogs'
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
)

SELECT
    source,
    record_type AS entity_type,
    record_id,
    min(load_id) AS load_id,
    'discogs' AS other_source,
    struct_extract(address, 'record_id') AS other_record_id,
    bool_and(ended) AS is_ended
FROM received
WHERE struct_extract(address, 'entity_type') = record_type
GROUP BY ALL
