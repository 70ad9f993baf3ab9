//! Every list of the table pages alike.

use super::*;

/// Lists that answer `items`, with the address of each.
async fn lists(server: &Server, owner: &str) -> Vec<String> {
    let mut found = Vec::new();
    for row in table().iter().filter(|row| row.method == "get" && row.roles[1] == Done) {
        let path = prepare(server, owner, row, "listed").await;
        let answer = server.get(&path, owner).await;
        if answer.json.get("items").is_some() && answer.json.get("nextCursor").is_some() {
            found.push(path);
        }
    }
    found
}

fn with_cursor(path: &str, cursor: &str) -> String {
    format!("{path}{}cursor={cursor}", if path.contains('?') { "&" } else { "?" })
}

#[tokio::test]
async fn a_cursor_that_is_not_ours_is_refused_by_every_list() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event("first")).await;
    let lists = lists(&server, &owner).await;
    assert!(lists.len() >= 19, "{lists:?}");
    for path in &lists {
        for cursor in
            ["", "x", "1", "chat", "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b", "AAAAAAAAAAAA", "%ff", "%00"]
        {
            let refused = server.get(&with_cursor(path, cursor), &owner).await;
            assert_eq!(refused.refusal(), (422, "invalid_value", "cursor"), "{path} {cursor:?}: {refused:?}");
        }
    }
}

#[tokio::test]
async fn a_cursor_of_a_list_by_name_is_no_place_in_a_list_by_number() {
    let (server, owner) = Server::with_acme().await;
    for slug in ["a", "b"] {
        assert_eq!(server.post("/api/v1/projects", &owner, &json!({ "slug": slug })).await.status, 201);
    }
    let first = server.get("/api/v1/projects?limit=1", &owner).await;
    let cursor = first.json["nextCursor"].as_str().unwrap();
    let second = server.get(&with_cursor("/api/v1/projects", cursor), &owner).await;
    assert_eq!(second.json["items"][0]["slug"], "b");
    for path in
        ["/api/v1/audit", "/api/v1/alerts", "/api/v1/closings", "/api/v1/providers", "/api/v1/dimensions"]
    {
        let refused = server.get(&with_cursor(path, cursor), &owner).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", "cursor"), "{path}");
    }
}
