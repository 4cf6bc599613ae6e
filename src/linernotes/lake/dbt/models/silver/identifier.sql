-- One row per identifier of a record, of whatever kind: what its source keeps as such, Discogs ids of its own or linked
-- by people, and catalogue numbers. Grain: source, entity_type, record_id, type, position.
{{ config(materialized="view", unique_key=["source", "entity_type", "record_id", "type", "position"]) }}
{# A view has nothing to take in; its tests look at the records that were taken in. #}
{% set linked = {"artist": "artist", "label": "label", "release_group": "master", "release": "release"} %}
{% for entity, discogs in linked.items() %}
{% do new_records("discogs_" ~ discogs) %}
{% do new_records("musicbrainz_" ~ entity) %}
{% endfor %}
SELECT source, entity_type, record_id, load_id, type, position, value, value_key, description
FROM {{ ref("source_identifier") }}
{% for entity in linked %}
UNION ALL
SELECT
    source,
    '{{ entity }}' AS entity_type,
    record_id,
    load_id,
    'Discogs id' AS type,
    1 AS position,
    record_id AS value,
    record_id AS value_key,
    NULL AS description
FROM {{ ref(entity) }}
WHERE source = 'discogs'
{% endfor %}
UNION ALL
SELECT
    source,
    entity_type,
    record_id,
    load_id,
    'Discogs id' AS type,
    row_number() OVER (PARTITION BY source, entity_type, record_id ORDER BY other_record_id) AS position,
    other_record_id AS value,
    other_record_id AS value_key,
    CASE WHEN is_ended THEN 'ended' END AS description
FROM {{ ref("record_link") }}
WHERE other_source = 'discogs'
UNION ALL
SELECT
    source,
    'release' AS entity_type,
    record_id,
    load_id,
    'Catalogue number' AS type,
    position,
    catalogue_number AS value,
    catalogue_key AS value_key,
    NULL AS description
FROM {{ ref("release_label") }}
WHERE catalogue_key IS NOT NULL
