"""Structure that no validator knows: what one file of deploy/ promises about another.

    structure.py RENDERED            checks, with the rendered overlays in the folder RENDERED
    structure.py --write             writes prometheus-rule.yaml from rules.yaml
    structure.py --expressions FILE  writes every PromQL expression of the dashboards to FILE
                                     as recording rules, for promtool

Prints one line per fault and ends with 1 when there is any.
"""

import json
import re
import sys
from pathlib import Path

import yaml

DEPLOY = Path(__file__).resolve().parent.parent
ROOT = DEPLOY.parent
MONITORING = DEPLOY / "monitoring"

# Every metric that a rule or dashboard may speak of: the service's own (their names are
# stable), what Prometheus adds, and the exporters named in docs/OPERATIONS.md.
METRICS = set(
    """
    http_requests_total http_request_duration_seconds_bucket builds_created_total
    votes_cast_total feedback_total searches_total searches_zero_results_total
    searches_unranked_total http_untrusted_forwarded_for_total card_queue_length cards_replaced_total sessions_active db_pool_connections db_pool_wait_seconds_sum
    db_pool_wait_seconds_count db_up cache_up
    requests_shed_total request_wait_seconds_bucket request_wait_seconds_count requests_at_work
    request_places connections_open connections_overdue_total db_replica_up
    db_replica_fallbacks_total
    db_pool_connections_max db_constraint_violations_total rate_limited_total idempotency_replays_total
    process_resident_memory_bytes build_info
    up
    container_cpu_usage_seconds_total kube_pod_container_status_restarts_total
    kube_job_status_failed kube_job_status_succeeded
    kube_horizontalpodautoscaler_status_current_replicas
    kube_horizontalpodautoscaler_status_desired_replicas
    kube_horizontalpodautoscaler_spec_max_replicas
    certmanager_certificate_expiration_timestamp_seconds
    kubelet_volume_stats_available_bytes kubelet_volume_stats_capacity_bytes
    node_filesystem_avail_bytes node_filesystem_size_bytes
    """.split()
)

faults = []


def fault(where, what):
    faults.append(f"{where}: {what}")


def load(path):
    return yaml.safe_load(path.read_text())


def load_all(path):
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def find(documents, kind, name=None):
    for document in documents:
        if document["kind"] == kind and name in (None, document["metadata"]["name"]):
            return document
    raise LookupError(f"no {kind} {name or ''}")


def seconds(duration):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h|d)?", str(duration)).groups()
    return int(number) * {"ms": 0.001, "m": 60, "h": 3600, "d": 86400}.get(unit, 1)


# ---- monitoring -------------------------------------------------------------------------


def prometheus_rule(rules):
    """The PrometheusRule around the groups of rules.yaml, as text."""
    head = (
        "# Made from rules.yaml by `deploy/tools/check.sh rules --write`; edit that file.\n"
        "apiVersion: monitoring.coreos.com/v1\n"
        "kind: PrometheusRule\n"
        "metadata:\n"
        "  name: myashes-backend\n"
        "  labels:\n"
        "    app: myashes-backend\n"
        "  annotations:\n"
        '    argocd.argoproj.io/sync-wave: "3"\n'
        "spec:\n"
    )
    lines = rules.splitlines()
    body = lines[lines.index("groups:") :]
    return head + "".join(f"  {line}\n" if line else "\n" for line in body)


def dashboards():
    for path in sorted((MONITORING / "dashboards").glob("*.json")):
        yield path, json.loads(path.read_text())


def expressions():
    """(dashboard, panel title, PromQL) of every panel, with Grafana's variables filled in."""
    for path, dashboard in dashboards():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                yield path.name, panel["title"], target["expr"].replace("$namespace", ".*")


