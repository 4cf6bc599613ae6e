-- One row per value that a source has in a field that providers are asked for.
-- Grain: source, entity_type, record_id, field.
{{ config(materialized="view", unique_key=["source", "entity_type", "record_id", "field"]) }}
{# A view has nothing to take in; its tests look at the records that were taken in. #}
{% for table in ["discogs_master", "discogs_release"] %}
{% do new_records(table) %}
{% endfor %}
{% for entity in ["artist", "release_group", "release", "recording"] %}
{% do new_records("musicbrainz_" ~ entity) %}
{% endfor %}
{% set ids = {
    "artist": "artist", "release_group": "release_group", "release": "release", "recording": "source_recording",
} %}
{% for entity, model in ids.items() %}
SELECT
    source,
    '{{ entity }}' AS entity_type,
    record_id,
    load_id,
    {{ entity }}_id AS entity_id,
    'mbid' AS field,
    source_id AS value
FROM {{ ref(model) }}
WHERE source = 'musicbrainz' AND gone_month IS NULL
UNION ALL
{% endfor %}
{% for entity, model in ids.items() %}
SELECT
    t.source,
    '{{ entity }}' AS entity_type,
    t.record_id,
    any_value(t.load_id) AS load_id,
    any_value(e.{{ entity }}_id) AS entity_id,
    'genre' AS field,
    arg_min(t.name, (-t.votes, t.name)) AS value
FROM {{ ref("tag") }} AS t
INNER JOIN {{ ref(model) }} AS e ON t.source = e.source AND t.record_id = e.record_id
WHERE t.entity_type = '{{ entity }}' AND t.is_genre AND t.votes > 0 AND e.gone_month IS NULL
GROUP BY ALL
UNION ALL
{% endfor %}
{% for entity in ["release_group", "release"] %}
SELECT
    g.source,
    '{{ entity }}' AS entity_type,
    g.record_id,
    g.load_id,
    e.{{ entity }}_id AS entity_id,
    'genre' AS field,
    g.genre AS value
FROM {{ ref("genre") }} AS g
INNER JOIN {{ ref(entity) }} AS e ON g.source = e.source AND g.record_id = e.record_id
WHERE g.source = 'discogs' AND g.entity_type = '{{ entity }}' AND g.position = 1 AND e.gone_month IS NULL
UNION ALL
{% endfor %}
SELECT
    i.source,
    'recording' AS entity_type,
    i.record_id,
    any_value(i.load_id) AS load_id,
    any_value(e.recording_id) AS entity_id,
    'isrc' AS field,
    min(i.value_key) AS value
FROM {{ ref("source_identifier") }} AS i
INNER JOIN {{ ref("source_recording") }} AS e ON i.source = e.source AND i.record_id = e.record_id
WHERE i.entity_type = 'recording' AND i.type = 'ISRC' AND i.value_key IS NOT NULL AND e.gone_month IS NULL
GROUP BY ALL
UNION ALL
SELECT
    e.source,
    'artist' AS entity_type,
    e.record_id,
    e.load_id,
    e.artist_id AS entity_id,
    'country' AS field,
    c.code AS value
FROM {{ ref("artist") }} AS e
INNER JOIN {{ ref("area_code") }} AS c ON e.source = c.source AND e.area_record_id = c.record_id
WHERE c.standard = 'ISO 3166-1' AND c.position = 1 AND e.gone_month IS NULL
UNION ALL
SELECT
    source,
    'release' AS entity_type,
    record_id,
    load_id,
    release_id AS entity_id,
    'release_date' AS field,
    {{ date_text("released_year", "released_month", "released_day") }} AS value
FROM {{ ref("release") }}
WHERE released_year IS NOT NULL AND gone_month IS NULL
UNION ALL
SELECT
    source,
    'release_group' AS entity_type,
    record_id,
    load_id,
    release_group_id AS entity_id,
    'release_date' AS field,
    lpad(year::VARCHAR, 4, '0') AS value
FROM {{ ref("release_group") }}
WHERE year IS NOT NULL AND gone_month IS NULL
UNION ALL
SELECT
    l.source,
    'release' AS entity_type,
    l.record_id,
    l.load_id,
    e.release_id AS entity_id,
    'label' AS field,
    l.label_name AS value
FROM {{ ref("release_label") }} AS l
INNER JOIN {{ ref("release") }} AS e ON l.source = e.source AND l.record_id = e.record_id
WHERE l.position = 1 AND l.label_name IS NOT NULL AND e.gone_month IS NULL
