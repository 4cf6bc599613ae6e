-- Cities, with the country that they are in.
CREATE TEMP VIEW base AS
WITH RECURSIVE within AS (
    SELECT source, record_id, record_id AS ancestor_record_id, 0 AS steps FROM lake.silver.area
    WHERE gone_month IS NULL AND type IN ('City', 'Municipality', 'District')
    UNION ALL
    SELECT w.source, w.record_id, a.parent_area_record_id AS ancestor_record_id, w.steps + 1 AS steps
    FROM within AS w
    INNER JOIN lake.silver.area AS a ON w.source = a.source AND w.ancestor_record_id = a.record_id
    WHERE a.parent_area_record_id IS NOT NULL AND w.steps < 10
),

country AS (
    SELECT w.source, w.record_id, arg_min(k.code, w.steps) AS code
    FROM within AS w
    INNER JOIN lake.silver.area_code AS k ON w.source = k.source AND w.ancestor_record_id = k.record_id
    WHERE k.standard = 'ISO 3166-1'
    GROUP BY ALL
)

SELECT
    a.area_id AS entity_id,
    a.name,
    NULL::INTEGER AS duration_ms,
    n.code AS country,
    0 AS weight
FROM lake.silver.area AS a
LEFT JOIN country AS n ON a.source = n.source AND a.record_id = n.record_id
WHERE a.gone_month IS NULL AND a.type IN ('City', 'Municipality', 'District');

CREATE TEMP VIEW credited AS
SELECT NULL::UUID AS entity_id, NULL::VARCHAR AS artist
WHERE FALSE;

CREATE TEMP VIEW linked AS
SELECT NULL::UUID AS entity_id, NULL::VARCHAR AS kind, NULL::VARCHAR AS value
WHERE FALSE
