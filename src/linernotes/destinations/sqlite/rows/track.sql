-- The track lists of the releases in scope, headings, index tracks and sub-tracks included.
SELECT
    track_key(scope.id, s.track_number, s.sub_track_number) AS id,
    scope.id AS release_id,
    s.track_number,
    s.sub_track_number,
    s.kind,
    s.position,
    s.title,
    s.duration,
    s.duration_ms,
    CASE WHEN s.kind NOT IN ('heading', 'index') THEN track_key(scope.id, s.track_number, s.sub_track_number) END
        AS recording_id,
    scope.id AS record_id,
    published_load.id AS load_id
FROM lake.silver.track AS s
INNER JOIN scope_release AS scope ON number_of(s.record_id) = scope.id
INNER JOIN published_load ON s.load_id = published_load.uuid
ORDER BY 1
