-- One row per other name of an artist: an alias is an artist of its own, a name variation is a spelling.
-- Grain: source, record_id, kind, position.
{{ config(
    unique_key=["source", "record_id", "kind", "position"],
    record_key=["source", "record_id"],
) }}
WITH received AS (
    SELECT
        source,
        record_id,
        load_id,
        'alias' AS kind,
        alias_index + 1 AS position,
        name,
        {{ reference("id") }} AS alias_record_id,
        NULL::VARCHAR AS type,
        NULL::VARCHAR AS locale
    FROM {{ new_records("discogs_artist_alias") }}
    UNION ALL
    SELECT
        source,
        record_id,
        load_id,
        'name_variation' AS kind,
        name_variation_index + 1 AS position,
        name,
        NULL::VARCHAR AS alias_record_id,
        NULL::VARCHAR AS type,
        NULL::VARCHAR AS locale
    FROM {{ new_records("discogs_artist_name_variation") }}
    UNION ALL
    SELECT
        source,
        record_id,
        load_id,
        'alias' AS kind,
        row_number() OVER (PARTITION BY record_id ORDER BY link_order, relation_id) AS position,
        artist_name AS name,
        artist_id::VARCHAR AS alias_record_id,
        NULL::VARCHAR AS type,
        NULL::VARCHAR AS locale
    FROM {{ new_records("musicbrainz_artist_relation") }}
    WHERE type = 'is person'
    UNION ALL
    SELECT
        source,
        record_id,
        load_id,
        'name_variation' AS kind,
        row_number() OVER (PARTITION BY record_id ORDER BY alias_id) AS position,
        name,
        NULL::VARCHAR AS alias_record_id,
        type,
        locale
    FROM {{ new_records("musicbrainz_artist_alias") }}
)

SELECT
    source,
    record_id,
    load_id,
    kind,
    position,
    name,
    name_key(name) AS name_key,
    alias_record_id,
    type,
    locale
FROM received
