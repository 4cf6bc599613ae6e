-- One row per field of an entity type that the policy weighs, and one without a field for each type: what the fields
-- weigh, and the limits of a score. Grain: entity_type, field.
{{ config(materialized="table", tags=["decided"]) }}
SELECT
    entity_type,
    field,
    weight,
    valid_at,
    rejected_below
FROM memory.incoming.quality_rule
