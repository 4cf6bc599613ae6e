-- Releases of the release groups.
SELECT r.id
FROM release AS r
INNER JOIN chosen_release_group AS c ON r.release_group = c.id
