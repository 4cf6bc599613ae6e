-- Further types of release groups: Live, Compilation, Remix.
SELECT
    j.release_group AS record_id,
    t.name AS type
FROM release_group_secondary_type_join AS j
INNER JOIN release_group_secondary_type AS t ON j.secondary_type = t.id
