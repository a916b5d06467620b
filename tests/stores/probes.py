"""Small questions to an engine, each about one point of SPARQL 1.1, with answers derived by hand from the standard.

A row is written as its values with tabs between them; IRIs without ``http://e/``, what is unbound as nothing.
"""

from __future__ import annotations

PROBE_DATA = b"""
<http://e/a> <http://e/k> <http://e/b> <http://e/g> .
<http://e/a> <http://e/k> <http://e/c> <http://e/g> .
<http://e/b> <http://e/k> <http://e/d> <http://e/g> .
<http://e/c> <http://e/k> <http://e/d> <http://e/g> .
<http://e/x> <http://e/cy> <http://e/y> <http://e/g> .
<http://e/y> <http://e/cy> <http://e/x> <http://e/g> .
<http://e/p1> <http://e/age> "30"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/g> .
<http://e/p2> <http://e/age> "40"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/g> .
<http://e/p3> <http://e/age> "n/a" <http://e/g> .
<http://e/p1> <http://e/name> "Anna"@en <http://e/g> .
<http://e/p2> <http://e/name> "Bo"@nl <http://e/g> .
<http://e/p4> <http://e/name> "anna" <http://e/g> .
<http://e/p1> <http://e/w> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <http://e/g> .
<http://e/p2> <http://e/w> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> <http://e/g> .
<http://e/p1> <http://e/d> "2024-01-31"^^<http://www.w3.org/2001/XMLSchema#date> <http://e/g> .
<http://e/p2> <http://e/d> "2023-12-01"^^<http://www.w3.org/2001/XMLSchema#date> <http://e/g> .
<http://e/p1> <http://e/dt> "2024-01-31T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> <http://e/g> .
"""

PROLOGUE = "PREFIX e: <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "

