-- One row per release group: a Discogs master. Grain: source, record_id.
{{ config(unique_key=["source", "record_id"], record_key=["source", "record_id"]) }}
SELECT
    r.source,
    r.record_id,
    r.load_id,
    {{ entity_id("release_group", "r.source", "r.record_id") }} AS release_group_id,
    r.title,
    name_key(r.title) AS title_key,
    partial_date(r.year).year AS year,
    r.notes,
    r.data_quality,
    {{ reference("r.main_release") }} AS main_release_record_id,
    g.gone_month
FROM {{ new_records("discogs_master") }} AS r
LEFT JOIN {{ gone_records() }} AS g ON r.source = g.source AND r.record_id = g.record_id
