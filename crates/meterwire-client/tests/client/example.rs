//! The example of the README, as it is.

#[expect(dead_code, reason = "its main is not called here")]
#[path = "../../examples/axum.rs"]
mod axum_app;

use crate::support::{Server, amount, standing};
use axum::body::Body;
use axum::http::Request;
use meterwire_client::Amount;
use std::time::Duration;
use tower::ServiceExt;

#[tokio::test]
async fn the_example_limits_holds_and_records() {
    let server = Server::start();
    let client = server.client();
    let recorder = client.recorder().start();
    let app = axum_app::app(client.clone(), recorder.clone()).unwrap();
    let ask = |path: &'static str, user: Option<&'static str>| {
        let mut request = Request::post(path);
        if let Some(user) = user {
            request = request.header("x-user", user);
        }
        let asked = app.clone().oneshot(request.body(Body::empty()).unwrap());
        async move { asked.await.unwrap().status().as_u16() }
    };
    assert_eq!(ask("/deploy", None).await, 401);
    for _ in 0..10 {
        assert_eq!(ask("/deploy", Some("u-42")).await, 200);
    }
    assert_eq!(ask("/deploy", Some("u-42")).await, 429);
    assert_eq!(ask("/compute", Some("u-42")).await, 200);
    assert_eq!(standing(&client, "u-42", "compute_hours").await, (amount("0.125"), Amount::ZERO));
    assert_eq!(ask("/chat", Some("u-42")).await, 200);
    recorder.flush(Duration::from_secs(10)).await.unwrap();
    assert_eq!(recorder.stats().stored, 1);
    // The event of the chat counts; the feedback says that it does not.
    assert_eq!(standing(&client, "u-42", "api_calls").await.0, Amount::ONE);
}
