//! The console: pages that the hub renders, readable and workable without scripts. Every button is a form.

mod assets;
mod banners;
mod campaign;
mod case;
mod desk;
mod entity_lists;
mod evidence;
mod fill_log;
mod forms;
mod frame;
mod guard;
mod home;
mod ledger;
mod moves;
mod paper;
mod people;
mod phones;
mod photos;
mod session;
mod sheet;
mod sign_in;
mod throttle;
mod trouble;
mod verify;
mod visits;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::response::Redirect;
use axum::routing::{get, post};

use crate::Hub;

pub use guard::Peer;

/// Largest form with photos, bytes.
const FORM_BYTES: usize = 64 * 1024 * 1024;

/// The console's routes, merged beside the API's.
pub fn router(hub: Hub) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/today") }))
        .route("/sign-in", get(sign_in::page).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/password", get(sign_in::password_page).post(sign_in::change_password))
        .route("/today", get(home::page))
        .route("/ledger", get(ledger::page))
        .route("/ledger/export.xlsx", get(ledger::export))
        .route("/ledger/print", get(ledger::print))
        .route("/visits", get(visits::page))
        .route("/visits/export.xlsx", get(visits::export))
        .route("/visits/print", get(visits::print))
        .route("/records/{id}", get(visits::record))
        .route("/records/{id}/audit.csv", get(fill_log::file))
        .route("/cases/{id}", get(case::page))
        .route("/cases/{id}/notice", get(paper::notice))
        .route("/cases/{id}/moves", post(moves::make))
        .route("/photos/{id}", get(photos::view))
        .route("/photos/{id}/thumb", get(photos::thumb))
        .route("/photos/{id}/original", get(photos::original))
        .route("/desk", get(desk::page))
        .route("/verify", get(verify::page))
        .route("/campaigns", get(campaign::list))
        .route("/campaigns/{id}", get(campaign::page))
        .route("/campaigns/{id}/list", get(campaign::set))
        .route("/campaigns/{id}/gaps", get(campaign::paper))
        .route("/phones", get(phones::page))
        .route("/phones/{id}", get(phones::one))
        .route("/phones/{id}/revoke", post(phones::revoke))
        .route("/phones/ops/{op}", post(phones::decide))
        .route("/people", get(people::page))
        .route("/people/{id}/code", post(people::code))
        .route("/banners", get(banners::page))
        .route(
            "/forms",
            get(forms::page).post(forms::import).layer(DefaultBodyLimit::max(forms::IMPORT_BYTES)),
        )
        .route("/lists/{name}", get(entity_lists::page))
        .route("/lists/{name}/{id}", get(entity_lists::one))
        .route("/lists/{name}/{id}/checked", post(entity_lists::checked))
        .route("/assets/{name}", get(assets::asset))
        .fallback(trouble::lost)
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(middleware::from_fn_with_state(hub.clone(), guard::guard))
        .with_state(hub)
}
