-- The grams of a length that several texts share but not many. Grain: gram.
-- A gram is 48 bits of its hash: with its frequency in the bits above, the smallest numbers are the rarest grams.
CREATE MACRO grams_of(size) AS TABLE
    SELECT
        record,
        source,
        unnest(
            list_distinct(
                list_transform(
                    range(1, length(text) - size + 2), LAMBDA place: (hash(substr(text, place, size)) >> 16)::BIGINT
                )
            )
        ) AS gram
    FROM received;

CREATE TABLE neighbour (one INTEGER, other INTEGER);

CREATE TABLE rarest_gram (record INTEGER, source SMALLINT, ranked BIGINT, weight DOUBLE);

CREATE TABLE shared_gram AS
SELECT
    gram,
    (count(*) << 48) | gram AS ranked
FROM grams_of($size)
GROUP BY gram
HAVING count(*) BETWEEN 2 AND $largest_frequency;
