-- International Standard Recording Codes of recordings; one code can stand for several.
SELECT
    recording AS record_id,
    CAST(isrc AS VARCHAR) AS isrc
FROM isrc
