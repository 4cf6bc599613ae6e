-- Other names of the artists in scope, and which artist hides behind an alias.
SELECT
    scope.id AS artist_id,
    s.kind,
    s.position + coalesce(continued.position, 0) AS position,
    s.name,
    other.id AS alias_id,
    number_of(s.alias_record_id) AS alias_record_id,
    s.type,
    s.locale,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.artist_alias AS s
INNER JOIN scope_artist AS scope ON record_key(s.source, s.record_id) = scope.record
INNER JOIN published_load ON s.load_id = published_load.uuid
ANTI JOIN repeated
    ON
        repeated.list = 'artist.aliases' AND scope.record = repeated.record
        AND s.kind = repeated.kind AND s.position = repeated.position
LEFT JOIN continued
    ON continued.list = 'artist.aliases' AND scope.record = continued.record AND s.kind = continued.kind
LEFT JOIN scope_artist AS other ON record_key(s.source, s.alias_record_id) = other.record
ORDER BY 1, 2, 3
