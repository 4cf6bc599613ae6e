-- Releases that nobody is credited for.
SELECT r.id AS key, 'release ' || r.id || coalesce(': ' || r.title, '') AS example
FROM release AS r
WHERE NOT EXISTS (SELECT 1 FROM artist_credit AS c WHERE c.release_id = r.id)
