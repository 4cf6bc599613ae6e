-- Fields of an entity of which somebody says something: variables entity_type, entity_id.
SELECT DISTINCT field FROM said
WHERE entity_type = getvariable('entity_type') AND entity_id = getvariable('entity_id')::UUID
ORDER BY field
