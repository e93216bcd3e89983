//! The console: pages that the hub renders.

use axum::Router;

use crate::Hub;

/// The console's routes, merged beside the API's.
pub fn router(_hub: Hub) -> Router {
    Router::new()
}
