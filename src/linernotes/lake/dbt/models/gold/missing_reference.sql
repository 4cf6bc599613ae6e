-- One row per kind of reference between records: how many there are, how many are unlinked (a name without an id), and
-- how many name a record that the source did not deliver, such as Discogs artist 194, Various. Grain: reference.
{% set references = [
    ("artist_alias.alias_record_id", ref("artist_alias"), "alias_record_id", "c.kind = 'alias'", ref("artist")),
    ("membership.member_record_id", ref("membership"), "member_record_id", "true", ref("artist")),
    ("artist_credit.artist_record_id", ref("artist_credit"), "artist_record_id", "true", ref("artist")),
    ("track_artist_credit.artist_record_id", ref("track_artist_credit"), "artist_record_id", "true", ref("artist")),
    ("release_credit.artist_record_id", ref("release_credit"), "artist_record_id", "true", ref("artist")),
    ("track_credit.artist_record_id", ref("track_credit"), "artist_record_id", "true", ref("artist")),
    (
        "label.parent_label_record_id", ref("label"), "parent_label_record_id",
        "coalesce(c.parent_label_record_id, c.parent_label_name) IS NOT NULL", ref("label")
    ),
    ("release_label.label_record_id", ref("release_label"), "label_record_id", "true", ref("label")),
    ("release_series.series_record_id", ref("release_series"), "series_record_id", "true", ref("label")),
    ("release_company.company_record_id", ref("release_company"), "company_record_id", "true", ref("label")),
    (
        "release.release_group_record_id", ref("release"), "release_group_record_id",
        "c.release_group_record_id IS NOT NULL", ref("release_group")
    ),
    (
        "release_group.main_release_record_id", ref("release_group"), "main_release_record_id",
        "c.main_release_record_id IS NOT NULL", ref("release")
    ),
] %}
{% for entity in ["artist", "label", "release_group", "release"] %}
{% do references.append((
    "redirected MBID of " ~ entity, ref("source_identifier"), "record_id",
    "c.entity_type = '" ~ entity ~ "' AND c.description = 'redirected'", ref(entity)
)) %}
{% endfor %}
{% for name, child, column, is_reference, parent in references %}
SELECT
    '{{ name }}' AS reference,
    count(*) AS reference_count,
    count(*) FILTER (WHERE c.{{ column }} IS NULL) AS unlinked_count,
    count(*) FILTER (WHERE c.{{ column }} IS NOT NULL AND p.record_id IS NULL) AS missing_count
FROM {{ child }} AS c
LEFT JOIN {{ parent }} AS p ON c.source = p.source AND c.{{ column }} = p.record_id
WHERE {{ is_reference }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
