-- One row per answer of a provider, entity it is about and field that it says something of; an answer that says nothing
-- of an entity has one row without a field. Answers that came to nothing stand here too, with their outcome.
-- Grain: source, record_id, field.
{{ config(unique_key=["source", "record_id", "field"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    answer_id,
    provider,
    question,
    entity_type,
    entity_id::UUID AS entity_id,
    outcome,
    reason,
    coalesce(field, '') AS field,
    value,
    match,
    signal,
    extractor_version,
    observed_at
FROM {{ new_records("provider_observation") }}
