//! The admin desk.

use fantoccini::Locator::{Css, XPath};
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::driver::Script;
use crate::site::Mount;
use crate::support::players::ADMIN_TOKEN;
use crate::visit::{Visit, visit};

/// Enters a token and a name where the desk asks for them.
pub async fn sign_in(browser: &Browser, token: &str) {
    browser.enter(Css("#sign-in [name='token']"), token).await;
    browser.enter(Css("#sign-in [name='name']"), "Kira").await;
    browser.click(Css("#sign-in button.primary")).await;
}

/// Presses a button of the row that holds this text.
pub async fn press_in_row(browser: &Browser, row: &str, button: &str) {
    browser.click(XPath(&format!("//tr[contains(., '{row}')]//button[.='{button}']"))).await;
}

/// Waits until the desk says this of the last write.
pub async fn see(browser: &Browser, outcome: &str) {
    browser.wait(XPath(&format!("//*[@id='status'][contains(., '{outcome}')]"))).await;
}

/// Presses the button beside what the desk says of the last write.
async fn undo(browser: &Browser, button: &str) {
    browser.click(XPath(&format!("//*[@id='status']//button[.='{button}']"))).await;
}

/// Goes to a view by its link and waits until it is drawn.
async fn go_to(browser: &Browser, view: &str) {
    browser.click(XPath(&format!("//nav[@id='views']//a[contains(., '{view}')]"))).await;
    browser.wait(XPath(&format!("//*[@id='head']/h1[.='{view}']"))).await;
    browser.wait(Css("#results table")).await;
}

