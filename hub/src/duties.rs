//! What the hub does by its own clock, without anyone asking: at each start it judges what a stop left between custody
//! and judgement, and round by round it ends suspensions on their day.

mod leftovers;
mod suspensions;

use crate::Hub;

/// Does its duties until the hub stops. What fails is logged and tried again in the next round.
pub(crate) async fn keep(hub: Hub) {
    match hub.judge_leftovers().await {
        Ok(0) => {}
        Ok(judged) => tracing::warn!(judged, "ops that a stop had left unjudged are judged now"),
        Err(e) => tracing::error!(error = %e, "ops without a verdict can't be judged; they stay in custody"),
    }
    let mut stopped = hub.0.stop.subscribe();
    loop {
        match hub.end_suspensions().await {
            Ok(0) => {}
            Ok(ended) => tracing::info!(ended, "suspensions ended on their day"),
            Err(e) => tracing::error!(error = %e, "suspensions can't be ended; they are looked at again"),
        }
        tokio::select! {
            () = tokio::time::sleep(hub.config().round) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}
