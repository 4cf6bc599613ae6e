-- Release groups: albums, singles, EPs.
SELECT
    g.id AS record_id,
    g.gid,
    g.name,
    t.name AS type,
    g.comment
FROM release_group AS g
LEFT JOIN release_group_primary_type AS t ON g.type = t.id
