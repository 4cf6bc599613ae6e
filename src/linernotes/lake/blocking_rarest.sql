-- The rarest shared grams for a range of records, with their weight. Grain: record, gram.
INSERT INTO rarest_gram
WITH rarest AS (
    SELECT
        g.record,
        g.source,
        unnest(min(s.ranked, $grams)) AS ranked
    FROM grams_of($size) AS g
    INNER JOIN shared_gram AS s ON g.gram = s.gram
    WHERE g.record BETWEEN $first AND $last
    GROUP BY g.record, g.source
),

weighed AS (
    SELECT
        *,
        ln((SELECT count(*) + 1 FROM received) / (ranked >> 48)) AS idf  -- never 0, which would leave a norm of 0
    FROM rarest
)

SELECT
    record,
    source,
    ranked,
    idf / sqrt(sum(idf * idf) OVER (PARTITION BY record)) AS weight
FROM weighed;
