CREATE TABLE neighbour (one BIGINT, other BIGINT);

-- The 5-grams of each text that several texts share but not many, with their weight. Grain: record, gram.
CREATE TABLE shared_gram AS
WITH gram AS (
    SELECT DISTINCT
        record,
        hash(substr(text, place::BIGINT, 5)) AS gram
    FROM (SELECT record, text, unnest(range(1, length(text) - 3)) AS place FROM received)
),

weight AS (
    SELECT
        gram,
        ln((SELECT count(*) + 1 FROM received) / count(*)) AS idf  -- never 0, which would leave a norm of 0
    FROM gram
    GROUP BY gram
    HAVING count(*) BETWEEN 2 AND $largest_frequency
)

SELECT
    g.record,
    r.source,
    g.gram,
    w.idf,
    sqrt(sum(w.idf * w.idf) OVER (PARTITION BY g.record)) AS norm
FROM gram AS g
INNER JOIN weight AS w ON g.gram = w.gram
INNER JOIN received AS r ON g.record = r.record;
