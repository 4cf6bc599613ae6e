{# Which records of MusicBrainz and Discogs are one thing. Models of candidates bring pairs together and compare them;
   models of matches weigh what was compared, put a person's judgement first, and keep for each record the best. Pairs
   are made in slices of the records of MusicBrainz. #}

{# Records that a source still has: record_id and what the model names. #}
{% macro standing(model, source, columns) -%}
    (SELECT record_id, {{ columns | join(", ") }} FROM {{ ref(model) }} WHERE source = '{{ source }}' AND gone_month IS NULL)
{%- endmacro %}

{# Pairs that people linked: record_id, other_record_id. #}
{% macro linked_pairs(entity_type) -%}
    (
        SELECT l.record_id, l.other_record_id
        FROM {{ ref("record_link") }} AS l
        SEMI JOIN {{ standing(entity_type, "musicbrainz", ["gone_month"]) }} AS m ON l.record_id = m.record_id
        SEMI JOIN {{ standing(entity_type, "discogs", ["gone_month"]) }} AS d ON l.other_record_id = d.record_id
        WHERE l.entity_type = '{{ entity_type }}' AND NOT coalesce(l.is_ended, FALSE)
    )
{%- endmacro %}

{# Blocking: pairs of records that share a key which few records have, from two queries of record_id and key:
   record_id, other_record_id, has_key_alone. Keys are compared as hashes, which take a fraction of the memory; the few
   records of MusicBrainz come first, so that a home without them is not searched. #}
{% macro keyed_pairs(ours, theirs, at_most) -%}
    (
        WITH keys_of_slice AS (
            SELECT DISTINCT hash(key) AS key FROM {{ ours }} WHERE key IS NOT NULL AND {{ in_slice("record_id") }}
        ),

        our_keys AS (
            SELECT DISTINCT o.record_id, k.key
            FROM {{ ours }} AS o
            INNER JOIN keys_of_slice AS k ON hash(o.key) = k.key
        ),

        asked AS (
            SELECT key, count(*) AS record_count FROM our_keys
            GROUP BY key
            HAVING count(*) <= {{ at_most }}
        ),

        their_keys AS (
            SELECT DISTINCT d.record_id, hash(d.key) AS key
            FROM {{ theirs }} AS d
            SEMI JOIN asked AS a ON hash(d.key) = a.key
        ),

        met AS (
            SELECT a.key, any_value(a.record_count) = 1 AND count(*) = 1 AS is_alone
            FROM asked AS a
            INNER JOIN their_keys AS d ON a.key = d.key
            GROUP BY a.key
            HAVING any_value(a.record_count) * count(*) <= {{ at_most }}
        )

        SELECT m.record_id, d.record_id AS other_record_id, bool_or(k.is_alone) AS has_key_alone
        FROM met AS k
        INNER JOIN our_keys AS m ON k.key = m.key
        INNER JOIN their_keys AS d ON k.key = d.key
        WHERE {{ in_slice("m.record_id") }}
        GROUP BY ALL
    )
{%- endmacro %}

{# Blocking: records whose name no record of the other source has, brought together by the words of the name in order
   and by the three rarest of its 5-grams, where few names have them. All of the other source's names are looked at twice,
   so this is a model of its own, in few slices: record_id, other_record_id, is_worded, is_spelled. #}
{% macro alike_pairs(entity_type, at_most=100) -%}
    WITH ours AS (
        SELECT * FROM {{ standing(entity_type, "musicbrainz", ["name_key AS key"]) }}
    ),

    theirs AS (
        SELECT * FROM {{ standing(entity_type, "discogs", ["name_key AS key"]) }}
    ),

    unnamed AS (
        SELECT record_id, key FROM ours
        ANTI JOIN theirs USING (key)
        WHERE {{ in_slice("record_id") }}
    ),

    worded AS (
        SELECT record_id, other_record_id
        FROM {{ keyed_pairs(sorted_words("unnamed"), sorted_words("theirs"), at_most) }}
    ),

    our_grams AS (
        SELECT record_id, key, {{ grams("key") }} AS gram FROM unnamed WHERE length(key) > 4
    ),

    their_grams AS (
        SELECT record_id, key, {{ grams("key") }} AS gram FROM theirs WHERE length(key) > 4
    ),

    frequency AS (
        SELECT d.gram, count(*) AS record_count
        FROM their_grams AS d
        SEMI JOIN (SELECT DISTINCT gram FROM our_grams) AS m ON d.gram = m.gram
        GROUP BY d.gram
        HAVING count(*) <= {{ at_most }}
    ),

    -- equally rare ones in the order of their hashes, so that the same names give the same pairs
    rarest AS (
        SELECT
            m.record_id,
            any_value(m.key) AS key,
            unnest(min({n: f.record_count, gram: m.gram}, 3)).gram AS gram
        FROM our_grams AS m
        INNER JOIN frequency AS f ON m.gram = f.gram
        GROUP BY m.record_id
    ),

    spelled AS (
        SELECT DISTINCT r.record_id, d.record_id AS other_record_id
        FROM their_grams AS d
        INNER JOIN rarest AS r ON d.gram = r.gram
        WHERE jaro_winkler_similarity(r.key, d.key) >= 0.85  -- a cheap look, since most share no more than the grams
    )

    SELECT
        'musicbrainz' AS source,
        record_id,
        'discogs' AS other_source,
        other_record_id,
        bool_or(is_worded) AS is_worded,
        bool_or(NOT is_worded) AS is_spelled
    FROM (
        SELECT record_id, other_record_id, TRUE AS is_worded FROM worded
        UNION ALL
        SELECT record_id, other_record_id, FALSE AS is_worded FROM spelled
    )
    GROUP BY record_id, other_record_id
{%- endmacro %}

{# The 5-grams of a text as hashes, a row each. #}
{% macro grams(text) -%}
    unnest(list_distinct(
        list_transform(range(1, length({{ text }}) - 3), lambda place: hash(substr({{ text }}, place::BIGINT, 5)))
    ))
{%- endmacro %}

{# All pairs that some way of blocking found: record_id, other_record_id, and `ways`, a bit for each that found it, in
   their order; one number takes a fraction of the memory that words do. #}
{% macro found_pairs(ways) -%}
    SELECT record_id, other_record_id, bit_or(way) AS ways
    FROM (
        {% for query in ways.values() %}
        SELECT record_id, other_record_id, {{ 2 ** loop.index0 }}::UTINYINT AS way
        FROM {{ query }}
        WHERE {{ in_slice("record_id") }}
        {{ "UNION ALL" if not loop.last }}
        {% endfor %}
    )
    GROUP BY record_id, other_record_id
{%- endmacro %}

{# Whether a way of blocking found a pair. #}
{% macro is_found(ways, way) -%}
    (p.ways & {{ 2 ** (ways | list).index(way) }}) > 0
{%- endmacro %}

{# How many facts both records of a pair have, from `pairs` and the queries `facts_at_<source>` (record_id, and fact, a
   hash): the query `shared` (record_id, other_record_id, fact_count). One hash is the key of the join: by any other order
   it would begin with what is the same everywhere. #}
{% macro shared_facts() -%}
    asked AS (
        SELECT p.record_id, p.other_record_id, hash(p.other_record_id, m.fact) AS key
        FROM pairs AS p
        INNER JOIN facts_at_musicbrainz AS m ON p.record_id = m.record_id
    ),

    shared AS (
        SELECT a.record_id, a.other_record_id, count(*) AS fact_count
        FROM asked AS a
        SEMI JOIN (SELECT hash(record_id, fact) AS key FROM facts_at_discogs) AS d ON a.key = d.key
        GROUP BY ALL
    )
{%- endmacro %}

{# Barcodes of the releases of a source: record_id, value_key. #}
{% macro barcodes_of_releases(source) -%}
    (
        SELECT record_id, value_key FROM {{ ref("source_identifier") }}
        WHERE source = '{{ source }}' AND entity_type = 'release' AND type = 'Barcode' AND value_key IS NOT NULL
    )
{%- endmacro %}

{# Catalogue numbers of the releases of a source: record_id, number. #}
{% macro numbers_of_releases(source) -%}
    (
        SELECT record_id, catalogue_key AS number FROM {{ ref("release_label") }}
        WHERE source = '{{ source }}' AND catalogue_key IS NOT NULL
    )
{%- endmacro %}

{# The first artists of the release groups of a source: record_id, artist_record_id. #}
{% macro first_artists(source) -%}
    (
        SELECT record_id, artist_record_id FROM {{ ref("artist_credit") }}
        WHERE source = '{{ source }}' AND entity_type = 'release_group' AND position = 1
    )
{%- endmacro %}

{# Web addresses of standing records as keys, those of Discogs itself left out: record_id, key. #}
{% macro addresses(entity_type, source) -%}
    (
        SELECT DISTINCT u.record_id, {{ address_key("u.url") }} AS key
        FROM {{ ref("url") }} AS u
        SEMI JOIN {{ standing(entity_type, source, ["gone_month"]) }} AS s ON u.record_id = s.record_id
        WHERE
            u.source = '{{ source }}' AND u.entity_type = '{{ entity_type }}'
            {%- if source == "musicbrainz" %} AND coalesce(u.type, '') <> 'discogs'{% endif %}
    )
{%- endmacro %}

{# A web address for comparison: without scheme, www and the last slash, in lower case. #}
{% macro address_key(column) -%}
    nullif(regexp_replace(lower(trim({{ column }})), '^(https?://)?(www\.)?|/+$', '', 'g'), '')
{%- endmacro %}

{# How records of what has names, artists or labels, are brought together, from the queries `our_other_names` and
   `their_other_names` (record_id, key): the query `brought`, a pair for each; `our_namesakes` and `their_namesakes`,
   records whose name others have too, which a fact must bring together; and `wanted_at_<source>`, the records whose facts
   are asked for. #}
{% macro named_pairs(entity_type, ways) -%}
    ours AS (
        SELECT * FROM {{ standing(entity_type, "musicbrainz", ["name_key AS key"]) }}
    ),

    theirs AS (
        SELECT * FROM {{ standing(entity_type, "discogs", ["name_key AS key"]) }}
    ),

    linked AS (
        SELECT * FROM {{ linked_pairs(entity_type) }}
    ),

    named_alone AS (
        SELECT * FROM {{ keyed_pairs("ours", "theirs", 1) }}
    ),

    addressed AS (
        SELECT * FROM {{ keyed_pairs(addresses(entity_type, "musicbrainz"), addresses(entity_type, "discogs"), 1) }}
    ),

    otherwise_named AS (
        SELECT record_id, other_record_id FROM {{ keyed_pairs("our_other_names", "theirs", 100) }}
        UNION
        SELECT record_id, other_record_id FROM {{ keyed_pairs("ours", "their_other_names", 100) }}
    ),

    our_namesakes AS (
        SELECT m.record_id, hash(m.key) AS key
        FROM ours AS m
        SEMI JOIN theirs AS d ON m.key = d.key
        ANTI JOIN named_alone AS a ON m.record_id = a.record_id
        WHERE {{ in_slice("m.record_id") }}
    ),

    their_namesakes AS (
        SELECT d.record_id, hash(d.key) AS key
        FROM theirs AS d
        SEMI JOIN our_namesakes AS m ON hash(d.key) = m.key
    ),

    -- What is only alike counts where nothing stronger was found.
    left_over AS (
        SELECT record_id FROM ours
        ANTI JOIN linked USING (record_id)
        ANTI JOIN named_alone USING (record_id)
        ANTI JOIN our_namesakes USING (record_id)
        ANTI JOIN addressed USING (record_id)
        ANTI JOIN otherwise_named USING (record_id)
        WHERE {{ in_slice("record_id") }}
    ),

    alike AS (
        SELECT record_id, other_record_id, is_worded, is_spelled FROM {{ ref(entity_type ~ "_alike") }}
        SEMI JOIN left_over USING (record_id)
    ),

    worded AS (
        SELECT record_id, other_record_id FROM alike WHERE is_worded
    ),

    spelled AS (
        SELECT record_id, other_record_id FROM alike WHERE is_spelled
    ),

    brought AS (
        {{ found_pairs(ways) }}
    ),

    wanted_at_musicbrainz AS (
        SELECT record_id FROM our_namesakes
        UNION
        SELECT record_id FROM brought
    ),

    wanted_at_discogs AS (
        SELECT record_id FROM their_namesakes
        UNION
        SELECT other_record_id FROM brought
    )
{%- endmacro %}

{# The candidates among what has names, from `named_pairs` and the queries `facts_at_<source>` (record_id, and fact, a
   hash). #}
{% macro named_candidates(ways) -%}
    {% for side, source in [("our", "musicbrainz"), ("their", "discogs")] %}
    {{ side }}_named_facts AS (
        SELECT n.record_id, hash(n.key, f.fact) AS key
        FROM {{ side }}_namesakes AS n
        INNER JOIN facts_at_{{ source }} AS f ON n.record_id = f.record_id
    ),
    {% endfor %}

    met AS (
        SELECT DISTINCT m.record_id, d.record_id AS other_record_id
        FROM our_named_facts AS m
        INNER JOIN their_named_facts AS d ON m.key = d.key
        WHERE m.key IN (SELECT key FROM their_named_facts GROUP BY key HAVING count(*) <= 20)
    ),

    pairs AS (
        SELECT record_id, other_record_id, bit_or(ways) AS ways
        FROM (
            SELECT record_id, other_record_id, ways FROM brought
            UNION ALL
            SELECT record_id, other_record_id, {{ 2 ** ways | length }}::UTINYINT AS ways FROM met
        )
        GROUP BY record_id, other_record_id
    ),

    {{ shared_facts() }},

    compared AS (
        SELECT
            p.record_id,
            p.other_record_id,
            p.ways,
            CASE
                WHEN {{ is_found(ways, "name") }} THEN 6
                WHEN m.key = d.key THEN 5
                WHEN {{ is_found(ways, "other name") }} THEN 4
                ELSE name_level(m.key, d.key)
            END AS name_level,
            CASE
                WHEN s.fact_count > 0 THEN least(s.fact_count + 1, 4)
                WHEN
                    p.record_id IN (SELECT f.record_id FROM facts_at_musicbrainz AS f)
                    AND p.other_record_id IN (SELECT f.record_id FROM facts_at_discogs AS f)
                    THEN 0
                ELSE 1
            END AS facts_level,
            ({{ is_found(ways, "web address") }})::INTEGER AS address_level,
            {{ elsewhere_level(ways) }} AS elsewhere_level
        FROM pairs AS p
        INNER JOIN ours AS m ON p.record_id = m.record_id
        INNER JOIN theirs AS d ON p.other_record_id = d.record_id
        LEFT JOIN shared AS s ON p.record_id = s.record_id AND p.other_record_id = s.other_record_id
    )

    {{ as_candidates(ways.keys() | list + ["namesake"], ["name", "facts", "address", "elsewhere"]) }}
{%- endmacro %}

{# Names by their words in order, where there are several: record_id, key. #}
{% macro sorted_words(names) -%}
    (
        SELECT record_id, array_to_string(list_sort(string_split(key, ' ')), ' ') AS key FROM {{ names }}
        WHERE contains(key, ' ')
    )
{%- endmacro %}

{# 0 where people linked one record of a pair with another record than the pair's, from the query `linked`. #}
{% macro elsewhere_level(ways) -%}
    CASE
        WHEN {{ is_found(ways, "link") }} THEN 1
        WHEN
            p.record_id IN (SELECT l.record_id FROM linked AS l)
            OR p.other_record_id IN (SELECT l.other_record_id FROM linked AS l)
            THEN 0
        ELSE 1
    END
{%- endmacro %}

{# The rows of a model of candidates, from the query `compared`: a digit of the pattern for each feature. #}
{% macro as_candidates(ways, features) -%}
    SELECT
        'musicbrainz' AS source,
        p.record_id,
        'discogs' AS other_source,
        p.other_record_id,
        concat_ws(
            ', '
            {%- for way in ways | reject("equalto", "lone title") | sort %},
            CASE WHEN {{ is_found(ways, way) }} THEN '{{ way }}' END
            {%- endfor %}
        ) AS found_by,
        {{ is_found(ways, "link") }} AS is_linked,
        {% for feature in features %}p.{{ feature }}_level::VARCHAR{{ " || " if not loop.last }}{% endfor %} AS pattern
    FROM compared AS p
{%- endmacro %}

{# The rows of a model of matches, from its candidates and what people judged. A person's word comes first, then links,
   then the score. A pair is a match where it is the best of both its records and clearly better than their next;
   other pairs that may be one thing wait for a person, unless one of their records is matched. #}
{% macro settled(entity_type) -%}
    WITH judged AS (
        SELECT record_id, other_record_id, answer FROM {{ ref("judgement") }} WHERE entity_type = '{{ entity_type }}'
    ),

    judged_same AS (
        SELECT record_id, other_record_id FROM judged WHERE answer = 'same'
    ),

    candidates AS (
        SELECT record_id, other_record_id, is_linked, pattern FROM {{ ref(entity_type ~ "_candidate") }} AS c
        ANTI JOIN judged_same AS s ON c.record_id = s.record_id
        ANTI JOIN judged_same AS s ON c.other_record_id = s.other_record_id
        ANTI JOIN (SELECT record_id FROM judged WHERE answer = 'new') AS n ON c.record_id = n.record_id
        ANTI JOIN (SELECT record_id, other_record_id FROM judged WHERE answer = 'different') AS d
            ON c.record_id = d.record_id AND c.other_record_id = d.other_record_id
    ),

    weighed AS (
        SELECT
            record_id,
            other_record_id,
            CASE WHEN is_linked THEN 'linked' ELSE 'score' END AS basis,
            match_score('{{ entity_type }}:' || pattern) AS score,
            pattern
        FROM candidates
        UNION ALL
        SELECT
            s.record_id,
            s.other_record_id,
            'judged' AS basis,
            match_score('{{ entity_type }}:' || c.pattern) AS score,
            c.pattern
        FROM judged_same AS s
        LEFT JOIN {{ ref(entity_type ~ "_candidate") }} AS c
            ON s.record_id = c.record_id AND s.other_record_id = c.other_record_id
    ),

    ranked AS (
        SELECT
            *,
            CASE basis WHEN 'judged' THEN 2000 WHEN 'linked' THEN 1000 ELSE 0 END + coalesce(score, 0) AS strength
        FROM weighed
        WHERE basis <> 'score' OR score >= match_limit('{{ entity_type }}:review')
    ),

    placed AS (
        SELECT
            *,
            -- equally strong ones in the order of the records, so that a rebuild gives the same
            row_number() OVER ours AS our_place,
            row_number() OVER theirs AS their_place,
            coalesce(lead(strength) OVER ours, -1000) AS our_next,
            coalesce(lead(strength) OVER theirs, -1000) AS their_next
        FROM ranked
        WINDOW
            ours AS (PARTITION BY record_id ORDER BY strength DESC, other_record_id),
            theirs AS (PARTITION BY other_record_id ORDER BY strength DESC, record_id)
    ),

    banded AS (
        SELECT
            *,
            our_place = 1 AND their_place = 1
            AND strength - greatest(our_next, their_next) >= match_limit('{{ entity_type }}:margin')
            AND (basis <> 'score' OR score >= match_limit('{{ entity_type }}:match')) AS is_match
        FROM placed
    )

    SELECT
        'musicbrainz' AS source,
        b.record_id,
        'discogs' AS other_source,
        b.other_record_id,
        CASE WHEN b.is_match THEN 'match' ELSE 'ambiguous' END AS band,
        b.basis,
        round(b.score, 4) AS score,
        b.pattern,
        concat_ws(
            ', ',
            CASE b.basis WHEN 'judged' THEN 'judged by a person' WHEN 'linked' THEN 'linked by people' END,
            match_evidence('{{ entity_type }}:' || b.pattern)
        ) AS evidence
    FROM banded AS b
    WHERE
        b.is_match
        OR (
            b.record_id NOT IN (SELECT record_id FROM banded WHERE is_match)
            AND b.other_record_id NOT IN (SELECT other_record_id FROM banded WHERE is_match)
            AND greatest(b.our_place, b.their_place) <= 10  -- a person looks at no more
        )
{%- endmacro %}

{# A catalogue number for comparison; where there is none, Discogs says `none` and MusicBrainz `[none]`. #}
{% macro catalogue_key(column) -%}
    nullif(nullif(regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g'), ''), 'NONE')
{%- endmacro %}

{# Levels of two years: apart, a year apart, unknown, the same. #}
{% macro year_level(ours, theirs) -%}
    CASE
        WHEN {{ ours }} = {{ theirs }} THEN 3
        WHEN abs({{ ours }} - {{ theirs }}) = 1 THEN 1
        WHEN {{ ours }} <> {{ theirs }} THEN 0
        ELSE 2
    END
{%- endmacro %}

{# A format as both sources can be compared: MusicBrainz tells sizes and speeds, Discogs the kind. #}
{% macro format_key(column) -%}
    CASE
        WHEN {{ column }} IN ('Digital Media', 'File') THEN 'File'
        WHEN contains({{ column }}, 'Vinyl') OR {{ column }} IN ('Lathe Cut', 'Flexi-disc') THEN 'Vinyl'
        WHEN contains({{ column }}, 'Cassette') THEN 'Cassette'
        WHEN contains({{ column }}, 'DVD') THEN 'DVD'
        WHEN contains({{ column }}, 'CD') THEN 'CD'
        ELSE {{ column }}
    END
{%- endmacro %}
