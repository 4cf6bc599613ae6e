-- The nearest records of other sources for a range of records, the smaller place first.
INSERT INTO neighbour
WITH asking AS (
    SELECT * FROM rarest_gram
    WHERE record BETWEEN $first AND $last
),

near AS (
    SELECT
        a.record,
        b.record AS other,
        sum(a.weight * b.weight) AS cosine
    FROM asking AS a
    INNER JOIN rarest_gram AS b ON a.ranked = b.ranked AND a.source <> b.source
    GROUP BY a.record, b.record
),

nearest AS (
    SELECT
        record,
        -- one number to compare: the cosine, and below it the place, so that of equally near ones the first is taken
        unnest(max(((cosine * 1e6)::BIGINT << 31) | (2147483647 - other), $neighbours)) AS ranked
    FROM near
    GROUP BY record
)

SELECT
    least(record, other),
    greatest(record, other)
FROM (SELECT record, 2147483647 - (ranked & 2147483647) AS other FROM nearest);
