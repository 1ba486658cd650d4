//! What every store must do, whatever database it is made of.

mod accounts;
mod bounds;
mod filters;
mod hubs;
mod intake;
mod jobs;
mod ledger;
mod lists;
mod maps;
mod packages;
mod queue;
mod recharges;
mod removals;
mod same_legs;
mod saving;
mod sessions;
mod trips;
mod uploads;

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use logistics_domain::accounts::NewOrganization;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::intake::{Answer, Call, Effect, Effected, Intake};
use logistics_domain::leg::{LegFilter, LegRecord, Outcome};
use logistics_domain::ports::{LegRepository, Listed, Page, StorePorts};

use crate::records::{organization, start};

/// A store that the suite can look into.
#[async_trait]
pub trait StoreUnderTest: Deref<Target = dyn StorePorts> + Sync {
    /// The results that are kept for a leg, oldest first: well-to-wheel total in kg CO2e, or nothing for a failure, and
    /// whether it is the one in force.
    async fn kept_results(&self, organization: OrganizationId, leg: LegId) -> Vec<(Option<f64>, bool)>;

    /// Adds an organization to those that there are.
    async fn add_organization(&self, organization: &NewOrganization);
}

type Check<S> = (&'static str, fn(&S) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>);

macro_rules! checks {
    ($($module:ident::$check:ident),* $(,)?) => {
        [$((concat!(stringify!($module), "::", stringify!($check)), |store| Box::pin($module::$check(store)))),*]
    };
}

/// Runs every check, each on a new and empty store.
///
/// # Panics
/// If the store fails a check. The name of the check that ran last is on the standard output.
pub async fn exercise_store<S: StoreUnderTest>(make_store: impl AsyncFn() -> S) {
    let checks: &[Check<S>] = &checks![
        accounts::organizations_begin_once,
        accounts::keys_are_known_by_their_hash,
        accounts::organizations_are_created_and_listed,
        accounts::keys_work_for_one_or_several_organizations,
        accounts::revoked_keys_are_known_no_longer,
        accounts::the_last_use_of_a_key_is_noted,
        sessions::a_session_stands_for_its_key,
        sessions::a_session_is_over_after_its_time,
        uploads::a_file_is_kept_for_a_while,
        uploads::a_file_that_is_chosen_twice_is_one,
        uploads::a_file_that_is_renewed_is_another_of_the_same_content,
        uploads::there_are_only_so_many_files,
        uploads::files_are_an_organizations_own,
        saving::what_is_saved_is_found,
        saving::nothing_is_saved_of_nothing,
        saving::records_come_back_in_the_order_given,
        saving::numbers_keep_every_bit,
        saving::text_is_kept_as_it_is,
        saving::instants_are_kept_to_the_microsecond,
        saving::facts_and_routes_are_shared,
        saving::big_batches_are_saved_whole,
        saving::a_batch_with_an_impossible_leg_leaves_nothing,
        same_legs::a_leg_that_comes_again_takes_its_place,
        same_legs::legs_without_a_movement_are_never_the_same,
        same_legs::every_part_of_the_key_tells_legs_apart,
        same_legs::the_last_of_a_batch_stays,
        same_legs::former_results_are_kept,
        same_legs::packages_are_found_again,
        lists::an_empty_list_has_no_pages,
        lists::the_newest_come_first,
        lists::pages_are_stable,
        lists::pages_beyond_the_end_are_empty,
        filters::every_filter_selects_what_it_says,
        filters::filtered_pages_are_stable,
        filters::clients_are_listed_once,
        filters::the_overview_counts_legs,
        removals::a_deleted_leg_is_gone_with_its_results,
        removals::all_are_deleted_or_none,
        removals::a_filter_deletes_what_it_selects,
        removals::nobody_deletes_the_legs_of_others,
        packages::totals_are_the_sums_of_the_legs_at_every_moment,
        packages::a_package_without_legs_is_inactive_until_one_comes,
        packages::a_package_weighs_what_its_legs_carry,
        packages::packages_are_selected_newest_first,
        packages::organizations_do_not_see_each_others_packages,
        bounds::organizations_do_not_see_each_other,
        bounds::unknown_organizations_have_nothing,
        hubs::a_hub_is_kept_as_it_is,
        hubs::names_and_codes_are_taken_once,
        hubs::a_hub_is_replaced_as_it_was_read,
        hubs::hubs_are_listed_by_filter,
        hubs::hubs_are_removed,
        hubs::a_hub_stays_while_a_leg_was_handled_by_it,
        hubs::a_leg_of_a_hub_that_was_removed_is_not_kept,
        hubs::mentioned_hubs_are_found,
        hubs::hubs_are_an_organizations_own,
        intake::an_answer_is_kept_with_its_effect,
        intake::answers_are_told_for_a_day,
        intake::a_call_without_legs_is_answered_once,
        intake::an_effect_that_fails_leaves_no_answer,
        intake::keys_are_an_organizations_own,
        intake::calls_without_legs_are_carried_out_once,
        intake::what_accounts_and_recharges_are_asked_is_done_once,
        jobs::jobs_go_from_pending_to_completed,
        jobs::only_the_holder_writes_and_only_once,
        jobs::failures_are_kept_with_what_was_sent,
        jobs::what_cannot_be_done_now_is_done_later_or_given_up,
        jobs::chunks_are_cut_into_single_records,
        jobs::a_leg_that_was_replaced_meanwhile_is_calculated_as_it_is_now,
        jobs::a_leg_that_comes_twice_before_a_worker_settles_both_records,
        jobs::single_creates_share_the_job_of_their_minute,
        jobs::single_creates_at_once_join_one_job,
        jobs::cancelled_jobs_are_left_alone,
        jobs::a_clock_that_was_wrong_holds_nothing_up,
        jobs::jobs_are_an_organizations_own,
        jobs::orders_with_a_key_are_carried_out_once,
        queue::organizations_take_turns,
        queue::a_chunk_is_claimed_by_its_name,
        queue::word_of_a_chunk_is_sent_until_it_is_noted,
        queue::word_is_sent_for_organizations_by_turns,
        maps::places_are_pinned_and_passages_avoided,
        trips::a_trip_is_kept_with_what_its_client_says,
        trips::a_trip_that_comes_again_is_left_as_it_is,
        trips::numbers_are_never_given_twice,
        trips::concurrent_twins_make_one_trip,
        trips::trips_are_selected_newest_first,
        trips::trips_are_an_organizations_own,
        recharges::a_recharge_is_kept_as_it_is,
        recharges::one_that_comes_again_takes_its_place,
        recharges::answers_keep_the_order_of_their_calls,
        recharges::a_call_that_comes_again_has_no_effect,
        recharges::big_batches_of_recharges_are_kept,
        recharges::recharges_are_selected_by_filter,
        recharges::recharges_are_deleted_all_or_none,
        recharges::recharges_are_an_organizations_own,
        ledger::figures_are_the_sums_of_the_legs,
        ledger::packages_are_counted_once,
        ledger::hubs_and_fuels_are_summed_up,
        ledger::nobody_sees_the_figures_of_others,
    ];
    for (name, check) in checks {
        println!("{name}");
        check(&make_store().await).await;
    }
}

/// An organization's legs, and the organization.
async fn first_organization(store: &impl StoreUnderTest) -> (OrganizationId, Box<dyn LegRepository>) {
    let first = organization(1);
    assert!(store.bootstrap(&first, start()).await.unwrap());
    (first.id, store.legs(first.id))
}

/// A list that is one page.
async fn all(legs: &dyn LegRepository) -> Listed<LegRecord> {
    legs.select(&LegFilter::default(), Page { number: 1, size: 1000 }).await.unwrap()
}

/// Removes the legs that a filter admits, as a call without a key does. Answers with their ids, newest first.
///
/// # Panics
/// If the store fails.
pub async fn delete_selected(intake: &dyn Intake, filter: &LegFilter, at: DateTime<Utc>) -> Vec<LegId> {
    let (tell, told) = std::sync::mpsc::channel();
    let answer = move |effected: &Effected| {
        tell.send(effected.clone()).unwrap();
        Some(Answer { status: 204, location: None, body: Vec::new() })
    };
    let effect = Effect::DeleteSelected(Box::new(filter.clone()));
    intake.carry_out(Call { effect, key: None, answer: Box::new(answer) }, at).await.unwrap();
    match told.recv() {
        Ok(Effected::Selected(ids)) => ids,
        other => panic!("{other:?}"),
    }
}

fn total_wtw(outcome: &Outcome) -> Option<f64> {
    match outcome {
        Outcome::Calculated(calculation) => Some(calculation.total().wtw.get()),
        Outcome::Pending | Outcome::Failed(_) => None,
    }
}
