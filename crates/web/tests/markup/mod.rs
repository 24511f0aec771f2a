//! A reader of the markup that our templates write, strict enough to notice whatever a text breaks.

#![allow(dead_code, reason = "each test file uses a part of it")]

/// A start tag with its attributes, and the raw text up to the next tag.
#[derive(Debug, Clone)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

/// Reads the start tags of a page. Panics where the markup is not what the templates write.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('/') || rest.starts_with("!DOCTYPE html>") {
            rest = &rest[rest.find('>').expect("a tag ends")..];
            continue;
        }
        let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(!name.is_empty(), "a < that begins no tag: {}", &rest[..rest.len().min(40)]);
        rest = &rest[name.len()..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
                rest = after;
                break;
            }
            let attribute: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ':')).collect();
            assert!(!attribute.is_empty(), "no attribute in <{name}: {}", &rest[..rest.len().min(40)]);
            rest = &rest[attribute.len()..];
            let mut value = "";
            if let Some(after) = rest.strip_prefix("=\"") {
                let end = after.find('"').expect("a value ends");
                value = &after[..end];
                rest = &after[end + 1..];
            }
            attributes.push((attribute, value.to_owned()));
        }
        let mut text = &rest[..rest.find('<').unwrap_or(rest.len())];
        if name == "script" {
            let end = rest.find("</script>").expect("a script ends");
            text = &rest[..end];
            rest = &rest[end..];
        }
        tags.push(Tag { name, attributes, text: text.to_owned() });
    }
    tags
}
