//! The tables, as both databases have them.

diesel::table! {
    facets (id) {
        id -> Integer,
        listed -> Bool,
        primary_archetype -> Text,
        secondary_archetype -> Text,
        class_name -> Text,
        class_folded -> Text,
        race -> Text,
        is_template -> Bool,
        game_version -> Text,
        builds -> BigInt,
    }
}

diesel::table! {
    facet_changes (id) {
        id -> BigInt,
        facet -> Integer,
        difference -> BigInt,
    }
}

diesel::table! {
    /// A view. A facet has several rows, and as many builds as they have together.
    facet_parts (id) {
        id -> Integer,
        listed -> Bool,
        primary_archetype -> Text,
        secondary_archetype -> Text,
        class_name -> Text,
        class_folded -> Text,
        race -> Text,
        is_template -> Bool,
        game_version -> Text,
        builds -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    builds (id) {
        id -> BigInt,
        build_id -> Text,
        name -> Text,
        description -> Nullable<Text>,
        primary_archetype -> Text,
        secondary_archetype -> Text,
        class_name -> Text,
        race -> Text,
        visibility -> Text,
        is_template -> Bool,
        tags -> Text,
        build_data -> Nullable<Text>,
        game_version -> Text,
        search_text -> Text,
        session -> Nullable<Binary>,
        player_id -> Nullable<Text>,
        steam_id -> Nullable<Text>,
        display_name -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
        revision -> BigInt,
        hidden -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    build_ranks (build) {
        build -> BigInt,
        facet -> Integer,
        listed -> Bool,
        created_at -> Instant,
        stars_1 -> Integer,
        stars_2 -> Integer,
        stars_3 -> Integer,
        stars_4 -> Integer,
        stars_5 -> Integer,
        // Generated from the counters.
        vote_count -> BigInt,
        rating_sum -> BigInt,
        bayesian -> Double,
        trend -> Double,
        tally_revision -> BigInt,
    }
}

diesel::table! {
    build_tags (tag, build) {
        tag -> Text,
        build -> BigInt,
        listed -> Bool,
    }
}

diesel::table! {
    tag_counts (tag) {
        tag -> Text,
        builds -> BigInt,
    }
}

diesel::table! {
    tag_changes (id) {
        id -> BigInt,
        tag -> Text,
        difference -> BigInt,
    }
}

diesel::table! {
    ranking_constants (id) {
        id -> Integer,
        prior_mean -> Double,
        prior_weight -> Double,
        half_life -> Double,
        folding -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    votes (id) {
        id -> BigInt,
        build -> BigInt,
        session -> Binary,
        player_id -> Nullable<Text>,
        rating -> SmallInt,
        cast_at -> Instant,
    }
}

diesel::table! {
    vote_days (build, day) {
        build -> BigInt,
        day -> Integer,
        votes -> BigInt,
        rating_sum -> BigInt,
        weight -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    feedback (id) {
        id -> BigInt,
        feedback_id -> Text,
        query -> Text,
        query_folded -> Text,
        response_snippet -> Text,
        rating -> Text,
        search_mode -> Text,
        comment -> Nullable<Text>,
        session -> Binary,
        player_id -> Nullable<Text>,
        received_at -> Instant,
        reviewed_at -> Nullable<Instant>,
        reviewed_by -> Nullable<Text>,
        flagged_for_cleanup -> Bool,
        cleanup_issue_url -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    searches (id) {
        id -> BigInt,
        query -> Text,
        search_mode -> Text,
        result_count -> Integer,
        session -> Binary,
        player_id -> Nullable<Text>,
        caller -> Binary,
        searched_at -> Instant,
        ranked -> Bool,
    }
}

diesel::table! {
    search_days (day, search_mode, query_key, spelling_key) {
        day -> Integer,
        search_mode -> Text,
        query_key -> Binary,
        spelling_key -> Binary,
        query_folded -> Text,
        spelling -> Text,
        searches -> BigInt,
        zero_results -> BigInt,
    }
}

diesel::table! {
    search_callers (day, search_mode, query_key, caller) {
        day -> Integer,
        search_mode -> Text,
        query_key -> Binary,
        caller -> Binary,
        address -> Nullable<Binary>,
    }
}

diesel::table! {
    search_address_keys (day) {
        day -> Integer,
        key -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    popular_candidates (day, search_mode, query_key) {
        day -> Integer,
        search_mode -> Text,
        query_key -> Binary,
        searches -> BigInt,
        callers -> BigInt,
        collected_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    hidden_queries (query_key) {
        query_key -> Binary,
        query -> Text,
        hidden_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    reports (id) {
        id -> BigInt,
        report_id -> Text,
        build -> BigInt,
        caller -> Binary,
        session -> Binary,
        player_id -> Nullable<Text>,
        reason -> Text,
        reported_at -> Instant,
        resolved_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    audit_log (id) {
        id -> BigInt,
        logged_at -> Instant,
        actor -> Text,
        action -> Text,
        target -> Text,
        details -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    idempotency_records (caller, idempotency_key) {
        caller -> Binary,
        idempotency_key -> Text,
        fingerprint -> Binary,
        status -> SmallInt,
        location -> Nullable<Text>,
        body -> Text,
        kept_at -> Instant,
        build -> Nullable<BigInt>,
        subject -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    account_jobs (kind, job_key) {
        kind -> Text,
        job_key -> Binary,
        session -> Binary,
        player_id -> Nullable<Text>,
        steam_id -> Nullable<Text>,
        display_name -> Nullable<Text>,
        accepted_at -> Instant,
        resumed_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    import_progress (relation) {
        relation -> Text,
        last_id -> BigInt,
        witness -> Binary,
        finished_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::types::Instant;

    import_quarantine (relation, legacy_id) {
        relation -> Text,
        legacy_id -> BigInt,
        reason -> Text,
        contents -> Text,
        noted_at -> Instant,
    }
}

diesel::table! {
    import_rows (relation, legacy_id) {
        relation -> Text,
        legacy_id -> BigInt,
        target -> BigInt,
        revision -> BigInt,
        checksum -> Binary,
    }
}

diesel::joinable!(build_ranks -> builds (build));
diesel::joinable!(build_tags -> builds (build));
diesel::joinable!(votes -> builds (build));
diesel::joinable!(reports -> builds (build));
diesel::joinable!(idempotency_records -> builds (build));
diesel::joinable!(build_ranks -> facets (facet));
diesel::allow_tables_to_appear_in_same_query!(
    build_ranks,
    build_tags,
    tag_counts,
    tag_changes,
    builds,
    facets,
    facet_parts,
    idempotency_records,
    reports,
    vote_days,
    votes,
);
diesel::allow_tables_to_appear_in_same_query!(hidden_queries, search_days);
