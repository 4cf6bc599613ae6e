-- What the chosen releases name: their release groups, whoever is credited, their labels and companies.

CREATE TEMP TABLE scope_release_group AS
SELECT record_key(g.source, g.record_id) AS id
FROM lake.silver.release_group AS g
WHERE
    g.gone_month IS NULL
    AND record_key(g.source, g.record_id) IN (
        SELECT record_key(r.source, r.release_group_record_id)
        FROM lake.silver.release AS r
        INNER JOIN scope_release AS scope ON record_key(r.source, r.record_id) = scope.id
        WHERE r.release_group_record_id IS NOT NULL
    );

CREATE TEMP TABLE scope_artist AS
SELECT record_key(a.source, a.record_id) AS id
FROM lake.silver.artist AS a
WHERE
    a.gone_month IS NULL
    AND record_key(a.source, a.record_id) IN (
        SELECT record_key(c.source, c.artist_record_id)
        FROM lake.silver.artist_credit AS c
        INNER JOIN scope_release AS scope
            ON record_key(c.source, CASE WHEN c.entity_type = 'release' THEN c.record_id END) = scope.id
        WHERE c.artist_record_id IS NOT NULL
        UNION ALL
        SELECT record_key(c.source, c.artist_record_id)
        FROM lake.silver.artist_credit AS c
        INNER JOIN scope_release_group AS scope
            ON record_key(c.source, CASE WHEN c.entity_type = 'release_group' THEN c.record_id END) = scope.id
        WHERE c.artist_record_id IS NOT NULL
        UNION ALL
        SELECT record_key(c.source, c.artist_record_id)
        FROM lake.silver.track_artist_credit AS c
        INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.id
        WHERE c.artist_record_id IS NOT NULL
        UNION ALL
        SELECT record_key(c.source, c.artist_record_id)
        FROM lake.silver.release_credit AS c
        INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.id
        WHERE c.artist_record_id IS NOT NULL
        UNION ALL
        SELECT record_key(c.source, c.artist_record_id)
        FROM lake.silver.track_credit AS c
        INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.id
        WHERE c.artist_record_id IS NOT NULL
    );

CREATE TEMP TABLE scope_label AS
SELECT record_key(l.source, l.record_id) AS id
FROM lake.silver.label AS l
WHERE
    l.gone_month IS NULL
    AND record_key(l.source, l.record_id) IN (
        SELECT record_key(c.source, c.label_record_id)
        FROM lake.silver.release_label AS c
        INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.id
        WHERE c.label_record_id IS NOT NULL
        UNION ALL
        SELECT record_key(c.source, c.series_record_id)
        FROM lake.silver.release_series AS c
        INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.id
        WHERE c.series_record_id IS NOT NULL
        UNION ALL
        SELECT record_key(c.source, c.company_record_id)
        FROM lake.silver.release_company AS c
        INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.id
        WHERE c.company_record_id IS NOT NULL
    );
