-- One row per style of a release group or a release, in the source's order.
-- Grain: source, entity_type, record_id, position.
{{ config(
    unique_key=["source", "entity_type", "record_id", "position"],
    record_key=["source", "entity_type", "record_id"],
) }}
{% for table in ["discogs_master_style", "discogs_release_style"] %}
SELECT
    source,
    record_type AS entity_type,
    record_id,
    load_id,
    style_index + 1 AS position,
    style
FROM {{ new_records(table) }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
