-- For those who expect artists, albums and songs. An album is a release group, or a release that belongs to none (its
-- id is then negative); a song is a track that plays, with tempo, key and ids where web services were asked. A credit
-- is the names as printed with what stands between them.

CREATE INDEX release_album_id ON release (coalesce(release_group_id, -id));
CREATE INDEX release_lone_id ON release (-id) WHERE release_group_id IS NULL;

CREATE VIEW artists AS
SELECT
    a.id,
    a.uuid,
    a.name,
    a.display_name,
    a.real_name,
    a.profile,
    CASE (SELECT l.source FROM load AS l WHERE l.id = a.load_id)
        WHEN 'discogs' THEN a.record_id
        ELSE (
            SELECT o.record_id FROM other_record AS o
            INNER JOIN load AS l ON o.load_id = l.id
            WHERE o.artist_id = a.id AND l.source = 'discogs'
        )
    END AS discogs_id
FROM artist AS a;

CREATE VIEW albums AS
SELECT
    g.id,
    g.uuid,
    g.title,
    (
        SELECT c.artist_id FROM artist_credit AS c WHERE c.release_group_id = g.id ORDER BY c.position LIMIT 1
    ) AS artist_id,
    (
        SELECT group_concat(part.text, '')
        FROM (
            SELECT lag(coalesce(c.join_phrase, ', '), 1, '') OVER (ORDER BY c.position) || c.credited_name AS text
            FROM artist_credit AS c
            WHERE c.release_group_id = g.id
            ORDER BY c.position
        ) AS part
    ) AS artist,
    g.year,
    (SELECT x.genre FROM genre AS x WHERE x.release_group_id = g.id ORDER BY x.position LIMIT 1) AS genre,
    (SELECT x.style FROM style AS x WHERE x.release_group_id = g.id ORDER BY x.position LIMIT 1) AS style,
    NULL AS country,
    CASE (SELECT l.source FROM load AS l WHERE l.id = g.load_id)
        WHEN 'discogs' THEN g.record_id
        ELSE (
            SELECT o.record_id FROM other_record AS o
            INNER JOIN load AS l ON o.load_id = l.id
            WHERE o.release_group_id = g.id AND l.source = 'discogs'
        )
    END AS discogs_master_id,
    g.main_release_record_id AS discogs_release_id
FROM release_group AS g
UNION ALL
SELECT
    -r.id,
    r.uuid,
    r.title,
    (SELECT c.artist_id FROM artist_credit AS c WHERE c.release_id = r.id ORDER BY c.position LIMIT 1),
    (
        SELECT group_concat(part.text, '')
        FROM (
            SELECT lag(coalesce(c.join_phrase, ', '), 1, '') OVER (ORDER BY c.position) || c.credited_name AS text
            FROM artist_credit AS c
            WHERE c.release_id = r.id
            ORDER BY c.position
        ) AS part
    ),
    r.released_year,
    (SELECT x.genre FROM genre AS x WHERE x.release_id = r.id ORDER BY x.position LIMIT 1),
    (SELECT x.style FROM style AS x WHERE x.release_id = r.id ORDER BY x.position LIMIT 1),
    r.country,
    CASE (SELECT l.source FROM load AS l WHERE l.id = r.load_id) WHEN 'discogs' THEN r.release_group_record_id END,
    CASE (SELECT l.source FROM load AS l WHERE l.id = r.load_id)
        WHEN 'discogs' THEN r.record_id
        ELSE (
            SELECT o.record_id FROM other_record AS o
            INNER JOIN load AS l ON o.load_id = l.id
            WHERE o.release_id = r.id AND l.source = 'discogs'
        )
    END
FROM release AS r
WHERE r.release_group_id IS NULL;

CREATE VIEW songs AS
SELECT
    t.id,
    recording.uuid,
    t.title,
    coalesce(
        (SELECT c.artist_id FROM track_artist_credit AS c WHERE c.track_id = t.id ORDER BY c.position LIMIT 1),
        (SELECT c.artist_id FROM artist_credit AS c WHERE c.release_id = r.id ORDER BY c.position LIMIT 1)
    ) AS artist_id,
    coalesce(
        (
            SELECT group_concat(part.text, '')
            FROM (
                SELECT lag(coalesce(c.join_phrase, ', '), 1, '') OVER (ORDER BY c.position) || c.credited_name AS text
                FROM track_artist_credit AS c
                WHERE c.track_id = t.id
                ORDER BY c.position
            ) AS part
        ),
        (
            SELECT group_concat(part.text, '')
            FROM (
                SELECT lag(coalesce(c.join_phrase, ', '), 1, '') OVER (ORDER BY c.position) || c.credited_name AS text
                FROM artist_credit AS c
                WHERE c.release_id = r.id
                ORDER BY c.position
            ) AS part
        )
    ) AS artist,
    coalesce(r.release_group_id, -r.id) AS album_id,
    r.title AS album,
    r.released_year AS year,
    t.track_number,
    t.position,
    t.duration_ms / 1000 AS duration,
    t.duration_ms,
    (
        SELECT CAST(v.value AS REAL)
        FROM enriched_value AS v
        WHERE v.recording_id = t.recording_id AND v.field = 'tempo_bpm'
    ) AS tempo_bpm,
    (
        SELECT v.value FROM enriched_value AS v WHERE v.recording_id = t.recording_id AND v.field = 'isrc'
    ) AS isrc,
    (
        SELECT v.value FROM enriched_value AS v WHERE v.recording_id = t.recording_id AND v.field = 'spotify_id'
    ) AS spotify_id,
    (
        SELECT v.value FROM enriched_value AS v WHERE v.recording_id = t.recording_id AND v.field = 'key'
    ) AS key,
    r.id AS release_id,
    CASE (SELECT l.source FROM load AS l WHERE l.id = r.load_id)
        WHEN 'discogs' THEN r.record_id
        ELSE (
            SELECT o.record_id FROM other_record AS o
            INNER JOIN load AS l ON o.load_id = l.id
            WHERE o.release_id = r.id AND l.source = 'discogs'
        )
    END AS discogs_release_id
FROM track AS t
INNER JOIN release AS r ON t.release_id = r.id
LEFT JOIN recording ON t.recording_id = recording.id
WHERE t.recording_id IS NOT NULL;
