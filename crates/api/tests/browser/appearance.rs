//! Both colour schemes on a phone and on a desk.

use fantoccini::Locator::Css;
use serde_json::json;

use crate::admin::sign_in;
use crate::browser::Browser;
use crate::driver::Script;
use crate::site::Mount;
use crate::support::players::ADMIN_TOKEN;
use crate::visit::visit;

const WIDTHS: [u32; 2] = [360, 1280];

/// A view of the desk that is loaded.
const DRAWN: &str = "#results:not([aria-busy]) > :not(.loading)";

/// Asserts that the page is no wider than the window, and dark or light as the reader prefers.
async fn assert_fits(browser: &Browser, page: &str, width: u32) {
    let sizes = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]";
    let [content, window]: [u32; 2] = serde_json::from_value(browser.eval(sizes).await).unwrap();
    assert!(content <= window && window <= width, "{page} is {content} px wide in {window} px of {width}");
    for (scheme, is_light) in [("dark", false), ("light", true)] {
        browser.prefer(scheme).await;
        let colour =
            "getComputedStyle(document.documentElement).backgroundColor.match(/[0-9]+/g).map(Number)";
        let [red, green, blue]: [u32; 3] = serde_json::from_value(browser.eval(colour).await).unwrap();
        assert_eq!((red + green + blue) / 3 > 127, is_light, "{page}, {scheme}: {red} {green} {blue}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_fit_phones_and_desks_in_both_colour_schemes() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        let mut long = crate::support::knight(&"W".repeat(100));
        long["tags"] = json!(["x".repeat(30), "siege"]);
        long["description"] = json!(format!("{} {}", "o".repeat(200), "A word. ".repeat(40)));
        long["build_data"] = json!({"skills": ["s".repeat(150)], "gear": {"k".repeat(80): "v".repeat(120)}});
        let long = visit.site.server.post("/builds").session(1).json(&long).await.expect(201).json();
        let long = format!("/b/{}", long["build_id"].as_str().unwrap());
        for width in WIDTHS {
            browser.resize(width).await;
            for path in ["/builds", "/builds?search=zzzz&race=dunir&tag=siege", long.as_str()] {
                visit.open(path).await;
                assert_fits(browser, path, width).await;
            }
            visit.open("/b/b_nowhere123").await;
            assert_fits(browser, "absent", width).await;
            browser.expect_refusals(404).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_admin_desk_fits_phones_and_desks_in_both_colour_schemes() {
    visit(Mount::Root, Script::On, |visit| async move {
        let browser = &visit.browser;
        let id = visit.site.build(&"W".repeat(100)).await;
        visit.site.report(2, &id, &"r".repeat(200)).await;
        visit.site.feedback(&"q".repeat(200), "down").await;
        for width in WIDTHS {
            browser.resize(width).await;
            visit.open("/admin").await;
            if browser.eval("sessionStorage.length").await == 0 {
                browser.wait(Css("#sign-in form")).await;
                assert_fits(browser, "sign-in", width).await;
                sign_in(browser, ADMIN_TOKEN).await;
                browser.wait(Css(DRAWN)).await;
            }
            for view in ["feedback", "satisfaction", "searches", "zero", "reports", "builds", "audit"] {
                visit.open(&format!("/admin?view={view}")).await;
                browser.wait(Css(DRAWN)).await;
                assert_eq!(browser.count("#results .notice.bad").await, 0, "{view}");
                assert_fits(browser, view, width).await;
            }
        }
    })
    .await;
}
