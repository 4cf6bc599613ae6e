-- One row per web address of something, with what it is where the source tells.
-- Grain: source, entity_type, record_id, position.
{{ config(
    unique_key=["source", "entity_type", "record_id", "position"],
    record_key=["source", "entity_type", "record_id"],
) }}
{% for table in ["discogs_artist_url", "discogs_label_url"] %}
SELECT
    source,
    record_type AS entity_type,
    record_id,
    load_id,
    url_index + 1 AS position,
    NULL::VARCHAR AS type,
    url,
    NULL::BOOLEAN AS is_ended
FROM {{ new_records(table) }}
UNION ALL
{% endfor %}
{% for entity in ["artist", "label", "release_group", "release", "recording"] %}
SELECT
    source,
    record_type AS entity_type,
    record_id,
    load_id,
    row_number() OVER (PARTITION BY record_id ORDER BY relation_id) AS position,
    type,
    url,
    ended AS is_ended
FROM {{ new_records("musicbrainz_" ~ entity ~ "_url") }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
