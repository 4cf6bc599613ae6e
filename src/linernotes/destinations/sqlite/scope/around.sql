-- What the chosen releases name: their release groups, whoever is credited, their labels and companies.

CREATE TEMP TABLE scope_release_group AS
SELECT number_of(g.record_id) AS id
FROM lake.silver.release_group AS g
WHERE
    g.gone_month IS NULL
    AND number_of(g.record_id) IN (
        SELECT number_of(r.release_group_record_id)
        FROM lake.silver.release AS r
        INNER JOIN scope_release AS scope ON number_of(r.record_id) = scope.id
        WHERE r.release_group_record_id IS NOT NULL
    );

CREATE TEMP TABLE scope_artist AS
SELECT number_of(a.record_id) AS id
FROM lake.silver.artist AS a
WHERE
    a.gone_month IS NULL
    AND number_of(a.record_id) IN (
        SELECT number_of(c.artist_record_id)
        FROM lake.silver.artist_credit AS c
        INNER JOIN scope_release AS scope
            ON number_of(CASE WHEN c.entity_type = 'release' THEN c.record_id END) = scope.id
        WHERE c.artist_record_id IS NOT NULL
        UNION ALL
        SELECT number_of(c.artist_record_id)
        FROM lake.silver.artist_credit AS c
        INNER JOIN scope_release_group AS scope
            ON number_of(CASE WHEN c.entity_type = 'release_group' THEN c.record_id END) = scope.id
        WHERE c.artist_record_id IS NOT NULL
        UNION ALL
        SELECT number_of(c.artist_record_id)
        FROM lake.silver.track_artist_credit AS c
        INNER JOIN scope_release AS scope ON number_of(c.record_id) = scope.id
        WHERE c.artist_record_id IS NOT NULL
        UNION ALL
        SELECT number_of(c.artist_record_id)
        FROM lake.silver.release_credit AS c
        INNER JOIN scope_release AS scope ON number_of(c.record_id) = scope.id
        WHERE c.artist_record_id IS NOT NULL
        UNION ALL
        SELECT number_of(c.artist_record_id)
        FROM lake.silver.track_credit AS c
        INNER JOIN scope_release AS scope ON number_of(c.record_id) = scope.id
        WHERE c.artist_record_id IS NOT NULL
    );

CREATE TEMP TABLE scope_label AS
SELECT number_of(l.record_id) AS id
FROM lake.silver.label AS l
WHERE
    l.gone_month IS NULL
    AND number_of(l.record_id) IN (
        SELECT number_of(c.label_record_id)
        FROM lake.silver.release_label AS c
        INNER JOIN scope_release AS scope ON number_of(c.record_id) = scope.id
        WHERE c.label_record_id IS NOT NULL
        UNION ALL
        SELECT number_of(c.series_record_id)
        FROM lake.silver.release_series AS c
        INNER JOIN scope_release AS scope ON number_of(c.record_id) = scope.id
        WHERE c.series_record_id IS NOT NULL
        UNION ALL
        SELECT number_of(c.company_record_id)
        FROM lake.silver.release_company AS c
        INNER JOIN scope_release AS scope ON number_of(c.record_id) = scope.id
        WHERE c.company_record_id IS NOT NULL
    );
