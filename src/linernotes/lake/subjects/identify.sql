-- Identifiers of entities, by kind: what was decided, what sources have, and what web addresses and records tell.
CREATE TEMP VIEW identified AS
SELECT entity_id, field AS kind, value, 1 AS rank FROM lake.silver.decision
WHERE entity_type = getvariable('entity_type') AND field IN ('mbid', 'isrc', 'spotify_id') AND value IS NOT NULL
UNION ALL
SELECT entity_id, field AS kind, value, 2 AS rank FROM source_value
WHERE field IN ('mbid', 'isrc')
UNION ALL
SELECT entity_id, kind, value, 3 AS rank FROM linked
