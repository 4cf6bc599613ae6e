-- What became of the links of one entity type: how many there are, how many were hidden, and how many of those were
-- found again, matched with something that no link says, or left to a person, and which ways of blocking proposed them.
-- Reads `linked`, all links; `standing`, the records that the sources still have; `candidate` and `matched`, what was
-- compared and matched without the hidden links.
WITH link AS (
    SELECT t.record_id, t.other_record_id, t.is_hidden
    FROM linked AS t
    SEMI JOIN standing AS m ON t.source = m.source AND t.record_id = m.record_id
    SEMI JOIN standing AS d ON t.other_source = d.source AND t.other_record_id = d.record_id
),

hidden AS (
    SELECT
        (h.record_id, h.other_record_id) AS pair,
        m.band,
        m.other_record_id = h.other_record_id AS is_same,
        l.record_id IS NOT NULL AS is_linked
    FROM link AS h
    LEFT JOIN matched AS m ON h.record_id = m.record_id
    LEFT JOIN link AS l ON m.record_id = l.record_id AND m.other_record_id = l.other_record_id
    WHERE h.is_hidden
),

proposed AS (
    SELECT (h.record_id, h.other_record_id) AS pair, unnest(string_split(c.found_by, ', ')) AS way
    FROM link AS h
    INNER JOIN candidate AS c ON h.record_id = c.record_id AND h.other_record_id = c.other_record_id
    WHERE h.is_hidden
),

by_way AS (
    SELECT way, count(*) AS pair_count FROM proposed
    GROUP BY way
)

SELECT
    (SELECT count(*) FROM link) AS link_count,
    count(DISTINCT pair) AS hidden_count,
    count(*) FILTER (WHERE band = 'match' AND is_same) AS found_count,
    count(*) FILTER (WHERE band = 'match' AND NOT is_linked) AS wrong_count,
    count(DISTINCT pair) FILTER (WHERE band = 'ambiguous') AS ambiguous_count,
    (SELECT count(DISTINCT p.pair) FROM proposed AS p) AS proposed_count,
    (
        SELECT map(coalesce(list(w.way ORDER BY w.way), []), coalesce(list(w.pair_count ORDER BY w.way), []))
        FROM by_way AS w
    ) AS proposed_by
FROM hidden
