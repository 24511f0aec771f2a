# What CI builds: `docker buildx bake --file docker-bake.hcl`, for both architectures, with an
# SBOM and provenance attached; the target `local` loads one architecture for a try. Without
# --file, bake would read docker-compose.yml as well.

variable "REPOSITORY" {
  # Registry and path, without a tag. CI sets it; there is no default registry.
  default = "myashes-backend"
}

variable "TAG" {
  default = "dev"
}

variable "VERSION" {
  default = "1.0.0"
}

variable "REVISION" {
  default = "unknown"
}

variable "CREATED" {
  # RFC 3339, from the commit and not from the clock.
  default = "1970-01-01T00:00:00Z"
}

variable "SOURCE_DATE_EPOCH" {
  # The same instant in seconds. BuildKit stamps it on every file of the new layers, so that
  # the same commit gives the same digest.
  default = "0"
}

group "default" {
  targets = ["image"]
}

target "_common" {
  context    = "."
  dockerfile = "Dockerfile"
  target     = "runtime"
  args = {
    VERSION           = VERSION
    REVISION          = REVISION
    CREATED           = CREATED
    SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH
  }
}

target "image" {
  inherits  = ["_common"]
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["${REPOSITORY}:${TAG}"]
  attest = [
    "type=sbom",
    "type=provenance,mode=max",
  ]
  output     = ["type=image,push=true,rewrite-timestamp=true"]
  cache-from = ["type=registry,ref=${REPOSITORY}:buildcache"]
  cache-to   = ["type=registry,ref=${REPOSITORY}:buildcache,mode=max,ignore-error=true"]
}

target "local" {
  inherits = ["_common"]
  tags     = ["myashes-backend:dev"]
  output   = ["type=docker"]
}
