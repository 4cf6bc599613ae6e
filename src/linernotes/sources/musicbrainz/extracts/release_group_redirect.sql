-- MBIDs that stood for release groups which were merged into another.
SELECT
    new_id AS record_id,
    gid
FROM release_group_gid_redirect
