-- How much of the texts is in grams of a length that tell records apart, of one gram in sixteen, chosen by its hash.
WITH sample AS (
    SELECT count(DISTINCT record) AS frequency
    FROM (
        SELECT
            record,
            hash(substr(text, place::BIGINT, $size)) AS gram
        FROM (SELECT record, text, unnest(range(1, length(text) - $size + 2)) AS place FROM received)
    )
    WHERE gram % 16 = 0
    GROUP BY gram
)

SELECT coalesce(sum(frequency) FILTER (WHERE frequency <= $largest_frequency) / sum(frequency), 1.0) FROM sample;
