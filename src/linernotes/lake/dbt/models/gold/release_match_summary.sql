-- One row per release that two sources have, with the values that count. Grain: release_id.
SELECT
    a.source,
    a.record_id,
    o.source AS other_source,
    o.record_id AS other_record_id,
    a.release_id,
    {{ survived("release.title", ["title"]) }},
    {{ survived("release.artist_credit", ["artist_credit"]) }},
    {{ survived("release.label", ["label_name", "catalogue_number"]) }},
    {{ survived("release.released", ["released_year"]) }},
    {{ survived("release.country", ["country"]) }},
    {{ survived("release.format", ["format"]) }},
    {{ survived("release.genre", ["genre"]) }},
    {{ survived("release.tracks", ["track_count", "duration_ms"]) }}
FROM {{ matched("release") }} AS m
INNER JOIN {{ ref("release_source_summary") }} AS a ON m.source = a.source AND m.record_id = a.record_id
INNER JOIN {{ ref("release_source_summary") }} AS o ON m.other_source = o.source AND m.other_record_id = o.record_id
