//! Releases, as an operator sees them: the real `kubectl` against a small Kubernetes API.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test, and should")]

mod cluster;
mod command;
mod stand_in;

use cluster::Cluster;
use command::Answer;
use serde_json::json;

const WORKLOAD: &str = "myashes-backend";

fn image(digit: &str) -> String {
    format!("registry.example/myashes@sha256:{}", digit.repeat(64))
}

/// A release to stage that does not try the service, which a fake cluster does not run.
fn release(cluster: &Cluster, image: &str) -> Answer {
    cluster.xtask(&["deploy", "stage", "--image", image, "--no-smoke"])
}

fn running_image(cluster: &Cluster) -> String {
    let state = cluster.state();
    let deployment = state.find("Deployment", WORKLOAD).unwrap();
    deployment["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap().to_owned()
}

#[test]
fn a_release_goes_out_in_the_order_of_its_waves() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    let state = cluster.state();
    let order = [
        "Namespace/myashes-api-stage",
        "ConfigMap/myashes-backend-config",
        "Job/myashes-backend-migrate-aaaaaaaaaaaa",
        "Deployment/myashes-backend",
        "ScaledObject/myashes-backend",
    ];
    let places: Vec<usize> = order.iter().map(|title| state.applied(title).unwrap()).collect();
    assert!(places.is_sorted(), "{:?}", state.changes);
}

#[test]
fn the_migration_runs_with_the_released_image_under_a_name_of_its_own() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    let state = cluster.state();
    let job = state.find("Job", "myashes-backend-migrate-aaaaaaaaaaaa").unwrap();
    let spec = &job["spec"]["template"]["spec"];
    for list in ["initContainers", "containers"] {
        for container in spec[list].as_array().into_iter().flatten() {
            assert_eq!(container["image"], image("a"));
        }
    }
}

#[test]
fn a_failed_migration_is_shown_and_leaves_the_running_version_alone() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    cluster.state().migration_fails = true;
    let answer = release(&cluster, &image("b")).failed();
    assert!(answer.stderr.contains("BackoffLimitExceeded"), "{}", answer.stderr);
    assert!(answer.stdout.contains("relation builds is locked"), "{}", answer.stdout);
    assert_eq!(running_image(&cluster), image("a"));
}

#[test]
fn the_same_release_can_be_repeated_after_a_failure() {
    let Some(cluster) = Cluster::start() else { return };
    cluster.state().migration_fails = true;
    release(&cluster, &image("a")).failed();
    cluster.state().migration_fails = false;
    release(&cluster, &image("a")).succeeded();
    assert_eq!(running_image(&cluster), image("a"));
}

#[test]
fn a_tag_is_refused_before_the_cluster_is_asked() {
    let Some(cluster) = Cluster::start() else { return };
    let answer = release(&cluster, "registry.example/myashes:latest").failed();
    assert!(answer.stderr.contains("a tag can be moved"), "{}", answer.stderr);
    assert_eq!(cluster.state().requests, 0);
}

#[test]
fn a_value_that_only_the_operator_knows_is_asked_for_before_the_cluster_is() {
    let Some(cluster) = Cluster::start() else { return };
    for target in ["stage", "prod"] {
        let arguments = ["deploy", target, "--image", &image("a"), "--no-smoke"];
        let answer = cluster.xtask_of_this_checkout(&arguments).failed();
        let file = format!("deploy/k8s/overlays/{target}/operator-values.yaml");
        for part in [&file, "CHANGE_ME", "PROXY_CIDR", "SEALED_POSTGRES_MYASHES_USER"] {
            assert!(answer.stderr.contains(part), "{}", answer.stderr);
        }
        assert_eq!(answer.stderr.trim().lines().count(), 1, "{}", answer.stderr);
    }
    assert_eq!(cluster.state().requests, 0);
}

#[test]
fn the_operators_address_of_the_proxy_goes_to_all_places_that_need_it() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    let state = cluster.state();
    let proxy = "192.0.2.10/32";
    assert_eq!(state.find("ConfigMap", "myashes-backend-config").unwrap()["data"]["TRUSTED_PROXIES"], proxy);
    let policy = state.find("NetworkPolicy", "myashes-backend-artemis").unwrap();
    assert_eq!(policy["spec"]["ingress"][0]["from"][0]["ipBlock"]["cidr"], proxy);
    let service = state.find("Service", "artemis-upstream").unwrap();
    assert_eq!(service["spec"]["loadBalancerSourceRanges"][0], proxy);
    assert!(state.find("ConfigMap", "operator-values").is_none(), "the values themselves were applied");
}

#[test]
fn production_is_never_reached_through_another_context() {
    let Some(cluster) = Cluster::start() else { return };
    for (target, context) in [("prod", "myashes-stage"), ("stage", "myashes-prod")] {
        cluster.xtask(&["deploy", target, "--image", &image("a"), "--context", context]).failed();
    }
    assert_eq!(cluster.state().requests, 0);
}

#[test]
fn a_workload_of_argo_cd_is_left_alone() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    let mut state = cluster.state();
    let deployment = state.objects.values_mut().find(|object| object["kind"] == "Deployment").unwrap();
    deployment["metadata"]["annotations"]["argocd.argoproj.io/tracking-id"] =
        json!("myashes-stage:apps/Deployment");
    state.changes.clear();
    drop(state);
    let answer = release(&cluster, &image("b")).failed();
    assert!(answer.stderr.contains("Argo CD owns"), "{}", answer.stderr);
    cluster.xtask(&["deploy", "rollback", "stage"]).failed();
    assert_eq!(cluster.state().changes, [""; 0]);
}

