-- One row per field and source that the policy believes where it speaks alone: how much, and in which place.
-- Grain: entity_type, field, source.
{{ config(materialized="table", tags=["decided"]) }}
SELECT
    entity_type,
    field,
    source,
    place,
    confidence
FROM memory.incoming.source_confidence
