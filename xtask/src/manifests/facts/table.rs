//! Which place needs which fact.

use super::Form::{Has, HasNot, Is, IsListed, IsNot, IsRepository, IsThereIf};
use super::Place::{Field, File, Repository};
use super::{FactRow, Form, Place};

const CORS: Place = File("deploy/nginx/cors.conf");
const CUT_OVER: Place = File("docs/operations/cut-over.md");
const CONFIG: &str = "ConfigMap/myashes-backend-config";
const SERVICE: &str = "Service/artemis-upstream";
const DATA: &str = "NetworkPolicy/myashes-backend-egress-data-platform";
const IDENTITY: &str = "NetworkPolicy/myashes-backend-egress-identity";
const TO_NAMESPACE: &str = "/spec/egress/0/to/0/namespaceSelector/matchLabels/kubernetes.io~1metadata.name";

const fn row(fact: &'static str, place: Place, form: Form) -> FactRow {
    FactRow { fact, place, form }
}

const fn config(fact: &'static str, pointer: &'static str, form: Form) -> FactRow {
    row(fact, Field("prod", CONFIG, pointer), form)
}

pub(super) const TABLE: [FactRow; 49] = [
    config("/front_end/origin", "/data/WEBSITE_URL", Is),
    row("/front_end/api", File("xtask.toml"), Has("url = \"{}\"")),
    row("/front_end/api", CUT_OVER, Has("--old {}")),
    config("/origins", "/data/BACKEND_CORS_ORIGINS", Is),
    row("/proxy/server_name", CUT_OVER, Has("server_name {};")),
    row("/proxy/forwards", CUT_OVER, Has("location {} {")),
    row("/proxy/upstream", CUT_OVER, Has("server {}:8086;")),
    row("/proxy/port", Field("prod", SERVICE, "/spec/ports/0/port"), Is),
    row("/proxy/port", CUT_OVER, Has("server UPSTREAM_HOST:{};")),
    config("/proxy/cors_origin", "/data/BACKEND_CORS_ORIGINS", IsListed),
    row("/proxy/cors_origin", CORS, Has("Access-Control-Allow-Origin {}")),
    row("/proxy/cors_exposes", CORS, Has("Access-Control-Expose-Headers \"{}")),
    row(
        "/older_service/namespace",
        Field("prod", "Deployment/myashes-backend", "/metadata/namespace"),
        IsNot,
    ),
    row("/older_service/namespace", CUT_OVER, Has("kubectl -n {} delete")),
    row("/older_service/config", CUT_OVER, Has("get configmap {}")),
    row("/older_service/secret", CUT_OVER, Has("get secret {}")),
    row("/older_service/secret_keys", CUT_OVER, Has("`{}`")),
    row("/older_service/selector", CUT_OVER, Has("--selector {}")),
    row("/older_service/service_port", Field("prod", "Service/myashes-backend", "/spec/ports/0/port"), Is),
    row(
        "/older_service/container_port",
        Field("prod", "Deployment/myashes-backend", "/spec/template/spec/containers/0/ports/0/containerPort"),
        Is,
    ),
    row("/older_service/running_replicas", CUT_OVER, Has("--replicas={}")),
    row(
        "/older_service/max_replicas",
        Field("prod", "ScaledObject/myashes-backend", "/spec/maxReplicaCount"),
        Is,
    ),
    row("/older_service/objects", CUT_OVER, Has("{}")),
    row("/database/namespace", Field("platform", "Database/myashes-api", "/metadata/namespace"), Is),
    row("/database/namespace", Field("prod", DATA, TO_NAMESPACE), Is),
    config("/database/host", "/data/POSTGRES_HOST", Is),
    row("/database/host", File("deploy/secrets/postgres-myashes-user.example.yaml"), Has("@{}:5432/")),
    config("/database/port", "/data/POSTGRES_PORT", Is),
    row("/database/port", Field("prod", DATA, "/spec/egress/0/ports/0/port"), Is),
    config("/database/name", "/data/POSTGRES_DB", IsNot),
    row("/database/name", CUT_OVER, Has("127.0.0.1:15432/{}?")),
    config("/database/user", "/data/POSTGRES_USER", IsNot),
    row("/database/user", CUT_OVER, Has("postgres://{}:")),
    row("/database/tables", CUT_OVER, Has("`{}`")),
    config("/cache/host", "/data/REDIS_HOST", Is),
    config("/cache/port", "/data/REDIS_PORT", Is),
    row("/cache/port", Field("prod", DATA, "/spec/egress/0/ports/1/port"), Is),
    row("/cache/namespace", Field("prod", DATA, TO_NAMESPACE), Is),
    row("/identity/namespace", Field("prod", IDENTITY, TO_NAMESPACE), Is),
    config("/identity/url", "/data/IDENTITY_URL", Is),
    row("/admin/variable", File("deploy/k8s/overlays/prod/operator-values.yaml"), Has("  {}: ")),
    row("/registry/server", File("deploy/secrets/gitea-registry.example.yaml"), Has("\"{}\"")),
    row(
        "/registry/repository",
        Field("prod", "Deployment/myashes-backend", "/spec/template/spec/containers/0/image"),
        IsRepository,
    ),
    row("/registry/repository", File(".github/workflows/image.yml"), Has("{}")),
    row(
        "/registry/pull_secret",
        Field("prod", "Deployment/myashes-backend", "/spec/template/spec/imagePullSecrets/0/name"),
        Is,
    ),
    row("/git/repository", Field("argocd", "Application/myashes-api-prod", "/spec/source/repoURL"), Is),
    row("/git/repository", Field("argocd", "AppProject/myashes-api", "/spec/sourceRepos"), Is),
    row(
        "/cut_over_done",
        Field("argocd", "Application/myashes-api-prod", "/spec/syncPolicy/automated"),
        IsThereIf,
    ),
    row("/invented_hosts", Repository, HasNot),
];
