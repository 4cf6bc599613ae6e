-- One row per video linked to a release group or a release; a length of 65535 s is the source's ceiling, not a length.
-- Grain: source, entity_type, record_id, position.
{{ config(
    unique_key=["source", "entity_type", "record_id", "position"],
    record_key=["source", "entity_type", "record_id"],
) }}
{% for table in ["discogs_master_video", "discogs_release_video"] %}
SELECT
    source,
    record_type AS entity_type,
    record_id,
    load_id,
    video_index + 1 AS position,
    src AS url,
    title,
    description,
    video_duration_ms(duration) AS duration_ms,
    TRY_CAST(embed AS BOOLEAN) AS is_embeddable
FROM {{ new_records(table) }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
