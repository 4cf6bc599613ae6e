-- Addresses of artists and labels on the web.
SELECT
    artist.id AS artist_id,
    label.id AS label_id,
    s.position + coalesce(continued.position, 0) AS position,
    s.type,
    s.url,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.url AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_artist AS artist
    ON record_key(s.source, CASE WHEN s.entity_type = 'artist' THEN s.record_id END) = artist.record
LEFT JOIN scope_label AS label
    ON record_key(s.source, CASE WHEN s.entity_type = 'label' THEN s.record_id END) = label.record
ANTI JOIN repeated
    ON
        repeated.list = s.entity_type || '.urls' AND coalesce(artist.record, label.record) = repeated.record
        AND s.position = repeated.position
LEFT JOIN continued
    ON continued.list = s.entity_type || '.urls' AND coalesce(artist.record, label.record) = continued.record
WHERE coalesce(artist.id, label.id) IS NOT NULL
ORDER BY 1, 2, 3
