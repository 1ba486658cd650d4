//! The tables, as the migrations make them.

diesel::table! {
    organizations (id) {
        id -> crate::columns::Uid,
        name -> Text,
        created_at -> crate::columns::Instant,
        avoided_passages -> Text,
    }
}

diesel::table! {
    api_keys (organization_id, id) {
        organization_id -> crate::columns::Uid,
        id -> crate::columns::Uid,
        name -> Text,
        prefix -> Text,
        hash -> Binary,
        access -> Text,
        created_at -> crate::columns::Instant,
        expires_at -> Nullable<crate::columns::Instant>,
        revoked_at -> Nullable<crate::columns::Instant>,
        manages -> Bool,
        last_used_at -> Nullable<crate::columns::Instant>,
    }
}

diesel::table! {
    api_key_organizations (organization_id, key_id) {
        organization_id -> crate::columns::Uid,
        key_id -> crate::columns::Uid,
    }
}

diesel::table! {
    sessions (token) {
        organization_id -> crate::columns::Uid,
        token -> Binary,
        key_id -> crate::columns::Uid,
        expires_at -> crate::columns::Instant,
    }
}

diesel::table! {
    uploads (organization_id, id) {
        organization_id -> crate::columns::Uid,
        id -> crate::columns::Uid,
        created_at -> crate::columns::Instant,
        name -> Text,
        records -> Integer,
        digest -> Binary,
        content -> Binary,
    }
}

diesel::table! {
    pinned_places (organization_id, name) {
        organization_id -> crate::columns::Uid,
        name -> Text,
        place -> Text,
        created_at -> crate::columns::Instant,
        updated_at -> crate::columns::Instant,
    }
}

diesel::table! {
    hubs (organization_id, id) {
        organization_id -> crate::columns::Uid,
        id -> crate::columns::Uid,
        created_at -> crate::columns::Instant,
        updated_at -> Nullable<crate::columns::Instant>,
        name -> Text,
        name_key -> Text,
        external_code -> Nullable<Text>,
        external_code_key -> Nullable<Text>,
        kind -> Text,
        category -> Nullable<Text>,
        address -> Nullable<Text>,
        country -> Nullable<Text>,
        status -> Text,
        supercharger -> Bool,
        facility_id -> Nullable<crate::columns::Uid>,
        annual_co2e_kg -> Nullable<Double>,
        annual_throughput_t -> Nullable<Double>,
    }
}

diesel::table! {
    leg_hubs (organization_id, leg_id) {
        organization_id -> crate::columns::Uid,
        leg_id -> crate::columns::Uid,
        hub_id -> Nullable<crate::columns::Uid>,
        json -> Text,
    }
}

diesel::table! {
    trips (organization_id, leg_id) {
        organization_id -> crate::columns::Uid,
        leg_id -> crate::columns::Uid,
        number -> BigInt,
        customer -> Nullable<BigInt>,
        vehicle_code -> Text,
        json -> Text,
    }
}

diesel::table! {
    trip_customers (organization_id, identifier) {
        organization_id -> crate::columns::Uid,
        identifier -> Text,
        number -> BigInt,
    }
}

diesel::table! {
    trip_counters (organization_id) {
        organization_id -> crate::columns::Uid,
        trips -> BigInt,
        customers -> BigInt,
    }
}

diesel::table! {
    packages (organization_id, id) {
        organization_id -> crate::columns::Uid,
        id -> crate::columns::Uid,
        movement_id -> Text,
        package_key -> Text,
        created_at -> crate::columns::Instant,
        updated_at -> crate::columns::Instant,
        position -> BigInt,
    }
}

diesel::table! {
    legs (organization_id, id) {
        organization_id -> crate::columns::Uid,
        id -> crate::columns::Uid,
        created_at -> crate::columns::Instant,
        updated_at -> crate::columns::Instant,
        origin -> Nullable<Text>,
        destination -> Nullable<Text>,
        origin_country -> Nullable<Text>,
        distance_km -> Nullable<Double>,
        tkm -> Nullable<Double>,
        load -> Nullable<Double>,
        load_unit -> Text,
        load_factor -> Double,
        toc -> Text,
        toc_estimated -> Bool,
        category -> Text,
        year -> Integer,
        cleaning -> Bool,
        shipment_date -> Date,
        movement_id -> Nullable<Text>,
        movement_stretch -> Nullable<Text>,
        movement_stage -> Nullable<Text>,
        client -> Nullable<Text>,
        vehicle_license_plate -> Nullable<Text>,
        trailer_license_plate -> Nullable<Text>,
        subcontractor -> Bool,
        hub_id -> Nullable<Text>,
        package_id -> Nullable<crate::columns::Uid>,
        dedup_key -> Nullable<Binary>,
        position -> BigInt,
    }
}

diesel::table! {
    position_counters (organization_id) {
        organization_id -> crate::columns::Uid,
        positions -> BigInt,
        packages -> BigInt,
    }
}

diesel::table! {
    bitmaps (organization_id, dimension, value, segment, part) {
        organization_id -> crate::columns::Uid,
        dimension -> Text,
        value -> Text,
        segment -> Integer,
        part -> crate::columns::Uid,
        bits -> Binary,
    }
}

