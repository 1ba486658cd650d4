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

    // Choosing an organization.
    organization: "Organization";
    organizations: "Organizations";
    organizations_help: "Your key works for several organizations. You see one at a time.";
    organization_open: "Open";
    organization_not_yours: "Your key does not work for this organization.";
    organization_other: "This form was shown for another organization than the one that is open now. Nothing was changed. Open that organization again, or reload the page, and send the form anew.";

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
    family: "API";
    movement: "Movement";
    code: "Code";
    error: "Error";

    // Words that many pages need.
    found: "found";
    date: "Date";
    client: "Client";
    mode: "Mode";
    status: "Status";
    name: "Name";
    save: "Save";
    remove: "Remove";
    yes: "yes";
    no: "no";
    unit: "Unit";
    source: "Source";
    road: "Road";
    rail: "Rail";
    maritime: "Sea and waterways";
    air: "Air";

    // Shipments.
    shipments: "Shipments";
    no_shipments: "No shipments yet. Upload a file, or send them to the API.";
    search_shipments: "Movement, package";
    date_from: "Shipped from";
    date_until: "Shipped until";
    show_all: "Show all";
    lane: "From and to";
    vehicle: "Vehicle";
    somewhere: "somewhere";
    no_lane: "No addresses";
    status_pending: "Waiting";
    status_active: "Calculated";
    status_error: "Failed";

    // One shipment.
    no_such_shipment: "There is no such shipment.";
    pending_help: "This shipment waits for its calculation. Look at the page again in a moment.";
    co2e: "Emissions";
    activity_tkm: "Transport activity";
    distance: "Distance";
    load: "Load";
    intensity: "Intensity";
    route: "Route";
    origin: "Origin";
    destination: "Destination";
    confidence: "confidence";
    could_also_be: "It could also be";
    port: "Port";
    airport: "Airport";
    passage: "Passage";
    ferry: "Ferry";
    breakdown: "Breakdown";
    breakdown_help: "Well-to-wheel is the whole: energy provision (well-to-tank) and vehicle operation (tank-to-wheel). Hubs and cleaning are published as a whole only.";
    wtw: "well-to-wheel";
    wtt: "well-to-tank";
    ttw: "tank-to-wheel";
    transport: "Transport";
    hub: "Hub";
    cleaning: "Cleaning";
    total: "Total";
    quality: "Data quality";
    nothing_estimated: "Nothing was estimated: all that counts was given, and the factor is published for this case.";
    estimated_help: "Estimated, for want of better data:";
    estimate_toc: "The vehicle: none was given, so the average of the mode counts.";
    estimate_load: "The load: none was given, so the average load of the vehicle counts.";
    estimate_load_unit: "The mass of a pallet or container: an assumption or average.";
    estimate_distance: "The distance: found from the addresses.";
    estimate_origin: "The origin: a hint decided between several places of this name.";
    estimate_destination: "The destination: a hint decided between several places of this name.";
    estimate_region: "The factor: another region's, for want of one of the country itself.";
    estimate_year: "The factor: another year's.";
    estimate_derived: "The factor: derived from published ones.";
    estimate_band: "The distance band: it decides between short and long haul and is not known.";
    estimate_split: "The parts: the source publishes well-to-wheel only; they follow the fuel's share.";
    estimate_grid: "The electricity: another region's or year's grid.";
    estimate_temperature: "The temperature: no uplift is published for this vehicle.";
    estimate_cleaning: "The cleaning: published for tanks only.";
    estimate_hub: "The hub: a default for its kind.";
    estimate_empty: "Empty running: it is still contained, as the source does not publish it.";
    receipt: "Receipt";
    receipt_help: "Every step with its formula, numbers and source. Nothing is rounded between steps; computed again, the same bits come out.";
    computed_by: "Computed by";
    as_sent: "As it was sent";
    origin_country: "Country of the factors";
    factor_year: "Year of the factors";
    stretch: "Stretch";
    stage: "Stage";
    package: "Package";
    plates: "Vehicle plate";
    trailer: "Trailer plate";
    stored: "Stored";

    // A failed record.
    mend: "Mend a record";
    no_such_record: "There is no such failed record in this job.";
    back_to_job: "Back to the job";
    more_fields: "More fields";
    mend_help: "The mended record becomes a job of its own; the failed one stays in this job's list.";
    send_again: "Send again";

    // Uploads.
    upload: "Upload";
    upload_drop: "Choose a CSV or XLSX file, or drop one here";
    upload_help: "The first row names the columns, in English or Spanish. A file is checked first; nothing is sent before you say so.";
    upload_check: "Check";
    upload_checking: "The file is being checked …";
    upload_send: "Send";
    upload_discard: "Discard";
    upload_unnamed: "File without a name";
    upload_empty: "The file has no rows below its column names.";
    upload_came: "Uploaded";
    upload_kept: "Files of the last day";
    upload_kept_help: "A file is kept for 24 hours, the last eight of them: look at one again, send it, or go on where sending was interrupted.";
    no_such_upload: "This file is not kept any more. Choose it again.";
    upload_parts: "The file becomes";
    upload_parts_jobs: "jobs of up to 5,000 rows each.";
    upload_interrupted: "jobs were made of this file when sending was interrupted. Go on: what was sent is not sent again.";
    upload_continue: "Go on";
    upload_sent: "This file was sent. Pressing Send twice or choosing the file again does not send it twice.";
    upload_again: "Send it once more";
    upload_again_help: "Shipments with a movement take the place of those that were sent before; others are there twice then.";
    upload_again_really: "Take it as a new file";
    rows_ready: "Rows ready to send";
    rows_at_fault: "Rows at fault";
    rows_ready_help: "Nothing is wrong with the file. Send it, and watch it being calculated.";
    rows_at_fault_help: "Mend the file and choose it again, or send it as it is: the rows at fault are listed with the job and can be mended there.";
    cells_at_fault: "What is wrong";
    first_faults: "These are the first ones.";
    row: "Row";
    rows: "Rows";
    blank: "blank";
    column: "Column";
    value: "Value";
    columns: "Columns";
    columns_help: "What each column is taken for, and the first rows that are ready.";
    passed_over: "passed over";

    // Hubs.
    hubs: "Hubs";
    hubs_help: "Places where freight is stored or changes vehicles. A shipment may name one instead of an address, or as the hub that handled it.";
    hub_new: "New hub";
    no_hubs: "No hubs.";
    no_such_hub: "There is no such hub.";
    hub_kind: "Whose it is";
    hub_category: "What it does";
    address: "Address";
    hub_country: "Country (ISO code)";
    hub_code: "Own code";
    hub_facility: "Facility (UUID)";
    hub_co2e: "kg CO2e in a year";
    hub_throughput: "Tonnes in a year";
    hub_supercharger: "Supercharger";
    hub_form_help: "Own hubs need a facility: the UUID that their energy is accounted under. The country is found from the address where it is left blank.";
    hub_remove: "Remove this hub";
    hub_remove_help: "It is gone for good. A hub that handled a shipment stays.";
    hub_in_use: "A shipment was handled by this hub: it stays.";

    // Factor packs.
    packs: "Factors";
    packs_help: "The factor packs in force, in their order of precedence. Whoever shows a result owes its sources what their licences ask for.";
    licence: "Licence";
    contents: "Contents";
    vehicles: "vehicles";
    intensities: "intensities";
    digest: "Digest";
    sources: "Sources";
    vehicles_title: "Vehicles and their intensities";
    search_vehicles: "Id or name";
    region: "Where and when";

    // API keys.
    keys: "API keys";
    keys_help: "The keys that work for this organization, also those that hold no longer. A session in the panel ends with its key.";
    keys_only_admin: "You signed in with a key that does not manage keys. Sign in with one whose access is Admin.";
    key_access: "Access";
    key_access_help: "Read sees everything, Write also sends and changes shipments and hubs, Admin also manages keys.";
    key_last_used: "Last used";
    key_expires: "Expires";
    key_last_day: "Last day";
    key_last_day_help: "Blank: no end.";
    key_yours: "yours";
    key_revoke: "Revoke";
    key_revoke_really: "Revoke for good";
    key_new: "New key";
    key_make: "Make a key";
    key_made: "The new key";
    key_made_help: "It is shown once. Copy it now.";
    key_made_before: "This key was made when the form was first sent, and shown then. If you do not have it, revoke it and make another.";
    no_such_key: "There is no such key.";
    key_of_others: "This key also works for organizations that yours does not work for; the operator can revoke it.";

    // The overview.
    overview: "Overview";
    with_estimates: "With estimates";
    of_emissions: "of emissions";
    of_shipments: "of shipments";
    left_out: "Left out";
    left_out_failed: "that failed";
    left_out_pending: "that wait";
    levers: "Biggest levers";
    levers_help: "The vehicles whose shipments emit most, beside the part of the shipments that they are.";
    lever_leg: "shipment with";
    lever_legs: "shipments with";
    by_month: "By month";
    by_mode: "By mode";
    by_client: "By client";
    by_lane: "By lane";
    no_client: "No client";
    bands: "Intensity beside published bands";
    band_good: "Good";
    band_average: "Average";
    band_poor: "Poor";
    month: "Month";
    as_table: "In numbers";
    estimated_share: "of the emissions rest on something that was estimated:";
}

/// A name of the API as people read it: `load_unit` as `Load unit`.
pub(super) fn words(name: &str) -> String {
    if matches!(name, "toc" | "tkm") {
        return name.to_uppercase();
    }
    let mut letters = name.chars().map(|letter| if letter == '_' { ' ' } else { letter });
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
