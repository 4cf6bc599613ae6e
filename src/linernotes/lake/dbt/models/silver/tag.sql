-- One row per tag that people gave to something, with their votes. Grain: source, entity_type, record_id, name.
{{ config(
    unique_key=["source", "entity_type", "record_id", "name"],
    record_key=["source", "entity_type", "record_id"],
) }}
{% for entity in ["artist", "label", "release_group", "release", "recording"] %}
SELECT
    source,
    record_type AS entity_type,
    record_id,
    load_id,
    name,
    count AS votes,
    is_genre
FROM {{ new_records("musicbrainz_" ~ entity ~ "_tag") }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
