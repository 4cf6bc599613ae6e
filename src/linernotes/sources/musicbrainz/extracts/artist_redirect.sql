-- MBIDs that stood for artists which were merged into another.
SELECT
    new_id AS record_id,
    gid
FROM artist_gid_redirect
