-- One row per release, whoever has it, as a list of releases shows it. Grain: release_id.
{{ config(materialized="view") }}
{# A view has nothing to take in; its tests look at the releases that were taken in. #}
{% do new_records("discogs_release") %}
{% do new_records("musicbrainz_release") %}
{% set values = [
    "title", "artist_credit", "label_name", "catalogue_number", "released_year", "country", "format", "genre",
    "track_count", "duration_ms",
] %}
SELECT
    t.source,
    t.record_id,
    NULL::VARCHAR AS other_source,
    NULL::VARCHAR AS other_record_id,
    t.release_id,
    {% for value in values %}
    t.{{ value }},
    {% endfor %}
    t.gone_month
FROM {{ ref("release_source_summary") }} AS t
ANTI JOIN {{ ref("release_match_summary") }} AS a ON t.source = a.source AND t.record_id = a.record_id
ANTI JOIN {{ ref("release_match_summary") }} AS o ON t.source = o.other_source AND t.record_id = o.other_record_id
UNION ALL
SELECT
    source,
    record_id,
    other_source,
    other_record_id,
    release_id,
    {% for value in values %}
    {{ value }},
    {% endfor %}
    NULL AS gone_month
FROM {{ ref("release_match_summary") }}
