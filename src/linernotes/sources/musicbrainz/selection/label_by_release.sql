-- Labels of the releases.
SELECT l.label AS id
FROM release_label AS l
INNER JOIN chosen_release AS c ON l.release = c.id
WHERE l.label IS NOT NULL
