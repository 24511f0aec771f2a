//! The vote on the page of a build.

use fantoccini::Locator::{Css, XPath};

use crate::browser::{ENTER, RIGHT, SPACE, TAB};
use crate::driver::Script;
use crate::site::Mount;
use crate::visit::{Visit, visit};

/// Waits until the page says this of the reader's vote.
async fn see(visit: &Visit, status: &str) {
    visit
        .browser
        .wait(XPath(&format!("//p[contains(@class, 'vote-status')][contains(., '{status}')]")))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_is_counted_changed_and_withdrawn() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        let id = visit.site.build("Xanthorak Ward").await;
        visit.open(&format!("/b/{id}")).await;
        assert_eq!(browser.text(".rating [data-votes]").await, "Not rated yet. Be the first.");

        browser.click(Css(".vote-stars label:nth-child(4)")).await;
        see(&visit, "You gave 4 of 5 stars.").await;
        assert_eq!(browser.text(".rating [data-mean]").await, "4.0");
        assert_eq!(browser.text(".rating [data-votes]").await, "1 vote");
        browser.click(Css(".vote-stars label:nth-child(2)")).await;
        see(&visit, "You gave 2 of 5 stars.").await;
        assert_eq!(browser.text(".rating [data-mean]").await, "2.0");
        let stored = visit.site.stored(&id).await;
        assert_eq!((&stored["vote_count"], stored["rating"].as_f64()), (&1.into(), Some(2.0)));

        visit.open(&format!("/b/{id}")).await;
        browser.wait(Css(".vote-stars input[value='2']:checked")).await;
        see(&visit, "You gave 2 of 5 stars.").await;
        assert_eq!(browser.text(".rating [data-votes]").await, "1 vote", "the page itself counts the vote");

        browser.click(Css(".vote-withdraw:enabled")).await;
        see(&visit, "Your rating was withdrawn.").await;
        assert_eq!(browser.text(".rating [data-votes]").await, "Not rated yet. Be the first.");
        assert_eq!(visit.site.stored(&id).await["vote_count"], 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_needs_no_mouse() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        let id = visit.site.build("Xanthorak Ward").await;
        visit.open(&format!("/b/{id}")).await;
        let mut presses = 0;
        while browser.eval("document.activeElement.name ?? ''").await != "rating" {
            presses += 1;
            assert!(presses < 40, "the focus does not reach the stars");
            browser.press(&[TAB]).await;
        }
        let outline = "getComputedStyle(document.activeElement.closest('label')).outlineStyle";
        assert_eq!(browser.eval(outline).await, "solid", "the focus is visible");
        browser.press(&[SPACE, RIGHT, RIGHT]).await;
        see(&visit, "You gave 3 of 5 stars.").await;
        assert_eq!(visit.site.stored(&id).await["vote_count"], 1);
        browser.wait(Css(".vote-withdraw:enabled")).await;
        browser.press(&[TAB, ENTER]).await;
        see(&visit, "Your rating was withdrawn.").await;
        let focused = browser.eval("document.activeElement.name ?? ''").await;
        assert_eq!(focused, "rating", "the focus returns to the stars");
        assert_eq!(visit.site.stored(&id).await["vote_count"], 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_vote_is_taken_back_with_a_message() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        let id = visit.site.build("Xanthorak Ward").await;
        visit.open(&format!("/b/{id}")).await;
        visit.site.server.delete(&format!("/builds/{id}")).session(1).await.expect(200);
        browser.click(Css(".vote-stars label:nth-child(5)")).await;
        see(&visit, "This build cannot be rated any more. Your rating was not kept.").await;
        assert_eq!(browser.count(".vote-stars input:checked").await, 0);
        browser.expect_refusals(404).await;
    })
    .await;
}
