{# A record is matched with one record of another source at most. #}
{% test matched_once(model) %}
SELECT source, record_id FROM {{ model }} WHERE band = 'match'
GROUP BY ALL
HAVING count(*) > 1
UNION ALL
SELECT other_source, other_record_id FROM {{ model }} WHERE band = 'match'
GROUP BY ALL
HAVING count(*) > 1
{% endtest %}