diesel::table! {
    leg_texts (organization_id, id) {
        organization_id -> crate::columns::Uid,
        id -> crate::columns::Uid,
        lines -> Integer,
        first -> BigInt,
        last -> BigInt,
        text -> Binary,
    }
}

diesel::table! {
    calculation_facts (id) {
        id -> Binary,
        json -> Text,
    }
}

diesel::table! {
    routes (organization_id, id) {
        organization_id -> crate::columns::Uid,
        id -> Binary,
        json -> Text,
    }
}

diesel::table! {
    leg_results (organization_id, leg_id, id) {
        organization_id -> crate::columns::Uid,
        leg_id -> crate::columns::Uid,
        id -> crate::columns::Uid,
        created_at -> crate::columns::Instant,
        is_current -> Bool,
        engine -> Text,
        total_wtw -> Nullable<Double>,
        total_wtt -> Nullable<Double>,
        total_ttw -> Nullable<Double>,
        transport_wtw -> Nullable<Double>,
        transport_wtt -> Nullable<Double>,
        transport_ttw -> Nullable<Double>,
        hub_wtw -> Nullable<Double>,
        hub_wtt -> Nullable<Double>,
        hub_ttw -> Nullable<Double>,
        cleaning_wtw -> Nullable<Double>,
        cleaning_wtt -> Nullable<Double>,
        cleaning_ttw -> Nullable<Double>,
        tkm -> Nullable<Double>,
        distance_km -> Nullable<Double>,
        default_load_kg -> Nullable<Double>,
        estimated -> Nullable<Integer>,
        question -> Nullable<Text>,
        facts_id -> Nullable<Binary>,
        route_id -> Nullable<Binary>,
        error_code -> Nullable<Text>,
        error_message -> Nullable<Text>,
        error_transient -> Nullable<Bool>,
    }
}

diesel::table! {
    energy_factors (id) {
        id -> Binary,
        json -> Text,
    }
}

diesel::table! {
    recharges (organization_id, id) {
        organization_id -> crate::columns::Uid,
        id -> crate::columns::Uid,
        created_at -> crate::columns::Instant,
        updated_at -> crate::columns::Instant,
        dedup_key -> Binary,
        fuel_id -> crate::columns::Uid,
        fuel_name -> Text,
        country -> Text,
        date -> Date,
        quantity -> Double,
        unit -> Text,
        vehicle_license_plate -> Nullable<Text>,
        toc_id -> Nullable<crate::columns::Uid>,
        toc -> Nullable<Text>,
        vehicle_type -> Nullable<Text>,
        project_id -> Nullable<crate::columns::Uid>,
        file_id -> Nullable<crate::columns::Uid>,
        wtw -> Double,
        wtt -> Double,
        ttw -> Double,
        generation -> Double,
        estimated -> Integer,
        factor_id -> Binary,
    }
}

diesel::table! {
    idempotency_keys (organization_id, key) {
        organization_id -> crate::columns::Uid,
        key -> Text,
        fingerprint -> Binary,
        created_at -> crate::columns::Instant,
        status -> Integer,
        location -> Nullable<Text>,
        body -> Binary,
    }
}

diesel::table! {
    jobs (organization_id, id) {
        organization_id -> crate::columns::Uid,
        id -> crate::columns::Uid,
        kind -> Text,
        state -> Text,
        stop_reason -> Nullable<Text>,
        total -> Integer,
        succeeded -> Integer,
        failed -> Integer,
        refused -> Integer,
        created_at -> crate::columns::Instant,
        started_at -> Nullable<crate::columns::Instant>,
        finished_at -> Nullable<crate::columns::Instant>,
        updated_at -> crate::columns::Instant,
        open_until -> Nullable<crate::columns::Instant>,
    }
}

diesel::table! {
    job_chunks (organization_id, job_id, number) {
        organization_id -> crate::columns::Uid,
        job_id -> crate::columns::Uid,
        number -> Integer,
        state -> Text,
        records -> Integer,
        queued_at -> crate::columns::Instant,
        lease_until -> Nullable<crate::columns::Instant>,
        leased_by -> Nullable<crate::columns::Uid>,
        attempts -> Integer,
        turns -> Integer,
        under_way -> Bool,
    }
}

diesel::table! {
    chunk_records (organization_id, job_id, chunk, first) {
        organization_id -> crate::columns::Uid,
        job_id -> crate::columns::Uid,
        chunk -> Integer,
        first -> Integer,
        waiting -> Text,
        settled -> Text,
        uploads -> Nullable<Binary>,
    }
}

diesel::table! {
    failed_records (organization_id, job_id, position) {
        organization_id -> crate::columns::Uid,
        job_id -> crate::columns::Uid,
        position -> Integer,
        movement_id -> Nullable<Text>,
        stage -> Text,
        code -> Text,
        error -> Text,
        upload -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(legs, packages, leg_results, leg_hubs, trips);
diesel::allow_tables_to_appear_in_same_query!(api_keys, api_key_organizations);
diesel::allow_tables_to_appear_in_same_query!(hubs, leg_hubs);
diesel::allow_tables_to_appear_in_same_query!(jobs, job_chunks);
diesel::allow_tables_to_appear_in_same_query!(recharges, energy_factors);
