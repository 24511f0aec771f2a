//! Which place needs which fact.

use super::FactRow;
use super::Form::{self, Is, IsListed, IsNot, IsRepository, IsThereIf};
use super::Place::{self, Field, File, Nowhere};

const CORS: &str = "deploy/nginx/cors.conf";
const WORKLOAD: &str = "Deployment/myashes-backend";
const CONFIG: &str = "ConfigMap/myashes-backend-config";
const SERVICE: &str = "Service/artemis-upstream";
const DATA: &str = "NetworkPolicy/myashes-backend-egress-data-platform";
const IDENTITY: &str = "NetworkPolicy/myashes-backend-egress-identity";
const TO_NAMESPACE: &str = "/spec/egress/0/to/0/namespaceSelector/matchLabels/kubernetes.io~1metadata.name";

const fn cut_over(template: &'static str) -> Place {
    File("docs/operations/cut-over.md", template)
}

const fn production(object: &'static str, pointer: &'static str, form: Form) -> Place {
    Field("prod", object, pointer, form)
}

pub(super) const TABLE: [FactRow; 49] = [
    ("/front_end/origin", production(CONFIG, "/data/WEBSITE_URL", Is)),
    ("/front_end/api", File("xtask.toml", "url = \"{}\"")),
    ("/front_end/api", cut_over("--old {}")),
    ("/origins", production(CONFIG, "/data/BACKEND_CORS_ORIGINS", Is)),
    ("/proxy/server_name", cut_over("server_name {};")),
    ("/proxy/forwards", cut_over("location {} {")),
    ("/proxy/upstream", cut_over("server {}:8086;")),
    ("/proxy/port", production(SERVICE, "/spec/ports/0/port", Is)),
    ("/proxy/port", cut_over("server UPSTREAM_HOST:{};")),
    ("/proxy/cors_origin", production(CONFIG, "/data/BACKEND_CORS_ORIGINS", IsListed)),
    ("/proxy/cors_origin", File(CORS, "Access-Control-Allow-Origin {}")),
    ("/proxy/cors_exposes", File(CORS, "Access-Control-Expose-Headers \"{}")),
    ("/older_service/namespace", production(WORKLOAD, "/metadata/namespace", IsNot)),
    ("/older_service/namespace", cut_over("kubectl -n {} delete")),
    ("/older_service/config", cut_over("get configmap {}")),
    ("/older_service/secret", cut_over("get secret {}")),
    ("/older_service/secret_keys", cut_over("`{}`")),
    ("/older_service/selector", cut_over("--selector {}")),
    ("/older_service/service_port", production("Service/myashes-backend", "/spec/ports/0/port", Is)),
    (
        "/older_service/container_port",
        production(WORKLOAD, "/spec/template/spec/containers/0/ports/0/containerPort", Is),
    ),
    ("/older_service/running_replicas", cut_over("--replicas={}")),
    ("/older_service/max_replicas", production("ScaledObject/myashes-backend", "/spec/maxReplicaCount", Is)),
    ("/older_service/objects", cut_over("{}")),
    ("/database/namespace", Field("platform", "Database/myashes-api", "/metadata/namespace", Is)),
    ("/database/namespace", production(DATA, TO_NAMESPACE, Is)),
    ("/database/host", production(CONFIG, "/data/POSTGRES_HOST", Is)),
    ("/database/host", File("deploy/secrets/postgres-myashes-user.example.yaml", "@{}:5432/")),
    ("/database/port", production(CONFIG, "/data/POSTGRES_PORT", Is)),
    ("/database/port", production(DATA, "/spec/egress/0/ports/0/port", Is)),
    ("/database/name", production(CONFIG, "/data/POSTGRES_DB", IsNot)),
    ("/database/name", cut_over("127.0.0.1:15432/{}?")),
    ("/database/user", production(CONFIG, "/data/POSTGRES_USER", IsNot)),
    ("/database/user", cut_over("postgres://{}:")),
    ("/database/tables", cut_over("`{}`")),
    ("/cache/host", production(CONFIG, "/data/REDIS_HOST", Is)),
    ("/cache/port", production(CONFIG, "/data/REDIS_PORT", Is)),
    ("/cache/port", production(DATA, "/spec/egress/0/ports/1/port", Is)),
    ("/cache/namespace", production(DATA, TO_NAMESPACE, Is)),
    ("/identity/namespace", production(IDENTITY, TO_NAMESPACE, Is)),
    ("/identity/url", production(CONFIG, "/data/IDENTITY_URL", Is)),
    ("/admin/variable", File("deploy/k8s/overlays/prod/operator-values.yaml", "  {}: ")),
    ("/registry/server", File("deploy/secrets/gitea-registry.example.yaml", "\"{}\"")),
    ("/registry/repository", production(WORKLOAD, "/spec/template/spec/containers/0/image", IsRepository)),
    ("/registry/repository", File(".github/workflows/image.yml", "{}")),
    ("/registry/pull_secret", production(WORKLOAD, "/spec/template/spec/imagePullSecrets/0/name", Is)),
    ("/git/repository", Field("argocd", "Application/myashes-api-prod", "/spec/source/repoURL", Is)),
    ("/git/repository", Field("argocd", "AppProject/myashes-api", "/spec/sourceRepos", Is)),
    (
        "/cut_over_done",
        Field("argocd", "Application/myashes-api-prod", "/spec/syncPolicy/automated", IsThereIf),
    ),
    ("/invented_hosts", Nowhere),
];
