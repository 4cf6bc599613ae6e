-- Tracks that belong to no release.
SELECT t.id AS key, 'track ' || t.id || coalesce(': ' || t.title, '') AS example
FROM track AS t
WHERE NOT EXISTS (SELECT 1 FROM release AS r WHERE r.id = t.release_id)
