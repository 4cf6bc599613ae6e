-- One recording per track that is neither a heading nor an index of sub-tracks.
SELECT
    track_key(scope.id, s.track_number, s.sub_track_number) AS id,
    s.recording_id AS uuid,
    s.title,
    s.duration_ms,
    scope.id AS record_id,
    published_load.id AS load_id
FROM lake.silver.recording AS s
INNER JOIN scope_release AS scope ON number_of(s.record_id) = scope.id
INNER JOIN published_load ON s.load_id = published_load.uuid
ORDER BY 1
