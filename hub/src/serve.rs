//! The accept loop: limits, timeouts, TLS.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use crate::config::{HubConfig, Tls};
use crate::error::HubError;
use crate::{Hub, api, console, duties};

/// Opens the hub and serves it until it is stopped. What a first start made is logged nowhere; use
/// [`Hub::open`] and [`serve_hub`] to see it.
///
/// # Errors
/// [`HubError`].
pub async fn serve(config: HubConfig, listener: TcpListener) -> Result<(), HubError> {
    let (hub, _) = Hub::open(config).await?;
    serve_hub(hub, listener).await
}

/// All routes of a hub.
pub fn router(hub: &Hub) -> Router {
    api::router(hub.clone()).merge(console::router(hub.clone()))
}

/// Serves an open hub until [`Hub::stop`].
///
/// # Errors
/// [`HubError::PlainHttp`], [`HubError::Tls`], or what the listener says.
pub async fn serve_hub(hub: Hub, listener: TcpListener) -> Result<(), HubError> {
    let address = listener.local_addr().map_err(HubError::io("listener"))?;
    let config = hub.config().clone();
    if config.tls == Tls::None && !address.ip().is_loopback() && !config.behind_proxy {
        return Err(HubError::PlainHttp);
    }
    let scheme = if config.tls == Tls::None { "http" } else { "https" };
    hub.0
        .address
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .replace(format!("{scheme}://{address}"));
    let routes = router(&hub);
    let acceptor = hub.0.tls.as_ref().map(|tls| TlsAcceptor::from(Arc::clone(&tls.server)));
    let places = Arc::new(Semaphore::new(config.limits.connections));
    let mut stopped = hub.0.stop.subscribe();
    tokio::spawn(duties::keep(hub.clone()));
    loop {
        let place = Arc::clone(&places).acquire_owned().await;
        let Ok(place) = place else { return Ok(()) };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stop| *stop) => return Ok(()),
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors and the like: wait for others to close.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Behind a proxy every browser would have the proxy's address: then accounts alone are throttled.
        let routes = match config.behind_proxy {
            true => routes.clone(),
            false => routes.clone().layer(axum::Extension(console::Peer(peer.ip()))),
        };
        let (head_s, acceptor) = (config.limits.head_s, acceptor.clone());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            match acceptor {
                None => connection(stream, routes, head_s).await,
                Some(acceptor) => {
                    let shaken = tokio::time::timeout(Duration::from_secs(head_s), acceptor.accept(stream));
                    if let Ok(Ok(stream)) = shaken.await {
                        connection(stream, routes, head_s).await;
                    }
                }
            }
            drop(place);
        });
    }
}

/// One connection until it ends. Errors of one connection are the client's affair.
async fn connection<S>(stream: S, routes: Router, head_s: u64)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(head_s))
        .max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .max_concurrent_streams(64);
    let service = TowerToHyperService::new(routes);
    if let Err(e) = builder.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(error = %e, "connection ended");
    }
}
