//! What the check changes of `docker-compose.yml`: names of images, so that those of the machine stay as they are,
//! and where base images and binary come from.

use serde_json::json;

use super::debian::BaseImages;

/// The services that run the project's image.
const OWN_SERVICES: [&str; 3] = ["migrate", "seed", "api"];

pub struct Override {
    /// Name of the image that is built.
    pub image: String,
    /// An image that holds the binary, instead of the Dockerfile's build stage.
    pub binary_from: Option<String>,
    images: Vec<(&'static str, &'static str)>,
    arguments: Vec<(&'static str, &'static str)>,
    bridge: Option<String>,
}

impl Override {
    /// `bases` replace the images of a registry; an engine of our own names its `bridge`.
    pub fn new(project: &str, bases: Option<&BaseImages>, bridge: Option<&str>) -> Self {
        let (mut images, mut arguments) = (Vec::new(), Vec::new());
        if let Some(bases) = bases {
            images = vec![("db", bases.postgres), ("cache", bases.valkey)];
            arguments.push(("RUNTIME_BASE", bases.runtime));
            arguments.extend(bases.rust.map(|rust| ("RUST_BASE", rust)));
        }
        let image = format!("{project}-backend");
        Self { image, binary_from: None, images, arguments, bridge: bridge.map(str::to_owned) }
    }

    /// Whether `db` and `cache` run the pinned images of a registry.
    pub fn uses_registry(&self) -> bool {
        self.images.is_empty()
    }

    /// The second compose file; every JSON document is a YAML document.
    pub fn text(&self) -> String {
        let mut build = json!({});
        let arguments = self.arguments.iter().copied();
        let binary = self.binary_from.as_deref().map(|image| ("BINARY_FROM", image));
        for (name, value) in arguments.chain(binary) {
            build["args"][name] = json!(value);
        }
        if self.bridge.is_some() {
            // Builds have no bridge there: the build stage fetches crates through the machine's network.
            build["network"] = json!("host");
        }
        let mut services = json!({});
        for service in OWN_SERVICES {
            services[service] = json!({"image": self.image, "build": build});
        }
        for (service, image) in &self.images {
            services[*service] = json!({"image": image, "pull_policy": "never"});
        }
        let mut document = json!({"services": services});
        if let Some(bridge) = &self.bridge {
            let options = json!({"com.docker.network.bridge.name": bridge});
            document["networks"]["default"]["driver_opts"] = options;
        }
        format!("{document:#}\n")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{BaseImages, Override};

    fn services(settings: &Override) -> Value {
        let document: Value = serde_json::from_str(&settings.text()).unwrap();
        document["services"].clone()
    }

    #[test]
    fn with_a_registry_only_the_name_of_the_built_image_changes() {
        let service = json!({"image": "check-1-backend", "build": {}});
        let expected = json!({"migrate": service, "seed": service, "api": service});
        assert_eq!(services(&Override::new("check-1", None, None)), expected);
    }

    #[test]
    fn a_binary_made_elsewhere_replaces_the_build_stage() {
        let mut settings = Override::new("check-1", None, None);
        settings.binary_from = Some("check-1-binary".into());
        for service in ["migrate", "seed", "api"] {
            assert_eq!(
                services(&settings)[service]["build"],
                json!({"args": {"BINARY_FROM": "check-1-binary"}})
            );
        }
    }

    #[test]
    fn images_made_of_packages_replace_those_of_a_registry() {
        let bases = BaseImages { postgres: "p", valkey: "v", runtime: "r", rust: Some("t") };
        let settings = Override::new("check-1", Some(&bases), Some("bridge-1"));
        assert!(!settings.uses_registry());
        let document: Value = serde_json::from_str(&settings.text()).unwrap();
        let options = &document["networks"]["default"]["driver_opts"];
        assert_eq!(options["com.docker.network.bridge.name"], "bridge-1");
        let services = services(&settings);
        assert_eq!(services["db"], json!({"image": "p", "pull_policy": "never"}));
        assert_eq!(services["cache"]["image"], "v");
        let build = json!({"args": {"RUNTIME_BASE": "r", "RUST_BASE": "t"}, "network": "host"});
        assert_eq!(services["api"]["build"], build);
    }
}
