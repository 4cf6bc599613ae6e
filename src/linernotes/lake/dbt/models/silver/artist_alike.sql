-- One row per artists of both sources with names that are alike, where Discogs has none of the same name.
-- Grain: source, record_id, other_source, other_record_id.
{{
    config(
        incremental_strategy="whole",
        unique_key=["source", "record_id", "other_source", "other_record_id"],
        tags=["match"],
        meta={"row_weight": 2}
    )
}}
{{ alike_pairs("artist") }}
