-- The rarest shared grams for a range of records, with their weight. Grain: record, gram.
INSERT INTO rarest_gram
WITH own AS (
    SELECT * FROM grams_of($size)
    WHERE record BETWEEN $first AND $last
),

shared AS (
    SELECT
        own.record,
        own.source,
        shared_gram.ranked
    FROM own
    INNER JOIN shared_gram ON own.gram = shared_gram.gram
),

rarest AS (
    SELECT
        record,
        source,
        unnest(min(ranked, $grams)) AS ranked
    FROM shared
    GROUP BY record, source
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