async fn page_status(visit: &Visit, id: &str) -> u16 {
    visit.site.server.request(Method::GET, &format!("/b/{id}")).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_signs_in_and_reviews_feedback() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        visit.site.feedback("best tank for sieges", "up").await;
        let disliked = visit.site.feedback("healer without mana", "down").await;
        visit.open("/admin?view=feedback").await;
        browser.enter(Css("#sign-in [name='token']"), ADMIN_TOKEN).await;
        browser.click(Css("#sign-in button.primary")).await;
        let missing = "document.querySelector('#sign-in [name=\"name\"]').matches(':invalid:focus')";
        assert_eq!(browser.eval(missing).await, true, "the desk asks for the reviewer's name");
        sign_in(browser, "not-the-token").await;
        browser.wait(XPath("//*[@role='alert'][contains(., 'does not accept this token')]")).await;
        browser.expect_refusals(403).await;
        sign_in(browser, ADMIN_TOKEN).await;
        browser.wait(XPath("//tr[contains(., 'healer without mana')]")).await;
        assert_eq!(browser.count("#results tbody tr").await, 1, "at first the list has what needs work");
        press_in_row(browser, "healer", "Mark reviewed").await;
        see(browser, &format!("{disliked} is marked as reviewed by Kira.")).await;

        visit.open("/admin?view=feedback").await;
        browser.click(XPath("//*[@id='results']//a[.='Show all feedback']")).await;
        browser.wait(Css("#results table")).await;
        assert_eq!(browser.count("#results tbody tr").await, 2);
        press_in_row(browser, "Reviewed by Kira", "Flag").await;
        see(browser, "is flagged for cleanup").await;

        let reviewed = visit.site.server.get("/admin/feedback?reviewed=true&flagged=true").admin();
        let reviewed = reviewed.await.expect(200).json();
        let items = reviewed["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "{reviewed}");
        assert_eq!((&items[0]["feedback_id"], &items[0]["reviewed_by"]), (&disliked.into(), &"Kira".into()));
        press_in_row(browser, "Reviewed by Kira", "Undo review").await;
        see(browser, "was taken back").await;

        browser.click(Css("#sign-out")).await;
        browser.wait(Css("#sign-in form")).await;
        assert_eq!(browser.count("#results *").await, 0, "nothing of the desk stays after signing out");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_hides_a_reported_build_with_one_press_and_undoes_it() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        let id = visit.site.build("Xanthorak Ward").await;
        visit.site.report(2, &id, "An insult in the name.").await;
        visit.site.report(3, &id, "Copied from my build.").await;
        visit.open("/admin").await;
        sign_in(browser, ADMIN_TOKEN).await;
        go_to(browser, "Reports").await;
        assert_eq!(browser.text("#open-reports").await, "2 open");
        assert_eq!(browser.count("#results .reasons").await, 1, "reports about one build are together");
        assert_eq!(browser.count("#results .reasons li").await, 2);
        assert_eq!(browser.count("#results .fold-out dl").await, 0, "a build is loaded when it is opened");
        browser.click(Css(".fold-out > summary")).await;
        browser.wait(XPath("//dd[.='Holds the gate while others talk.']")).await;

        press_in_row(browser, "Xanthorak Ward", "Hide and resolve all").await;
        see(browser, &format!("2 reports about {id} are resolved.")).await;
        assert_eq!(page_status(&visit, &id).await, 404);
        assert_eq!(browser.count("#results a[href*='/b/']").await, 0, "no link leads to a 404");
        assert_eq!(browser.count("#results .fold-out[open] dl").await, 1, "what was opened stays open");
        undo(browser, "Undo hiding").await;
        see(browser, &format!("{id} is restored and public again.")).await;
        assert_eq!(page_status(&visit, &id).await, 200);
        assert_eq!(browser.count("#results a[href*='/b/']").await, 1);
        press_in_row(browser, "Xanthorak Ward", "Hide").await;
        see(browser, &format!("{id} is hidden")).await;
        assert_eq!(page_status(&visit, &id).await, 404);
        undo(browser, "Undo").await;
        see(browser, &format!("{id} is restored")).await;
        assert_eq!(page_status(&visit, &id).await, 200);
        assert_eq!(browser.count("#results .danger").await, 1, "hiding looks weightier than restoring");

        go_to(browser, "Audit log").await;
        for action in ["build.hide", "build.restore", "report.resolve"] {
            browser.wait(XPath(&format!("//td//code[.='{action}']"))).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_sees_how_many_reports_were_dismissed_before_one_failed() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        // With a character that would reverse what stands behind it.
        let id = visit.site.build("Xanthorak \u{202e}Ward").await;
        for session in 2..5 {
            visit.site.report(session, &id, "I do not like it.").await;
        }
        visit.open("/admin").await;
        sign_in(browser, ADMIN_TOKEN).await;
        go_to(browser, "Reports").await;
        let fail_once = "const send = window.fetch;
            let count = 0;
            window.fetch = (url, options) => {
                const isSecond = url.endsWith('/resolve') && (count += 1) === 2;
                return isSecond ? Promise.reject(new TypeError()) : send(url, options);
            };";
        browser.run(fail_once).await;
        press_in_row(browser, "Xanthorak Ward", "Dismiss all").await;
        see(browser, &format!("1 of 3 reports about {id} were resolved. The server could not be reached."))
            .await;
        assert_eq!(browser.count("#results .reasons .ok").await, 1);
        press_in_row(browser, "Xanthorak Ward", "Dismiss all").await;
        see(browser, &format!("2 reports about {id} are resolved.")).await;
        let open = visit.site.server.get("/admin/reports?resolved=false").admin().await.expect(200).json();
        assert_eq!(open["total"], 0, "{open}");
        assert_eq!(page_status(&visit, &id).await, 200, "dismissing reports hides nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_dates_of_a_chart_stand_apart() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        let search = json!({"query": "iron", "search_mode": "quick", "result_count": 1});
        visit.site.server.post("/analytics/search").session(2).json(&search).await.expect(201);
        visit.open("/admin").await;
        sign_in(browser, ADMIN_TOKEN).await;
        browser.wait(Css("#results .empty")).await;
        for width in [360, 390, 768, 1280] {
            browser.resize(width).await;
            for days in [7, 30, 90, 365] {
                visit.open(&format!("/admin?view=searches&days={days}")).await;
                browser.wait(Css("#results svg .day")).await;
                let gaps = "[...document.querySelectorAll('#results svg')].flatMap((chart) =>
                    [...chart.querySelectorAll('.day')]
                        .map((it) => it.getBoundingClientRect())
                        .flatMap((box, at, all) => (at ? [box.left - all[at - 1].right] : [])))";
                let gaps = browser.eval(gaps).await;
                let gaps: Vec<f64> = gaps.as_array().unwrap().iter().filter_map(Value::as_f64).collect();
                assert!(gaps.iter().all(|it| *it > 4.0), "{days} days, {width} pixels wide: {gaps:?}");
            }
        }
    })
    .await;
}