#[test]
fn a_dry_run_changes_nothing() {
    let Some(cluster) = Cluster::start() else { return };
    cluster.xtask(&["deploy", "stage", "--image", &image("a"), "--dry-run"]).succeeded();
    assert!(cluster.state().requests > 0);
    assert_eq!(cluster.state().changes, [""; 0]);
}

#[test]
fn a_diff_shows_what_a_release_would_change_and_changes_nothing() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    cluster.state().changes.clear();
    let answer = cluster.xtask(&["deploy", "stage", "--image", &image("b"), "--diff"]).succeeded();
    let lines: Vec<&str> = answer.stdout.lines().collect();
    for (sign, image) in [('-', image("a")), ('+', image("b"))] {
        let shown = lines.iter().any(|line| line.starts_with(sign) && line.ends_with(&image));
        assert!(shown, "{sign} {image}\n{}", answer.stdout);
    }
    assert_eq!(cluster.state().changes, [""; 0]);
}

#[test]
fn the_status_tells_what_runs_and_what_cannot_be_known() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    let answer = cluster.xtask(&["deploy", "status", "stage"]).succeeded();
    let parts: Vec<&str> = answer.stdout.split("\n\n").collect();
    let part = |name: &str| *parts.iter().find(|part| part.starts_with(name)).unwrap();
    assert_eq!(part("image: "), format!("image: {}", image("a")));
    assert!(part("migration:").contains("myashes-backend-migrate-aaaaaaaaaaaa"), "{}", answer.stdout);
    assert!(part("service:").contains("myashes-backend"), "{}", answer.stdout);
    // This cluster runs no workload and has no cert-manager.
    assert_eq!(part("pods:"), "pods:\n  none");
    for name in ["certificate:", "schema:"] {
        assert!(part(name).contains("not known: "), "{}", answer.stdout);
    }
}

#[test]
fn the_status_of_nothing_is_one_clear_line() {
    let Some(cluster) = Cluster::start() else { return };
    let answer = cluster.xtask(&["deploy", "status", "stage"]).failed();
    assert!(answer.stderr.contains("there is no Deployment myashes-backend in"), "{}", answer.stderr);
    assert_eq!(answer.stderr.trim().lines().count(), 1, "{}", answer.stderr);
}

#[test]
fn the_logs_of_the_migration_are_those_of_its_pods() {
    let Some(cluster) = Cluster::start() else { return };
    cluster.state().migration_fails = true;
    release(&cluster, &image("a")).failed();
    let answer = cluster.xtask(&["deploy", "logs", "stage", "--migration"]).succeeded();
    assert!(answer.stdout.contains("[pod/myashes-backend-migrate-aaaaaaaaaaaa-pod/"), "{}", answer.stdout);
    assert!(answer.stdout.contains("relation builds is locked"), "{}", answer.stdout);
}

#[test]
fn a_rollback_returns_to_the_image_before() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    release(&cluster, &image("b")).succeeded();
    cluster.xtask(&["deploy", "rollback", "stage"]).succeeded();
    assert_eq!(running_image(&cluster), image("a"));
}

#[test]
fn the_history_names_the_images_that_a_rollback_can_reach() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    release(&cluster, &image("b")).succeeded();
    let answer = cluster.xtask(&["deploy", "history", "stage"]).succeeded();
    let (newer, older) = (answer.stdout.find(&image("b")), answer.stdout.find(&image("a")));
    assert!(newer.is_some() && newer < older, "{}", answer.stdout);
}

#[test]
fn a_restart_keeps_the_image() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    cluster.xtask(&["deploy", "restart", "stage"]).succeeded();
    assert_eq!(running_image(&cluster), image("a"));
    let state = cluster.state();
    let annotations =
        &state.find("Deployment", WORKLOAD).unwrap()["spec"]["template"]["metadata"]["annotations"];
    assert!(annotations["kubectl.kubernetes.io/restartedAt"].is_string());
}

#[test]
fn an_uninstall_wants_a_yes_and_never_takes_the_database() {
    let Some(cluster) = Cluster::start() else { return };
    release(&cluster, &image("a")).succeeded();
    cluster.state().changes.clear();
    cluster.xtask(&["deploy", "uninstall", "stage"]).failed();
    assert_eq!(cluster.state().changes, [""; 0]);
    cluster.xtask(&["deploy", "uninstall", "stage", "--yes"]).succeeded();
    let state = cluster.state();
    assert!(state.find("Deployment", WORKLOAD).is_none());
    assert!(state.find("Cluster", "postgres").is_some());
    assert!(state.find("Namespace", "myashes-api-stage").is_some());
    assert!(
        state.find("NetworkPolicy", "default-deny").is_some(),
        "the remaining objects are open to all clients"
    );
}

#[test]
fn a_cluster_that_cannot_be_reached_is_one_clear_line() {
    let Some(cluster) = Cluster::start() else { return };
    let arguments = ["deploy", "stage", "--image", &image("a"), "--context", "elsewhere"];
    let answer = cluster.xtask(&arguments).failed();
    assert!(answer.stderr.contains("127.0.0.1:1"), "{}", answer.stderr);
    assert_eq!(answer.stderr.trim().lines().count(), 1, "{}", answer.stderr);
}
