-- One row per identifier that a source keeps as such: given to something, or printed on it. value_key is the normalised
-- form of a barcode, ISRC or MBID, where it is a valid one. Redirected MBIDs stay identifiers of what they lead to.
-- Grain: source, entity_type, record_id, position.
{{ config(
    unique_key=["source", "entity_type", "record_id", "position"],
    record_key=["source", "entity_type", "record_id"],
) }}
WITH received AS (
    {% for entity in ["artist", "label", "release_group", "release", "recording", "area"] %}
    SELECT source, record_type, record_id, load_id, 1 AS rank, 'MBID' AS type, gid AS value, NULL AS description
    FROM {{ new_records("musicbrainz_" ~ entity) }}
    UNION ALL
    SELECT source, record_type, record_id, load_id, 2 AS rank, 'MBID' AS type, gid AS value, 'redirected' AS description
    FROM {{ new_records("musicbrainz_" ~ entity ~ "_redirect") }}
    UNION ALL
    {% endfor %}
    {% for entity in ["artist", "label"] %}
    SELECT source, record_type, record_id, load_id, 3 AS rank, 'ISNI' AS type, isni AS value, NULL AS description
    FROM {{ new_records("musicbrainz_" ~ entity ~ "_isni") }}
    UNION ALL
    SELECT source, record_type, record_id, load_id, 4 AS rank, 'IPI' AS type, ipi AS value, NULL AS description
    FROM {{ new_records("musicbrainz_" ~ entity ~ "_ipi") }}
    UNION ALL
    {% endfor %}
    SELECT source, record_type, record_id, load_id, 5 AS rank, 'ISRC' AS type, isrc AS value, NULL AS description
    FROM {{ new_records("musicbrainz_recording_isrc") }}
    UNION ALL
    SELECT source, record_type, record_id, load_id, 6 AS rank, 'Barcode' AS type, barcode AS value, NULL AS description
    FROM {{ new_records("musicbrainz_release") }}
    WHERE barcode <> ''
),

given AS (
    SELECT
        source,
        'release' AS entity_type,
        record_id,
        load_id,
        identifier_index + 1 AS position,
        type,
        value,
        description
    FROM {{ new_records("discogs_release_identifier") }}
    UNION ALL
    SELECT
        source,
        record_type AS entity_type,
        record_id,
        load_id,
        row_number() OVER (PARTITION BY record_type, record_id ORDER BY rank, value) AS position,
        type,
        value,
        description
    FROM received
)

SELECT
    source,
    entity_type,
    record_id,
    load_id,
    position,
    type,
    value,
    CASE type
        WHEN 'Barcode' THEN barcode_key(value)
        WHEN 'ISRC' THEN isrc_key(value)
        WHEN 'MBID' THEN value
    END AS value_key,
    description
FROM given
