-- One row per label of a source; its name can be missing. Grain: source, record_id.
{{ config(unique_key=["source", "record_id"], record_key=["source", "record_id"]) }}
WITH received AS (
    SELECT
        source,
        record_id,
        load_id,
        record_id AS source_id,
        name,
        {{ display_name("name") }} AS display_name,
        NULL::VARCHAR AS type,
        NULL::INTEGER AS label_code,
        NULL::VARCHAR AS area_record_id,
        NULL::VARCHAR AS disambiguation,
        NULL::INTEGER AS begin_year,
        NULL::INTEGER AS begin_month,
        NULL::INTEGER AS begin_day,
        NULL::INTEGER AS end_year,
        NULL::INTEGER AS end_month,
        NULL::INTEGER AS end_day,
        NULL::BOOLEAN AS is_ended,
        contactinfo AS contact_info,
        profile,
        data_quality,
        {{ reference("parent_label_id") }} AS parent_label_record_id,
        parent_label AS parent_label_name
    FROM {{ new_records("discogs_label") }}
    UNION ALL
    SELECT
        source,
        record_id,
        load_id,
        gid AS source_id,
        name,
        name AS display_name,
        type,
        label_code,
        area_id::VARCHAR AS area_record_id,
        nullif(comment, '') AS disambiguation,
        begin_date_year AS begin_year,
        begin_date_month AS begin_month,
        begin_date_day AS begin_day,
        end_date_year AS end_year,
        end_date_month AS end_month,
        end_date_day AS end_day,
        ended AS is_ended,
        NULL::VARCHAR AS contact_info,
        NULL::VARCHAR AS profile,
        NULL::VARCHAR AS data_quality,
        NULL::VARCHAR AS parent_label_record_id,
        NULL::VARCHAR AS parent_label_name
    FROM {{ new_records("musicbrainz_label") }}
)

SELECT
    r.source,
    r.record_id,
    r.load_id,
    {{ entity_id("label", "r.source", "r.source_id") }} AS label_id,
    r.source_id,
    r.name,
    r.type,
    r.label_code,
    r.area_record_id,
    r.disambiguation,
    r.begin_year,
    r.begin_month,
    r.begin_day,
    r.end_year,
    r.end_month,
    r.end_day,
    r.is_ended,
    r.contact_info,
    r.profile,
    r.data_quality,
    r.parent_label_record_id,
    r.parent_label_name,
    name_key(r.display_name) AS name_key,
    g.gone_month
FROM received AS r
LEFT JOIN {{ gone_records() }} AS g
    ON r.source = g.source AND r.record_id = g.record_id AND g.entity_type = 'label'
