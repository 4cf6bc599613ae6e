-- Tracks of releases.
SELECT
    m.release AS record_id,
    m.position AS medium_position,
    t.position,
    t.gid,
    t.number,
    t.name,
    t.length,
    t.recording AS recording_id,
    t.is_data_track
FROM track AS t
INNER JOIN medium AS m ON t.medium = m.id
