//! The admin desk.

use fantoccini::Locator::{Css, XPath};
use reqwest::Method;

use crate::browser::Browser;
use crate::driver::Script;
use crate::site::Mount;
use crate::support::players::ADMIN_TOKEN;
use crate::visit::{Visit, visit};

/// Enters a token where the desk asks for it.
pub async fn sign_in(browser: &Browser, token: &str) {
    browser.enter(Css("#sign-in [name='token']"), token).await;
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
        sign_in(browser, "not-the-token").await;
        browser.wait(XPath("//*[@role='alert'][contains(., 'does not accept this token')]")).await;
        browser.expect_refusals(403).await;
        sign_in(browser, ADMIN_TOKEN).await;
        browser.wait(XPath("//tr[contains(., 'best tank for sieges')]")).await;

        visit.open("/admin?view=feedback&rating=down").await;
        browser.wait(Css("#results table")).await;
        assert_eq!(browser.count("#results tbody tr").await, 1, "the token is kept for the tab");
        press_in_row(browser, "healer", "Mark reviewed").await;
        see(browser, "your name is missing").await;
        browser.enter(Css("#reviewer input"), "Kira").await;
        press_in_row(browser, "healer", "Mark reviewed").await;
        see(browser, &format!("{disliked} is marked as reviewed by Kira.")).await;
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
async fn an_admin_hides_and_restores_a_reported_build() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        let id = visit.site.build("Xanthorak Ward").await;
        visit.site.report(&id, "An insult in the name.").await;
        visit.open("/admin").await;
        sign_in(browser, ADMIN_TOKEN).await;
        go_to(browser, "Reports").await;
        assert_eq!(browser.text("#open-reports").await, "1 open");

        press_in_row(browser, "Xanthorak Ward", "Hide").await;
        see(browser, &format!("{id} is hidden")).await;
        assert_eq!(page_status(&visit, &id).await, 404);
        press_in_row(browser, "Xanthorak Ward", "Restore").await;
        see(browser, &format!("{id} is restored")).await;
        assert_eq!(page_status(&visit, &id).await, 200);
        press_in_row(browser, "Xanthorak Ward", "Resolve").await;
        see(browser, &format!("The report about {id} is resolved.")).await;

        go_to(browser, "Audit log").await;
        for action in ["build.hide", "build.restore", "report.resolve"] {
            browser.wait(XPath(&format!("//td//code[.='{action}']"))).await;
        }
    })
    .await;
}
