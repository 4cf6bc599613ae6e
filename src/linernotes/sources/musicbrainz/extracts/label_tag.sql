-- Tags that people gave to labels, with their votes; those in the list of genres are genres.
SELECT
    j.label AS record_id,
    t.name,
    j.count,
    g.id IS NOT NULL AS is_genre
FROM label_tag AS j
INNER JOIN tag AS t ON j.tag = t.id
LEFT JOIN genre AS g ON t.name = g.name
