//! Lists: filters, sorts, pages, cursors.

use serde_json::{Value, json};

use crate::on_both;
use crate::support::{TestServer, knight, masked};

fn names(list: &Value) -> Vec<String> {
    list["builds"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

async fn list(server: &TestServer, query: &str) -> Value {
    server.get(&format!("/builds?{query}")).session(7).await.expect(200).json()
}

on_both! {
    async fn a_list_item_leaves_out_what_only_a_whole_build_has(server) {
        server.build(1, &knight("Listed")).await;
        let reply = server.get("/builds").await.expect(200);
        insta::assert_snapshot!("list_of_one", masked(&reply.text));
    }
}

on_both! {
    async fn only_public_builds_are_listed_and_mine_lists_all_of_mine(server) {
        for (session, visibility) in [(1, "public"), (1, "unlisted"), (1, "private"), (2, "public")] {
            let mut body = knight(visibility);
            body["visibility"] = json!(visibility);
            server.build(session, &body).await;
        }
        assert_eq!(list(server, "").await["total"], 2);
        let mine = server.get("/builds/mine").session(1).await.expect(200).json();
        assert_eq!(names(&mine), ["private", "unlisted", "public"]);
        assert_eq!(server.get("/builds/mine").session(3).await.json()["total"], 0);
    }
}

on_both! {
    async fn filters_hold_alone_and_together(server) {
        let mut mage = knight("Storm");
        mage["primary_archetype"] = json!("mage");
        mage["secondary_archetype"] = json!("mage");
        mage["race"] = json!("pyrai");
        mage["tags"] = json!(["raid"]);
        server.build(1, &mage).await;
        server.build(1, &knight("Wall")).await;
        for (query, expected) in [
            ("race=PYRAI", vec!["Storm"]),
            ("primary_archetype=tank", vec!["Wall"]),
            ("secondary_archetype=mage", vec!["Storm"]),
            ("class_name=wiz", vec!["Storm"]),
            ("tag=Raid", vec!["Storm"]),
            ("tag=raid&race=vek", vec![]),
            ("primary_archetype=tank&race=vek", vec!["Wall"]),
            ("race=gnome", vec![]),
            ("is_template=true", vec![]),
            ("is_template=false&search=", vec!["Wall", "Storm"]),
            ("game_version=none-such", vec![]),
            ("search=archwiz", vec!["Storm"]),
            ("search=py%27rai", vec!["Storm"]),
            ("search=st", vec!["Storm"]),
            ("search=al", vec![]),
            ("search=all", vec!["Wall"]),
            ("search=%25", vec![]),
            ("search=WALL", vec!["Wall"]),
            ("search=archwizzard&sort=relevance", vec!["Storm"]),
            ("unknown=1", vec!["Wall", "Storm"]),
            ("race=vek,pyrai", vec!["Wall", "Storm"]),
            ("race=,Pyrai,,gnome", vec!["Storm"]),
            ("class_name=wiz,night", vec!["Wall", "Storm"]),
            ("tag=raid,pvp&tag_mode=all", vec![]),
            ("tag=%EF%BC%B2aid", vec!["Storm"]),
            ("creator=76561198000000001", vec![]),
        ] {
            let found = list(server, query).await;
            assert_eq!(names(&found), expected, "{query}");
            assert_eq!(found["total"], expected.len(), "{query}");
        }
    }
}

on_both! {
    async fn pages_and_cursors_walk_every_sort_without_gap_or_double(server) {
        let mut all = Vec::new();
        for n in 0..7 {
            let id = server.build(1, &knight(&format!("Build {n}"))).await;
            for voter in 0..n % 4 {
                let body = json!({"rating": 1 + (n + voter) % 5});
                server.put(&format!("/builds/{id}/vote")).session(100 + voter).json(&body).await.expect(200);
            }
            all.push(format!("Build {n}"));
        }
        for sort in ["newest", "rating", "popular", "trending", "relevance"] {
            let query = format!("search=build&sort={sort}&limit=3");
            let whole = names(&list(server, &format!("search=build&sort={sort}")).await);
            let mut sorted = whole.clone();
            sorted.sort();
            assert_eq!(sorted, all, "{sort}");
            let (mut by_cursor, mut by_page, mut cursor) = (Vec::new(), Vec::new(), String::new());
            for page in 1..=3 {
                let numbered = list(server, &format!("{query}&page={page}")).await;
                assert_eq!((&numbered["page"], &numbered["limit"]), (&json!(page), &json!(3)));
                assert_eq!(numbered["has_more"], page < 3, "{sort} {page}");
                by_page.extend(names(&numbered));
                let step = list(server, &format!("{query}{cursor}")).await;
                by_cursor.extend(names(&step));
                assert_eq!(step["next_cursor"].is_string(), page < 3);
                cursor = format!("&cursor={}", step["next_cursor"].as_str().unwrap_or_default());
            }
            assert_eq!(by_page, whole, "{sort}");
            assert_eq!(by_cursor, whole, "{sort}");
        }
    }
}

on_both! {
    async fn cursors_belong_to_their_list(server) {
        for n in 0..3 {
            server.build(1, &knight(&format!("Build {n}"))).await;
        }
        let cursor = list(server, "limit=1").await["next_cursor"].as_str().unwrap().to_owned();
        for query in [format!("cursor={cursor}&sort=rating"), format!("cursor={cursor}&race=vek"), "cursor=zz".into()] {
            let reply = server.get(&format!("/builds?{query}")).await.expect(400);
            assert_eq!(reply.error(), "bad_request", "{query}");
        }
        let reply = server.get(&format!("/builds?cursor={cursor}&page=1")).await.expect(422);
        assert_eq!(reply.faults(), ["cursor:contradiction"]);
    }
}

on_both! {
    async fn a_cursor_with_another_place_is_no_servers_error(server) {
        for n in 0..3 {
            server.build(1, &knight(&format!("Build {n}"))).await;
        }
        for path in ["/builds", "/builds/mine"] {
            for sort in ["newest", "rating", "popular", "trending"] {
                let path = format!("{path}?sort={sort}&limit=1");
                let first = server.get(&path).session(1).await.expect(200).json();
                let list = &first["next_cursor"].as_str().unwrap()[..16];
                let with = |rank: f64, created: i64, row: i64| format!("{list}{:016x}{created:016x}{row:016x}", rank.to_bits());
                for cursor in [
                    with(1e300, 0, 1),
                    with(f64::NAN, 0, 1),
                    with(f64::NEG_INFINITY, 0, 1),
                    with(0.0, -5_000_000_000_000_000_000, 1),
                    with(0.0, i64::MAX, 1),
                ] {
                    let reply = server.get(&format!("{path}&cursor={cursor}")).session(1).await.expect(400);
                    assert_eq!(reply.error(), "bad_request", "{path} {cursor}");
                }
                let last = with(-1e6, 0, i64::MIN);
                let reply = server.get(&format!("{path}&cursor={last}")).session(1).await.expect(200).json();
                assert_eq!(reply["builds"], json!([]), "{path}");
            }
        }
    }
}

on_both! {
    async fn bad_parameters_are_all_named(server) {
        let long = "x".repeat(101);
        let query = format!("limit=101&page=0&is_template=maybe&sort=best&search={long}");
        let reply = server.get(&format!("/builds?{query}")).await.expect(422);
        insta::assert_snapshot!("faults_of_a_list", reply.text);
        for (query, fault) in [
            ("limit=ten", "limit:type"),
            ("limit=99999999999999999999999", "limit:range"),
            ("limit=2147483648", "limit:range"),
            ("limit=5&limit=6", "limit:duplicate"),
            ("page=501&limit=20", "page:too_deep"),
            ("sort=relevance", "sort:needs_search"),
            ("search=a%00", "search:nul"),
            ("race=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u", "race:too_many"),
            ("tag_mode=some", "tag_mode:one_of"),
            ("facets=perhaps", "facets:type"),
            ("tag=pvp&page=51&limit=20", "page:too_deep"),
        ] {
            assert_eq!(server.get(&format!("/builds?{query}")).await.expect(422).faults(), [fault], "{query}");
        }
        assert_eq!(server.get("/builds?search=%zz").await.expect(400).error(), "bad_request");
    }
}

on_both! {
    async fn a_term_that_grows_when_folded_is_refused_alike(server) {
        // One character that folds to eighteen.
        let growing = "\u{fdfa}";
        for n in 0..3 {
            let mut body = knight(&growing.repeat(100));
            body["description"] = json!(format!("{n} {}", growing.repeat(1_900)));
            server.build(1, &body).await;
        }
        let long = growing.repeat(6);
        for list in ["/builds", "/builds/mine"] {
            for sort in ["newest", "relevance"] {
                let reply = server.get(&format!("{list}?search={long}&sort={sort}")).session(1).await.expect(422);
                assert_eq!((reply.error(), reply.faults()), ("validation_error".into(), vec!["search:length".into()]));
            }
            let reply = server.get(&format!("{list}?class_name={long}")).session(1).await.expect(422);
            assert_eq!(reply.faults(), ["class_name:length"]);
        }
        for (times, sort) in [(1, "newest"), (5, "newest"), (5, "relevance")] {
            let found = list(server, &format!("search={}&sort={sort}", growing.repeat(times))).await;
            assert_eq!(found["total"], 3, "{times} {sort}");
        }
    }
}

on_both! {
    async fn the_widget_ranks_by_votes_within_the_period(server) {
        server.build(1, &knight("Quiet")).await;
        let loved = server.build(1, &knight("Loved")).await;
        server.build(1, &knight("Newest")).await;
        server.put(&format!("/builds/{loved}/vote")).session(2).json(&json!({"rating": 1})).await.expect(200);
        let reply = server.get("/builds/popular?limit=1").await.expect(200);
        insta::assert_snapshot!("popular_of_one", masked(&reply.text));
        let all = server.get("/builds/popular?period=all&include_templates=true").await.expect(200).json();
        assert_eq!((names(&all), &all["count"]), (vec!["Loved".to_owned()], &json!(1)), "nothing is filled up");
        let reply = server.get("/builds/popular?period=year&limit=21").await.expect(422);
        assert_eq!(reply.faults(), ["limit:range", "period:one_of"]);
    }
}

on_both! {
    async fn without_templates_the_list_of_them_is_empty(server) {
        let reply = server.get("/builds/templates").await.expect(200);
        assert_eq!(reply.text, r#"{"templates":[],"count":0}"#);
    }
}

on_both! {
    async fn facets_tags_and_suggestions_say_what_there_is(server) {
        for (name, race, tags) in [("Wall", "vek", json!(["pvp", "solo"])), ("Storm", "pyrai", json!(["pvp"]))] {
            let mut body = knight(name);
            body["race"] = json!(race);
            body["tags"] = tags;
            server.build(1, &body).await;
        }
        let found = list(server, "race=vek&facets=yes").await;
        assert_eq!(found["total"], 1);
        assert_eq!(
            found["facets"]["race"],
            json!([{"value": "pyrai", "count": 1}, {"value": "vek", "count": 1}])
        );
        assert_eq!(found["facets"]["tag"], json!([{"value": "pvp", "count": 1}, {"value": "solo", "count": 1}]));
        assert!(found.get("facets_approximate").is_none());
        assert!(list(server, "").await.get("facets").is_none());
        let tags = server.get("/builds/tags?prefix=P").await.expect(200).json();
        assert_eq!(tags, json!({"tags": [{"tag": "pvp", "count": 2}]}));
        for (typed, expected) in [
            ("wa", json!([{"text": "Wall", "kind": "build", "count": 1}])),
            ("wlal", json!([{"text": "Wall", "kind": "build", "count": 1}])),
            ("pirai", json!([{"text": "Py'rai", "kind": "race", "count": 1}])),
            ("so", json!([{"text": "solo", "kind": "tag", "count": 1}])),
            ("kngiht", json!([{"text": "Knight", "kind": "class", "count": 2}])),
        ] {
            let found = server.get(&format!("/builds/suggest?q={typed}")).await.expect(200).json();
            assert_eq!(found, json!({"suggestions": expected}), "{typed}");
        }
        for (query, fault) in [("", "q:required"), ("q=", "q:required"), ("q=a&limit=11", "limit:range")] {
            assert_eq!(server.get(&format!("/builds/suggest?{query}")).await.expect(422).faults(), [fault]);
        }
        let mut comma = knight("Comma");
        comma["tags"] = json!(["a,b"]);
        let refused = server.post("/builds").session(1).json(&comma).await.expect(422);
        assert_eq!(refused.faults(), ["tags:comma"]);
    }
}
