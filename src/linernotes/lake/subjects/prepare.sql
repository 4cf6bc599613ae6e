-- What every entity type shares: the values that sources have, the rules, how it would be asked by the kinds of
-- identifiers that are known, and what is chosen.
CREATE TEMP TABLE chosen (entity_id UUID, weight BIGINT);

CREATE TEMP TABLE rule (field VARCHAR, provider VARCHAR, base DOUBLE, min_confidence DOUBLE);

CREATE TEMP TABLE way (kinds VARCHAR, question VARCHAR);

CREATE TEMP VIEW source_value AS
SELECT v.source, coalesce(r.to_id, v.entity_id) AS entity_id, v.field, v.value
FROM lake.silver.source_value AS v
LEFT JOIN lake.silver.entity_redirect AS r ON v.entity_type = r.entity_type AND v.entity_id = r.from_id
WHERE v.entity_type = getvariable('entity_type');
