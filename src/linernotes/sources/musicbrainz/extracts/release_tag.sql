-- Tags that people gave to releases, with their votes; those in the list of genres are genres.
SELECT
    j.release AS record_id,
    t.name,
    j.count
FROM release_tag AS j
INNER JOIN tag AS t ON j.tag = t.id
