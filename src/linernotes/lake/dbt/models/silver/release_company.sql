-- One row per company that had a part in a release. Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    company_index + 1 AS position,
    {{ reference("id") }} AS company_record_id,
    name AS company_name,
    catno AS catalogue_number,
    entity_type AS role_id,
    entity_type_name AS role
FROM {{ new_records("discogs_release_company") }}
