-- The nearest records of other sources for a range of records, the smaller place first.
INSERT INTO neighbour
WITH asking AS (
    SELECT * FROM shared_gram
    WHERE record BETWEEN $first AND $last
),

near AS (
    SELECT
        a.record,
        b.record AS other,
        sum(a.idf * b.idf / (a.norm * b.norm)) AS cosine
    FROM asking AS a
    INNER JOIN shared_gram AS b ON a.gram = b.gram AND a.source <> b.source
    GROUP BY a.record, b.record
)

SELECT
    least(record, other),
    greatest(record, other)
FROM near
-- the nearest first; equally near ones in the order of the records
QUALIFY row_number() OVER (PARTITION BY record ORDER BY cosine DESC, other ASC) <= $neighbours;
