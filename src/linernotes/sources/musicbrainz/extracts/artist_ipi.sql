-- Interested Party Information codes of artists.
SELECT
    artist AS record_id,
    CAST(ipi AS VARCHAR) AS ipi
FROM artist_ipi
