-- What plays.
SELECT
    s.id,
    s.uuid,
    s.title,
    s.duration_ms,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM published_recording AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
ORDER BY 1
