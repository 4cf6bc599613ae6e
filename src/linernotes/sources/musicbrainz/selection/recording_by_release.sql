-- Recordings on the releases, whoever plays.
SELECT t.recording AS id
FROM track AS t
INNER JOIN medium AS m ON t.medium = m.id
INNER JOIN chosen_release AS c ON m.release = c.id
