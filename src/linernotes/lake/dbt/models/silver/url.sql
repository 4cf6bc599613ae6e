-- One row per web address of an artist or a label. Grain: source, entity_type, record_id, position.
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
    url
FROM {{ new_records(table) }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
