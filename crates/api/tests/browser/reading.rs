//! Reading: the gallery and the page of a build.

use fantoccini::Locator::{Css, XPath};
use serde_json::json;

use crate::browser::{DOWN, ENTER};
use crate::driver::Script;
use crate::site::Mount;
use crate::support::session;
use crate::visit::{Visit, visit};

const PAGE: usize = 20;

/// Filters, sorts and pages through the gallery, and opens a build. All of it works without script.
async fn read(visit: &Visit) {
    let browser = &visit.browser;
    let id = visit.site.build("Xanthorak Ward").await;
    visit.open("/builds").await;
    assert_eq!(browser.count(".card").await, PAGE);

    let tank = ".facet a[href*='primary_archetype=tank']";
    let count = browser.text(&format!("{tank} .count")).await;
    browser.click(Css(tank)).await;
    browser.wait(Css(".active .chip")).await;
    let found = browser.text("#found").await;
    assert_eq!(found.split(' ').next(), Some(&*count), "the count beside the filter is that of its list");
    browser.click(Css(".active .chip")).await;
    browser.wait(XPath("//main[not(.//ul[@class='active'])]//h2[@id='found']")).await;

    let rated = ".segments a[href*='sort=rating']";
    browser.click(Css(rated)).await;
    browser.wait(Css(&format!("{rated}[aria-current='true']"))).await;
    let first = browser.links(".card h3 a").await;
    browser.click(Css(".pager a[rel~='next']")).await;
    browser.wait(XPath("//nav[@aria-label='Pages']/a[.='First page']")).await;
    let second = browser.links(".card h3 a").await;
    assert!(!second.is_empty() && second.iter().all(|it| !first.contains(it)), "{first:?} {second:?}");
    browser.wait(Css(&format!("{rated}[aria-current='true']"))).await;

    let name = browser.text(".card h3").await;
    browser.click(Css(".card h3 a")).await;
    browser.wait(Css("article[data-build]")).await;
    assert_eq!(browser.text("h1").await, name);
    browser.click(Css(".build-class a")).await;
    browser.wait(Css(".active .chip")).await;

    visit.open("/builds?search=Xanthorak&race=dunir").await;
    browser.wait(Css(".empty")).await;
    browser.click(Css(".drops a")).await;
    browser.wait(Css(".card")).await;
    assert_eq!(browser.links(".card h3 a").await, [visit.site.url(&format!("/b/{id}"))]);
    browser.click(Css(".card h3 a")).await;
    browser.wait(XPath("//h1[contains(., 'Xanthorak Ward')]")).await;
    browser.wait(XPath("//section[@aria-label='Description'][contains(., 'Holds the gate')]")).await;

    visit.open("/b/b_nowhere123").await;
    browser.wait(Css(".error")).await;
    browser.expect_refusals(404).await;
    browser.click(Css(".error a.primary")).await;
    browser.wait(Css(".card")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gallery_is_read_filtered_and_paged() {
    visit(Mount::Root, Script::On, |visit| async move {
        read(&visit).await;
        let browser = &visit.browser;
        browser.enter(Css("#search"), "xanth").await;
        browser.wait(Css("#suggestions:not([hidden]) [role='option']")).await;
        browser.press(&[DOWN, ENTER]).await;
        browser.wait(XPath("//h2[@id='found'][.='1 build']")).await;
        assert_eq!(browser.text(".card h3").await, "Xanthorak Ward");
        visit.open("/builds?search=xanhtorak").await;
        browser.wait(XPath("//p[@class='notice'][contains(., 'No build holds')]")).await;
        assert_eq!(browser.text(".card h3").await, "Xanthorak Ward");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_stay_open_on_a_phone_until_the_builds_are_shown() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        browser.resize(360).await;
        visit.open("/builds").await;
        browser.click(Css(".filters-all > summary")).await;
        browser.click(Css(".facet a[href*='primary_archetype=tank']")).await;
        browser.wait(Css(".filters-all[open] .facet a[aria-current='true']")).await;
        let found = browser.text("#found").await;
        assert_eq!(browser.text(".filters-done").await, format!("Show {found}"));
        browser.click(Css(".filters-done")).await;
        let top = "Math.round(document.querySelector('#found').getBoundingClientRect().top)";
        let top = browser.eval(top).await.as_i64().unwrap();
        assert!((0..300).contains(&top), "the list begins at {top} px");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_read_without_script() {
    visit(Mount::Root, Script::Off, |visit| async move {
        read(&visit).await;
        let browser = &visit.browser;
        let id = visit.site.build("Pommel Ward").await;
        visit.open(&format!("/b/{id}")).await;
        let displayed = browser.eval("getComputedStyle(document.querySelector('.vote')).display").await;
        assert_eq!(displayed, "none", "a vote that cannot be cast is not offered");
        browser.wait(XPath("//p[contains(., 'Voting needs JavaScript')]")).await;
        visit.open("/admin").await;
        browser.wait(XPath("//p[contains(., 'The admin desk needs JavaScript')]")).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_read_and_voted_on_below_api_pages_behind_nginx() {
    visit(Mount::ApiPages, Script::On, |visit| async move {
        read(&visit).await;
        let browser = &visit.browser;
        let id = visit.site.build("Pommel Ward").await;
        visit.open(&format!("/b/{id}")).await;
        browser.click(Css(".vote-stars label:nth-child(4)")).await;
        browser.wait(XPath("//p[@role='status'][.='You gave 4 of 5 stars.']")).await;
        assert_eq!(visit.site.stored(&id).await["vote_count"], 1);
        browser.click(Css(".wordmark")).await;
        browser.wait(Css(".card")).await;
        visit.open("/admin").await;
        browser.wait(Css("#sign-in form")).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_is_shown_their_private_build() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        let id = visit.site.build("Xanthorak \u{202e}Ward").await;
        let private = json!({"visibility": "private", "race": "renkai"});
        visit.site.server.patch(&format!("/builds/{id}")).session(1).json(&private).await.expect(200);
        visit.open("/builds").await;
        browser.run(&format!("localStorage.setItem('myashes_session_id', '{}')", session(1))).await;
        visit.open(&format!("/b/{id}")).await;
        browser.wait(XPath("//h1[.='Xanthorak Ward']")).await;
        browser.wait(XPath("//*[@class='owner']/p[contains(., \"Ren'kai\")]")).await;
        browser.expect_refusals(404).await;
    })
    .await;
}
