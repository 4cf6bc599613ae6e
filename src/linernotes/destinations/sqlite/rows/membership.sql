-- Who is or was in the groups in scope.
SELECT
    scope.id AS group_id,
    s.position,
    member.id AS member_id,
    number_of(s.member_record_id) AS member_record_id,
    s.member_name,
    s.begin_year,
    s.end_year,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.membership AS s
INNER JOIN scope_artist_members AS scope ON record_key(s.source, s.record_id) = scope.record
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_artist AS member ON record_key(s.source, s.member_record_id) = member.record
ORDER BY 1, 2
