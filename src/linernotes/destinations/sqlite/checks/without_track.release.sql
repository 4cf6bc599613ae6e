-- Releases without a track list.
SELECT r.id AS key, 'release ' || r.id || coalesce(': ' || r.title, '') AS example
FROM release AS r
WHERE NOT EXISTS (SELECT 1 FROM track AS t WHERE t.release_id = r.id)
