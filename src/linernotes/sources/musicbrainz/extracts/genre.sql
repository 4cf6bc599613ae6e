-- The names that count as genres, of all that people use as tags.
SELECT
    id AS record_id,
    gid,
    name,
    comment
FROM genre
