//! Escaping for XML 1.0.

/// Text for an element or a quoted attribute. Characters that XML 1.0 forbids become U+FFFD.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn any_text_stays_within_its_element() {
        let hostile = "]]></a><b x=\"1\" y='2'>&amp;\u{0}\u{b}\u{1f}\u{ffff}\u{fffe}\t\r\n";
        let document = format!("<a t=\"{0}\">{0}</a>", escape(hostile));
        let parsed = roxmltree::Document::parse(&document).unwrap();
        assert_eq!(parsed.root().descendants().filter(roxmltree::Node::is_element).count(), 1);
        assert!(parsed.root_element().text().unwrap().starts_with("]]></a><b x=\"1\" y='2'>&amp;\u{fffd}"));
    }
}
