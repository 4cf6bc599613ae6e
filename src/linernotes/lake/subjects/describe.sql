-- What identifies and describes the chosen entities, the weightiest first.
WITH identifier AS (
    SELECT i.entity_id, i.kind, arg_min(i.value, (i.rank, i.value)) AS value
    FROM identified AS i
    SEMI JOIN chosen AS c ON i.entity_id = c.entity_id
    GROUP BY ALL
),

identifiers AS (
    SELECT entity_id, list(kind ORDER BY kind) AS kinds, list(value ORDER BY kind) AS found
    FROM identifier
    GROUP BY entity_id
)

SELECT c.entity_id, b.name, a.artist, b.duration_ms, b.country, i.kinds, i.found
FROM chosen AS c
INNER JOIN base AS b ON c.entity_id = b.entity_id
LEFT JOIN credited AS a ON c.entity_id = a.entity_id
LEFT JOIN identifiers AS i ON c.entity_id = i.entity_id
ORDER BY c.weight DESC, c.entity_id ASC