def metrics_of(expression):
    """The metric names in an expression: identifiers that are neither label nor function."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", " ", bare)
    bare = re.sub(r"\{[^}]*\}", " ", bare)
    bare = re.sub(r"\[[^\]]*\]", " ", bare)
    words = re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\w)(?!\s*\()", bare)
    return {w for w in words if w not in {"by", "or", "and", "unless", "bool", "offset", "on"}}


def series_of(test):
    """The names of the metrics that a test of the rules feeds in."""
    return {series["series"].partition("{")[0] for series in test["input_series"]}


def check_monitoring():
    rules_path = MONITORING / "rules.yaml"
    wrapped = MONITORING / "prometheus-rule.yaml"
    if not wrapped.exists() or wrapped.read_text() != prometheus_rule(rules_path.read_text()):
        fault(wrapped.name, "is not what rules.yaml makes; run deploy/tools/check.sh rules --write")

    rules = [rule for group in load(rules_path)["groups"] for rule in group["rules"]]
    alerts = [rule for rule in rules if "alert" in rule]
    known = METRICS | {rule["record"] for rule in rules if "record" in rule}
    tests = load(MONITORING / "rules_test.yaml")["tests"]
    cases = [(test, case) for test in tests for case in test.get("alert_rule_test", [])]
    fires = {case["alertname"] for _, case in cases if case["exp_alerts"]}
    recorded = {rule["record"]: metrics_of(rule["expr"]) for rule in rules if "record" in rule}
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lstrip("#").strip().lower()).replace(" ", "-")
        for line in (ROOT / "docs/OPERATIONS.md").read_text().splitlines()
        if line.startswith("#")
    }
    for rule in rules:
        name = rule.get("alert") or rule["record"]
        for metric in metrics_of(rule["expr"]) - known:
            fault(f"rules.yaml, {name}", f"speaks of the unknown metric {metric}")
    repository = load(DEPLOY / "platform-facts.yaml")["git"]["repository"].removesuffix(".git")
    book = f"{repository}/src/branch/main/docs/OPERATIONS.md"
    for alert in alerts:
        page, _, anchor = alert["annotations"]["runbook_url"].partition("#")
        if page != book:
            fault(f"rules.yaml, {alert['alert']}", f"points at {page}, the book is {book}")
        if anchor != alert["alert"].lower():
            fault(f"rules.yaml, {alert['alert']}", f"points at the runbook of another alert, #{anchor}")
        if anchor not in headings:
            fault(f"rules.yaml, {alert['alert']}", f"has no runbook #{anchor} in docs/OPERATIONS.md")
        if alert["alert"] not in fires:
            fault(f"rules_test.yaml, {alert['alert']}", "is never seen to fire")
        # Without the alert's metrics it would be silent whatever its expression says.
        needed = set().union(*(recorded.get(metric, {metric}) for metric in metrics_of(alert["expr"])))
        silent = [test for test, case in cases if case["alertname"] == alert["alert"] and not case["exp_alerts"]]
        if not any(needed <= series_of(test) for test in silent):
            fault(f"rules_test.yaml, {alert['alert']}", "is never seen to be silent while its metrics are there")

    uids = [dashboard["uid"] for _, dashboard in dashboards()]
    if len(uids) != len(set(uids)):
        fault("dashboards", "two have the same uid")
    for path, panel, expression in expressions():
        for metric in metrics_of(expression) - known:
            fault(f"{path}, {panel}", f"speaks of the unknown metric {metric}")


# ---- Kubernetes -------------------------------------------------------------------------


def check_pod(where, pod):
    """What the Pod Security level `restricted` asks for, and a little more of our own."""
    context = pod.get("securityContext", {})
    asked = {
        "automountServiceAccountToken is not false": pod.get("automountServiceAccountToken") is False,
        "enableServiceLinks is not false": pod.get("enableServiceLinks") is False,
        "it shares a namespace of the node": not any(
            pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")
        ),
        "it mounts a path of the node": not any("hostPath" in v for v in pod.get("volumes", [])),
    }
    for container in pod.get("initContainers", []) + pod["containers"]:
        own = {**context, **container.get("securityContext", {})}
        resources = container.get("resources", {})
        named = f"container {container['name']}:"
        asked |= {
            f"{named} runAsNonRoot is not true": own.get("runAsNonRoot") is True,
            f"{named} it runs as root": own.get("runAsUser") != 0,
            f"{named} no seccomp profile": own.get("seccompProfile", {}).get("type") == "RuntimeDefault",
            f"{named} it may gain privileges": own.get("allowPrivilegeEscalation") is False,
            f"{named} the root file system is writable": own.get("readOnlyRootFilesystem") is True,
            f"{named} it keeps capabilities": own.get("capabilities") == {"drop": ["ALL"]},
            f"{named} requests or limits are missing": all(
                set(resources.get(kind, {})) >= {"cpu", "memory"} for kind in ("requests", "limits")
            ),
        }
    for what, well in asked.items():
        if not well:
            fault(where, what)


def check_overlay(name, documents):
    deployment = find(documents, "Deployment", "myashes-backend")
    config = find(documents, "ConfigMap", "myashes-backend-config")["data"]
    scaled = find(documents, "ScaledObject")
    pod = deployment["spec"]["template"]["spec"]

    budget = int(deployment["metadata"]["annotations"]["myashes.ai/database-connection-budget"])
    surge = deployment["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
    wanted = (scaled["spec"]["maxReplicaCount"] + surge) * int(config["DB_POOL_SIZE"])
    if wanted > budget:
        fault(name, f"all pods together may open {wanted} database connections, the budget is {budget}")

    sleep = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    needed = sleep + seconds(config["SHUTDOWN_GRACE"]) + 5
    if pod["terminationGracePeriodSeconds"] < needed:
        fault(name, f"terminationGracePeriodSeconds is below preStop + SHUTDOWN_GRACE + 5 s = {needed:g}")

    if not config.get("TRUSTED_PROXIES"):
        fault(name, "the overlay does not name its proxy in TRUSTED_PROXIES")
    if config.get("TRUSTED_PROXIES") == "none":
        fault(name, "TRUSTED_PROXIES is none although a proxy stands in front")
    if scaled["spec"]["minReplicaCount"] < 2:
        fault(name, "fewer than two pods: a node that goes away would take the service along")
    namespace = find(documents, "Namespace")["metadata"]["name"]
    for trigger in scaled["spec"]["triggers"]:
        query = trigger["metadata"].get("query")
        if query and f'namespace="{namespace}"' not in query:
            fault(name, "the autoscaler counts the requests of another namespace")
    for document in documents:
        if document["kind"] != "Namespace" and document["metadata"].get("namespace") != namespace:
            fault(name, f"{document['kind']} {document['metadata']['name']} is not in {namespace}")
        spec = document.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec and "spec" in spec["template"]:
            check_pod(f"{name}, {document['kind']} {document['metadata']['name']}", spec["template"]["spec"])
    return budget, namespace


def check_platform(platform, prod, budget):
    """The role and the database that the data platform holds are those that the overlay names."""
    config = find(prod, "ConfigMap", "myashes-backend-config")["data"]
    [change] = json.loads((DEPLOY / "k8s/platform/role.patch.json").read_text())
    role = change["value"]
    database = find(platform, "Database")["spec"]
    secret = load(DEPLOY / "secrets/postgres-myashes-user.example.yaml")["stringData"]
    address = (
        f"postgresql://{config['POSTGRES_USER']}:CHANGE_ME@{config['POSTGRES_HOST']}:{config['POSTGRES_PORT']}"
        f"/{config['POSTGRES_DB']}?sslmode=require"
    )
    same = {
        "role.patch.json: connectionLimit": (role["connectionLimit"], budget),
        "role.patch.json: name": (role["name"], config["POSTGRES_USER"]),
        "database.yaml: owner": (database["owner"], config["POSTGRES_USER"]),
        "database.yaml: name": (database["name"], config["POSTGRES_DB"]),
        "postgres-myashes-user.example.yaml: username": (secret["username"], config["POSTGRES_USER"]),
        "postgres-myashes-user.example.yaml: uri": (secret["uri"], address),
        "database.yaml: Cluster": (f"{database['cluster']['name']}-rw", config["POSTGRES_HOST"].partition(".")[0]),
    }
    for where, (found, wanted) in same.items():
        if found != wanted:
            fault(where, f"is {found}, production says {wanted}")
    # The Cluster and its namespace are the platform's: applying ours would change theirs.
    for document in platform:
        if document["kind"] not in {"Database", "SealedSecret"}:
            fault("platform", f"{document['kind']} {document['metadata']['name']} belongs to the platform")


def check_kubernetes(rendered):
    overlays = {name: load_all(rendered / f"overlays-{name}.yaml") for name in ("stage", "prod")}
    budgets = {}
    for name, documents in overlays.items():
        budgets[name], namespace = check_overlay(name, documents)
        application = load(DEPLOY / f"argocd/{name}.yaml")["spec"]
        if application["destination"]["namespace"] != namespace:
            fault(f"argocd/{name}.yaml", f"deploys to another namespace than the overlay's {namespace}")
        source = application["source"]
        if (source["targetRevision"], source["path"]) != (name, f"deploy/k8s/overlays/{name}"):
            fault(f"argocd/{name}.yaml", "does not track its own branch and overlay")

    project = load(DEPLOY / "argocd/project.yaml")["spec"]
    allowed = {
        (entry["group"], entry["kind"])
        for key in ("clusterResourceWhitelist", "namespaceResourceWhitelist")
        for entry in project[key]
    }
    for name, documents in overlays.items():
        for document in documents:
            group = document["apiVersion"].rpartition("/")[0]
            if (group, document["kind"]) not in allowed:
                fault("argocd/project.yaml", f"does not allow {group}/{document['kind']} of {name}")

    check_platform(load_all(rendered / "platform.yaml"), overlays["prod"], budgets["prod"])
    limit = int(find(overlays["stage"], "Cluster")["spec"]["postgresql"]["parameters"]["max_connections"])
    if limit < budgets["stage"] + 10:
        fault("components/postgres", f"max_connections leaves no room beside the budget {budgets['stage']}")

    for path in (DEPLOY / "k8s").rglob("kustomization.yaml"):
        if "example" in path.read_text():
            fault(path.relative_to(ROOT), "takes up an example")


# ---- image ------------------------------------------------------------------------------


def check_image():
    dockerfile = (ROOT / "Dockerfile").read_text()
    channel = re.search(r'channel = "([^"]+)"', (ROOT / "rust-toolchain.toml").read_text())[1]
    version = re.search(r"^ARG RUST_VERSION=(\S+)", dockerfile, re.M)[1]
    base = re.search(r"^ARG RUST_BASE=\S*rust:([0-9.]+)-", dockerfile, re.M)[1]
    if version != base:
        fault("Dockerfile", f"RUST_VERSION is {version}, RUST_BASE has {base}")
    if not f"{version}.".startswith(f"{channel}."):
        fault("Dockerfile", f"builds with Rust {version}, rust-toolchain.toml says {channel}")
    for name in ("RUST_BASE", "RUNTIME_BASE"):
        if not re.search(rf"^ARG {name}=\S+@sha256:[0-9a-f]{{64}}$", dockerfile, re.M):
            fault("Dockerfile", f"{name} is not pinned by digest")
    # With TRUSTED_PROXIES in the image a pod behind a proxy would start, and limit all visitors as one.
    environment = re.search(r"^ENV HOST=[^\\\n]*(?:\\\n[^\\\n]*)*", dockerfile, re.M)[0].split()
    values = {word for word in environment if "=" in word}
    wanted = {"HOST=0.0.0.0", "ENV=production", "METRICS_ADDR=0.0.0.0:9090"}
    if values != wanted:
        fault("Dockerfile", f"the runtime sets {' '.join(sorted(values))} instead of {' '.join(sorted(wanted))}")
    services = load(ROOT / "docker-compose.yml")["services"]
    for name, service in services.items():
        if "build" not in service and "@sha256:" not in service["image"]:
            fault(f"docker-compose.yml, {name}", "the image is not pinned by digest")
        for port in service.get("ports", []):
            if not str(port).startswith("127.0.0.1:"):
                fault(f"docker-compose.yml, {name}", f"port {port} is not bound to 127.0.0.1")


def main(arguments):
    if arguments == ["--write"]:
        text = prometheus_rule((MONITORING / "rules.yaml").read_text())
        (MONITORING / "prometheus-rule.yaml").write_text(text)
        return 0
    if len(arguments) == 2 and arguments[0] == "--expressions":
        rules = [
            {"record": f"panel:{index}", "expr": expression}
            for index, (_, _, expression) in enumerate(expressions())
        ]
        Path(arguments[1]).write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
        return 0
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    check_monitoring()
    check_kubernetes(Path(arguments[0]))
    check_image()
    for line in faults:
        print(line, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
