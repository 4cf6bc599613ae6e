-- Release groups that nobody is credited for.
SELECT g.id AS key, 'release group ' || g.id || coalesce(': ' || g.title, '') AS example
FROM release_group AS g
WHERE NOT EXISTS (SELECT 1 FROM artist_credit AS c WHERE c.release_group_id = g.id)
