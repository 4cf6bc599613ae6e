-- What plays: a recording that its source knows, or a track of a source that knows none.
CREATE TEMP VIEW published_recording AS
SELECT
    track_key(scope.id, s.track_number, s.sub_track_number) AS id,
    s.recording_id AS uuid,
    s.title,
    s.duration_ms,
    s.record_id,
    s.load_id
FROM lake.silver.recording AS s
INNER JOIN scope_release_tracks AS scope
    ON record_key(CASE WHEN s.track_number > 0 THEN s.source END, s.record_id) = scope.record
UNION ALL
SELECT
    recording_key(s.record_id) AS id,
    s.recording_id AS uuid,
    s.title,
    s.duration_ms,
    s.record_id,
    s.load_id
FROM lake.silver.source_recording AS s
WHERE
    (s.source, s.record_id) IN (
        SELECT (t.source, t.recording_record_id)
        FROM lake.silver.track AS t
        INNER JOIN scope_release_tracks AS scope ON record_key(t.source, t.record_id) = scope.record
        WHERE t.recording_record_id IS NOT NULL
    );
