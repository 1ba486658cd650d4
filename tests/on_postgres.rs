//! The tests of what a store has a part in, once more with servers on PostgreSQL. All others run there too with
//! `DRAY_TEST_DATABASE=postgres`.

macro_rules! once_more {
    ($($module:ident: $($test:ident),+;)+) => {
        $(mod $module {
            $(
                #[test]
                fn $test() {
                    crate::support::on_postgres(crate::$module::$test);
                }
            )+
        })+
    };
}

once_more! {
    dcycle_v1:
        madrid_to_barcelona_by_road,
        a_leg_sent_twice_with_a_movement_is_one_leg,
        legs_are_listed_newest_first_in_pages,
        one_leg_and_its_receipt,
        callers_without_a_valid_key_or_organization_are_refused;
    bulk:
        a_bad_record_costs_only_itself,
        a_batch_sent_twice_does_not_double_the_totals,
        five_thousand_legs_with_all_fields_are_taken;
    jobs:
        a_batch_is_answered_before_and_calculated_after,
        a_single_create_echoes_what_is_known_and_joins_the_minutes_job,
        what_is_wrong_is_in_the_answer_and_on_the_job,
        a_cancelled_job_keeps_its_legs_pending_until_it_is_retried,
        a_leg_that_is_sent_again_is_one_leg_of_two_jobs,
        a_batch_is_read_back_by_its_file,
        nothing_is_lost_or_counted_twice_whenever_the_server_is_killed;
    hubs:
        names_and_codes_are_unique,
        hubs_are_listed_by_filter_on_both_paths,
        hub_names_stand_for_their_addresses,
        a_hub_that_handled_a_load_adds_its_emissions_and_its_address;
    packages:
        three_packages_of_one_shipment,
        three_legs_of_one_package,
        packages_are_filtered_and_paged;
    requests:
        every_filter_selects_in_both_spellings,
        a_leg_is_deleted_once,
        a_batch_is_deleted_whole_or_not_at_all,
        filters_delete_what_was_listed_with_them,
        clients_and_counts;
    idempotency:
        the_first_answer_comes_again_and_nothing_else_happens,
        answers_survive_kill_9,
        twins_that_come_at_once_make_one_effect,
        organizations_keys_and_recharges_are_done_once_too,
        an_api_key_is_made_once_and_told_twice_to_who_asked_for_it;
    input:
        a_nul_character_in_a_query_is_named,
        an_alias_is_a_name_that_can_be_kept,
        days_have_four_digits_of_a_year_wherever_they_are_asked_for,
        a_record_with_nul_characters_costs_only_itself,
        names_of_255_characters_are_kept_and_longer_ones_refused;
    isolation:
        others_things_answer_as_if_they_did_not_exist,
        a_key_opens_no_other_organization,
        idempotency_keys_are_an_organizations_own;
    panel:
        a_form_that_is_sent_twice_has_one_effect,
        a_file_is_sent_once_however_often_it_is_sent,
        sending_goes_on_where_it_was_interrupted;
}
