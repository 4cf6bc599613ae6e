-- The nearest records of other sources for a range of records, the smaller place first.
INSERT INTO neighbour
WITH near AS (
    SELECT
        a.record,
        b.record AS other,
        sum(a.weight * b.weight) AS cosine
    FROM rarest_gram AS a
    INNER JOIN rarest_gram AS b ON a.ranked = b.ranked AND a.source <> b.source
    WHERE a.record BETWEEN $first AND $last
    GROUP BY a.record, b.record
)

SELECT
    least(record, other),
    greatest(record, other)
FROM near
-- the nearest first; equally near ones in the order of the records
QUALIFY row_number() OVER (PARTITION BY record ORDER BY cosine DESC, other ASC) <= $neighbours;
