//! Every text of the panel, in one place. Another language is another value of [`Texts`].

macro_rules! texts {
    ($($name:ident: $english:literal;)*) => {
        /// The texts, by what they say.
        pub(super) struct Texts {
            $(pub $name: &'static str,)*
        }

        /// The texts in English.
        pub(super) const TEXTS: Texts = Texts { $($name: $english,)* };
    };
}

texts! {
    language: "en";

    // The frame.
    skip: "Skip to the content";
    pages: "Pages";
    foot: "Freight emissions after ISO 14083 and GLEC.";
    api_docs: "API documentation";
    list_pages: "Pages of the list";
    page: "Page";
    of: "of";
    previous: "Previous";
    next: "Next";
    search: "Search";
    show: "Show";
    any: "Any";
    nothing_found: "Nothing matches.";

    // Signing in.
    sign_in: "Sign in";
    sign_out: "Sign out";
    api_key: "API key";
    sign_in_help: "The key that Dray printed at its first start, or one that somebody made for you. You stay signed in for twelve hours.";
    sign_in_wrong: "This key is not known, or does not hold any more.";

    // What goes wrong.
    error_back: "Back to the activity";
    error_not_found: "Not found";
    error_forbidden: "Not allowed";
    error_conflict: "That cannot be done now";
    error_unavailable: "The server is busy";
    error_request: "That cannot be read";
    error_internal: "Something went wrong";
    error_other_site: "The form was sent from another site. Open the page here and send it again.";

    // Jobs.
    activity: "Activity";
    no_jobs: "No jobs yet. Jobs are shipments that are calculated in the background: upload a file, or use version 2 of the API.";
    no_such_job: "There is no such job.";
    job_bulk: "Upload";
    job_singles: "Single shipments of a minute";
    job_shipments: "Its shipments";
    record: "record";
    records: "records";
    calculated: "Calculated";
    failed: "Failed";
    waiting: "Waiting";
    rate: "Rate";
    time_left: "Time left";
    created: "Created";
    started: "Started";
    finished: "Finished";
    errors_by_code: "Errors by code";
    state_pending: "Pending";
    state_running: "Running";
    state_completed: "Completed";
    state_cancelled: "Cancelled";
    state_gave_up: "Stopped";
    retry: "Retry";
    retry_help: "The records that are still waiting are calculated; those that failed stay as they are.";
    cancel: "Cancel this job";
    cancel_help: "Records that are not calculated yet stay waiting; you can retry the job later.";
    cancel_really: "Cancel";

    // Errors of a job.
    records_failed: "records failed";
    errors_csv: "Download as CSV";
    errors_help: "Open a record to mend it here, or download them all, mend the file and upload it again.";
    record_number: "Record";
    movement: "Movement";
    code: "Code";
    error: "Error";
}
