//! axe-core on every page and state, in both colour schemes.

use std::path::Path;

use fantoccini::Locator::{Css, XPath};
use serde_json::{Value, json};

use crate::admin::{press_in_row, see, sign_in};
use crate::driver::Script;
use crate::site::Mount;
use crate::support::players::ADMIN_TOKEN;
use crate::support::session;
use crate::visit::{Visit, visit};

const FOLDER: &str = "tests/browser";

/// axe-core as `npm ci` installs it.
fn axe() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER).join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(file)
        .expect("axe-core is not installed: run `npm ci --prefix crates/api/tests/browser`")
}

/// Pages in the state they are in, checked with axe-core.
struct Checker<'a> {
    visit: &'a Visit,
    axe: String,
}

impl Checker<'_> {
    /// Asserts that axe-core finds nothing to object to in either colour scheme.
    async fn check(&self, state: &str) {
        let browser = &self.visit.browser;
        if browser.eval("typeof axe").await == "undefined" {
            browser.run(&self.axe).await;
        }
        for scheme in ["dark", "light"] {
            browser.prefer(scheme).await;
            let run = "const done = arguments[arguments.length - 1];
                axe.run(document).then(
                    ({ passes, violations }) => done({
                        passes: passes.length,
                        violations: violations.map(({ id, nodes }) => [id, nodes.map((it) => it.html)]),
                    }),
                    (error) => done({ error: String(error) }),
                );";
            let result = browser.eval_async(run).await;
            assert!(result["passes"].as_u64().is_some_and(|it| it > 5), "{state}, {scheme}: {result}");
            assert_eq!(result["violations"], json!([]), "{state}, {scheme}");
        }
    }

    /// Opens a page and checks it once it has this element.
    async fn open(&self, path: &str, element: &str) {
        self.visit.open(path).await;
        self.visit.browser.wait(Css(element)).await;
        self.check(path).await;
    }
}

async fn check_reading(visit: &Visit, width: u32) {
    let (browser, site) = (&visit.browser, &visit.site);
    browser.resize(width).await;
    let checker = Checker { visit, axe: axe() };
    checker.open("/builds", ".card").await;
    if width < 640 {
        browser.click(Css(".filters-all > summary")).await;
        browser.wait(Css(".filters-all[open]")).await;
        checker.check("open filters").await;
    }
    browser.enter(Css("#search"), "kn").await;
    browser.wait(Css("#suggestions:not([hidden]) [role='option']")).await;
    checker.check("suggestions").await;
    checker.open("/builds?race=vek&sort=rating", ".chip").await;
    checker.open("/builds?search=zzzz", ".empty").await;

    let id = site.build("Xanthorak Ward").await;
    checker.open(&format!("/b/{id}"), "article").await;
    browser.click(Css(".vote-stars label:nth-child(4)")).await;
    browser.wait(XPath("//p[@role='status'][contains(., 'You gave 4')]")).await;
    checker.check("voted").await;
    let change = json!({"visibility": "unlisted", "game_version": "alpha-1"});
    site.server.patch(&format!("/builds/{id}")).session(1).json(&change).await.expect(200);
    checker.open(&format!("/b/{id}"), ".notice").await;
    let private = json!({"visibility": "private"});
    site.server.patch(&format!("/builds/{id}")).session(1).json(&private).await.expect(200);
    browser.click(Css(".vote-stars label:nth-child(5)")).await;
    browser.wait(Css(".vote-status.refused")).await;
    checker.check("refused vote").await;
    checker.open("/b/b_nowhere123", ".error").await;
    browser.run(&format!("localStorage.setItem('myashes_session_id', '{}')", session(1))).await;
    checker.open(&format!("/b/{id}"), ".owner:not([hidden])").await;
    browser.expect_refusals(404).await;
    checker.open("/builds?limit=1000", ".error").await;
    browser.expect_refusals(422).await;
}

async fn check_admin(visit: &Visit, width: u32) {
    let (browser, site) = (&visit.browser, &visit.site);
    browser.resize(width).await;
    let checker = Checker { visit, axe: axe() };
    checker.open("/admin", "#sign-in form").await;
    sign_in(browser, "not-the-token").await;
    browser.wait(XPath("//*[@role='alert'][contains(., 'does not accept this token')]")).await;
    checker.check("wrong token").await;
    browser.expect_refusals(403).await;
    sign_in(browser, ADMIN_TOKEN).await;
    browser.wait(Css("#results .empty")).await;
    checker.check("no feedback").await;

    let id = site.build("Xanthorak Ward").await;
    site.server.put(&format!("/builds/{id}/vote")).session(2).json(&json!({"rating": 1})).await.expect(200);
    site.report(2, &id, "An insult in the name.").await;
    site.report(3, &id, &"A long story. ".repeat(20)).await;
    let feedback = site.feedback("healer without mana", "down").await;
    site.feedback(&"where to farm iron ".repeat(10), "down").await;
    checker.open("/admin?view=feedback", "#results details.long").await;
    checker.open("/admin?view=hidden", "#results .empty").await;
    browser.click(XPath("//button[.='Hide query']")).await;
    see(browser, "Nothing was hidden").await;
    checker.check("a write that is refused").await;
    browser.expect_refusals(422).await;
    checker.open("/admin?view=reports", "#results table").await;
    browser.click(Css(".fold-out > summary")).await;
    browser.wait(Css(".fold-out .json")).await;
    press_in_row(browser, "Xanthorak Ward", "Hide and resolve all").await;
    see(browser, "is hidden").await;
    checker.check("a hidden build").await;
    let votes = format!("votes&build={id}");
    let item = format!("item&id={feedback}");
    let drawn = "#results:not([aria-busy]) > :not(.loading)";
    let plain = ["satisfaction", "patterns", "searches", "zero", "hidden", "builds", "audit", "votes"];
    for view in plain.into_iter().chain([votes.as_str(), item.as_str()]) {
        checker.open(&format!("/admin?view={view}"), drawn).await;
        assert_eq!(
            browser.eval("document.querySelector('#results .notice.bad')").await,
            Value::Null,
            "{view}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "slow: axe-core on each page"]
async fn pages_are_accessible_on_phones() {
    visit(Mount::Root, Script::On, |visit| async move { check_reading(&visit, 360).await }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "slow: axe-core on each page"]
async fn pages_are_accessible_on_desks() {
    visit(Mount::Root, Script::On, |visit| async move { check_reading(&visit, 1280).await }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "slow: axe-core on each view"]
async fn the_admin_desk_is_accessible_on_phones() {
    visit(Mount::Root, Script::On, |visit| async move { check_admin(&visit, 360).await }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "slow: axe-core on each view"]
async fn the_admin_desk_is_accessible_on_desks() {
    visit(Mount::Root, Script::On, |visit| async move { check_admin(&visit, 1280).await }).await;
}