PROBES: dict[str, tuple[str, list[str]]] = {
    "diamond_star_multiset": ("SELECT ?x WHERE { e:a e:k* ?x }", ["a", "b", "c", "d"]),
    "diamond_plus_count": ("SELECT (COUNT(?x) AS ?n) WHERE { e:a e:k+ ?x }", ["3"]),
    "sequence_path_duplicates": ("SELECT ?x WHERE { e:a e:k/e:k ?x }", ["d", "d"]),
    "both_ends_unbound_plus": ("SELECT (COUNT(*) AS ?n) WHERE { ?s e:k+ ?o }", ["5"]),
    "cycle_plus": ("SELECT ?x WHERE { e:x e:cy+ ?x }", ["x", "y"]),
    "zero_length_constant_absent": ("SELECT ?x WHERE { e:nowhere e:k* ?x }", ["nowhere"]),
    "inverse_star": ("SELECT ?x WHERE { e:d ^e:k* ?x }", ["a", "b", "c", "d"]),
    "negated_property_set": ("SELECT (COUNT(*) AS ?n) WHERE { e:p1 !(e:age|e:name) ?o }", ["3"]),
    "alt_path_star": ("SELECT ?x WHERE { e:x (e:cy|e:k)* ?x }", ["x", "y"]),
    "count_empty": ("SELECT (COUNT(*) AS ?n) WHERE { ?s e:none ?o }", ["0"]),
    "group_by_empty": ("SELECT ?s (COUNT(*) AS ?n) WHERE { ?s e:none ?o } GROUP BY ?s", []),
    "sum_with_error": ("SELECT (SUM(?a) AS ?n) WHERE { ?s e:age ?a }", [""]),
    "avg_empty": ("SELECT (AVG(?a) AS ?n) WHERE { ?s e:none ?a }", ["0"]),
    "filter_type_error_drops_row": ("SELECT ?s WHERE { ?s e:age ?a . FILTER(?a > 35) }", ["p2"]),
    "filter_or_error": ('SELECT ?s WHERE { ?s e:age ?a . FILTER(?a > 35 || ?a = "n/a") }', ["p2", "p3"]),
    "optional_filter_scope": (
        "SELECT ?s ?n WHERE { ?s e:age ?a OPTIONAL { ?s e:name ?n FILTER(?a > 35) } }",
        ["p1\t", "p2\tBo", "p3\t"],
    ),
    "nested_optional_filter_scope": (
        "SELECT ?s ?n WHERE { ?s e:age ?a OPTIONAL { { ?s e:name ?n FILTER(bound(?a)) } } }",
        ["p1\t", "p2\t", "p3\t"],
    ),
    "bottom_up_bind_scope": ("SELECT ?s ?v WHERE { ?s e:age ?a { BIND(?a AS ?v) } }", ["p1\t", "p2\t", "p3\t"]),
    "minus_disjoint_vars": ("SELECT ?s WHERE { ?s e:age ?a MINUS { ?q e:k ?z } }", ["p1", "p2", "p3"]),
    "not_exists_disjoint_vars": ("SELECT ?s WHERE { ?s e:age ?a FILTER NOT EXISTS { ?q e:k ?z } }", []),
    "minus_shared": ("SELECT ?s WHERE { ?s e:age ?a MINUS { ?s e:name ?n } }", ["p3"]),
    "exists_sees_outer_filter": (
        "SELECT ?s WHERE { ?s e:age ?a FILTER EXISTS { ?s e:w ?b FILTER(?a > ?b) } }",
        ["p1", "p2"],
    ),
    "decimal_value_join": (
        "SELECT ?s ?t WHERE { ?s e:w ?x . ?t e:w ?y . FILTER(?x = ?y && ?s != ?t) }",
        ["p1\tp2", "p2\tp1"],
    ),
    "decimal_term_join": ("SELECT ?s ?t WHERE { ?s e:w ?x . ?t e:w ?x . FILTER(?s != ?t) }", []),
    "decimal_str_kept": ("SELECT (STR(?x) AS ?y) WHERE { e:p1 e:w ?x }", ["1.50"]),
    "date_compare": ('SELECT ?s WHERE { ?s e:d ?x FILTER(?x > "2024-01-01"^^xsd:date) }', ["p1"]),
    "lang_filter": ('SELECT ?s WHERE { ?s e:name ?n FILTER(LANGMATCHES(LANG(?n), "*")) }', ["p1", "p2"]),
    "str_equality_lang": ('SELECT ?s WHERE { ?s e:name "Anna" }', []),
    "ucase_keeps_lang": ("SELECT (LANG(UCASE(?n)) AS ?l) WHERE { e:p1 e:name ?n }", ["en"]),
    "regex_i": ('SELECT ?s WHERE { ?s e:name ?n FILTER(REGEX(?n, "^ANN", "i")) }', ["p1", "p4"]),
    "replace_group": ('SELECT (REPLACE("Jaw-Bone", "(j)aw", "$1AW", "i") AS ?x) WHERE {}', ["JAW-Bone"]),
    "values_undef": (
        "SELECT ?s ?a WHERE { VALUES (?s ?a) { (e:p1 UNDEF) (UNDEF 40) } ?s e:age ?a }",
        ["p1\t30", "p2\t40"],
    ),
    "having": ("SELECT ?o (COUNT(?s) AS ?n) WHERE { ?s e:k ?o } GROUP BY ?o HAVING (COUNT(?s) > 1)", ["d\t2"]),
    "order_by_mixed": ("SELECT ?a WHERE { ?s e:age ?a } ORDER BY ?a", ["30", "40", "n/a"]),
    "group_concat_default_sep": (
        "SELECT (GROUP_CONCAT(?l) AS ?g) WHERE { SELECT ?l WHERE { ?s e:age ?x BIND(STR(?x) AS ?l) } ORDER BY ?l }",
        ["30 40 n/a"],
    ),
    "integer_division": ("SELECT (3/2 AS ?x) WHERE {}", ["1.5"]),
    "coalesce_error": ('SELECT (COALESCE(1/0, "err") AS ?x) WHERE {}', ["err"]),
    "if_unbound": ('SELECT ?x WHERE { OPTIONAL { e:zz e:zz ?u } BIND(IF(BOUND(?u), "b", "u") AS ?x) }', ["u"]),
    "in_with_error": ("SELECT (2 IN (1/0, 2) AS ?x) WHERE {}", ["true"]),
    "count_distinct_values_vs_terms": ("SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE { ?s e:w ?x }", ["2"]),
    "min_of_strings_and_numbers": ("SELECT (MIN(?a) AS ?m) WHERE { ?s e:age ?a FILTER(isNumeric(?a)) }", ["30"]),
    "sameterm": ("SELECT ?s WHERE { ?s e:age ?a FILTER(sameTerm(?a, 30)) }", ["p1"]),
    "empty_group_bgp": ("SELECT ?x WHERE { {} UNION { BIND(1 AS ?x) } }", ["", "1"]),
    "year_function": ("SELECT (YEAR(?d) AS ?y) WHERE { e:p1 e:dt ?d }", ["2024"]),
    "filter_on_bind_before": ("SELECT ?s WHERE { ?s e:age ?a . FILTER(?z > 35) BIND(?a AS ?z) }", ["p2"]),
}
