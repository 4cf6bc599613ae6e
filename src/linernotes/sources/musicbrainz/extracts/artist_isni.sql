-- International Standard Name Identifiers of artists.
SELECT
    artist AS record_id,
    CAST(isni AS VARCHAR) AS isni
FROM artist_isni
