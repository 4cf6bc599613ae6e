-- One row per other name of an artist: an alias is an artist of its own, a name variation is a spelling.
-- Grain: source, record_id, kind, position.
{{ config(
    unique_key=["source", "record_id", "kind", "position"],
    record_key=["source", "record_id"],
) }}
SELECT
    source,
    record_id,
    load_id,
    'alias' AS kind,
    alias_index + 1 AS position,
    name,
    {{ reference("id") }} AS alias_record_id
FROM {{ new_records("discogs_artist_alias") }}
UNION ALL
SELECT
    source,
    record_id,
    load_id,
    'name_variation' AS kind,
    name_variation_index + 1 AS position,
    name,
    NULL AS alias_record_id
FROM {{ new_records("discogs_artist_name_variation") }}
