-- One row per label of a source; its name can be missing. Grain: source, record_id.
{{ config(unique_key=["source", "record_id"], record_key=["source", "record_id"]) }}
SELECT
    r.source,
    r.record_id,
    r.load_id,
    {{ entity_id("label", "r.source", "r.record_id") }} AS label_id,
    r.name,
    name_key({{ display_name("r.name") }}) AS name_key,
    r.contactinfo AS contact_info,
    r.profile,
    r.data_quality,
    {{ reference("r.parent_label_id") }} AS parent_label_record_id,
    r.parent_label AS parent_label_name,
    g.gone_month
FROM {{ new_records("discogs_label") }} AS r
LEFT JOIN {{ gone_records() }} AS g ON r.source = g.source AND r.record_id = g.record_id
