-- Tags that people gave to recordings, with their votes; those in the list of genres are genres.
SELECT
    j.recording AS record_id,
    t.name,
    j.count,
    g.id IS NOT NULL AS is_genre
FROM recording_tag AS j
INNER JOIN tag AS t ON j.tag = t.id
LEFT JOIN genre AS g ON t.name = g.name
