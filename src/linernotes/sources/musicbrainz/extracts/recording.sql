-- Recordings: what plays.
SELECT
    id AS record_id,
    gid,
    name,
    length,
    video,
    comment
FROM recording
