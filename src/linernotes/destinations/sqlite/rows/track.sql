-- The track lists of the releases in scope, headings, index tracks and sub-tracks included.
SELECT
    track_key(scope.id, s.track_number, s.sub_track_number) AS id,
    scope.id AS release_id,
    s.track_number,
    s.sub_track_number,
    s.medium_number,
    s.kind,
    s.position,
    s.title,
    s.duration,
    s.duration_ms,
    CASE
        WHEN r.record_id IS NOT NULL THEN recording_key(r.record_id)
        WHEN s.recording_record_id IS NOT NULL THEN NULL
        WHEN s.kind NOT IN ('heading', 'index') THEN track_key(scope.id, s.track_number, s.sub_track_number)
    END AS recording_id,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.track AS s
INNER JOIN scope_release_tracks AS scope ON record_key(s.source, s.record_id) = scope.record
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN lake.silver.source_recording AS r ON s.source = r.source AND s.recording_record_id = r.record_id
ORDER BY 1
