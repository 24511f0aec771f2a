//! Embeds the files of `assets/`: each gets a name with the hash of its content and is compressed once.
//!
//! A key is the path below `assets/`; the served name is that path with `-` for `/` and the hash before the
//! extension. `"./name.js"` in a script and `url("./name.svg")` in a style sheet are replaced by the served
//! name, so that ES modules may import each other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest as _, Sha256};

/// An embedded file after its references were replaced.
struct Embedded {
    served: String,
    bytes: Vec<u8>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script where to write through the environment"
)]
fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    println!("cargo:rerun-if-changed={}", root.display());
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));

    let mut sources = BTreeMap::new();
    collect(&root, &root, &mut sources);
    let mut done = BTreeMap::new();
    let keys: Vec<String> = sources.keys().cloned().collect();
    for key in &keys {
        embed(key, &sources, &mut done, &mut Vec::new());
    }

    let mut table = String::from("static FILES: &[Embedded] = &[\n");
    for (key, file) in &done {
        write_entry(&mut table, &out, key, file);
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table).expect("OUT_DIR is writable");
}

fn collect(root: &Path, folder: &Path, sources: &mut BTreeMap<String, Vec<u8>>) {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).expect("assets/ is readable") {
        let path = entry.expect("assets/ is readable").path();
        if path.is_dir() {
            collect(root, &path, sources);
        } else {
            println!("cargo:rerun-if-changed={}", path.display());
            let key = path.strip_prefix(root).expect("below assets/").to_string_lossy().replace('\\', "/");
            sources.insert(key, fs::read(&path).expect("an asset is readable"));
        }
    }
}

/// Embeds a file after those that it refers to, and returns its served name.
fn embed(
    key: &str,
    sources: &BTreeMap<String, Vec<u8>>,
    done: &mut BTreeMap<String, Embedded>,
    open: &mut Vec<String>,
) -> String {
    if let Some(file) = done.get(key) {
        return file.served.clone();
    }
    assert!(!open.contains(&key.to_owned()), "assets refer to each other in a circle: {open:?}");
    open.push(key.to_owned());
    let mut bytes = sources[key].clone();
    if key.ends_with(".js") || key.ends_with(".css") {
        let mut text = String::from_utf8(bytes).expect("scripts and style sheets are UTF-8");
        let folder = key.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        for other in sources.keys().filter(|it| *it != key) {
            let Some(relative) = other.strip_prefix(&folder) else { continue };
            let reference = format!("\"./{relative}\"");
            if text.contains(&reference) {
                let served = embed(other, sources, done, open);
                text = text.replace(&reference, &format!("\"./{served}\""));
            }
        }
        bytes = text.into_bytes();
    }
    open.pop();
    let hash = hex::encode(&Sha256::digest(&bytes)[..6]);
    let flat = key.replace('/', "-");
    let (stem, extension) = flat.rsplit_once('.').expect("an asset has an extension");
    let served = format!("{stem}.{hash}.{extension}");
    done.insert(key.to_owned(), Embedded { served: served.clone(), bytes });
    served
}

fn write_entry(table: &mut String, out: &Path, key: &str, file: &Embedded) {
    let path = out.join(&file.served);
    fs::write(&path, &file.bytes).expect("OUT_DIR is writable");
    let (content_type, compress) = match key.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => ("text/css; charset=utf-8", true),
        Some("js") => ("text/javascript; charset=utf-8", true),
        Some("svg") => ("image/svg+xml", true),
        Some("png") => ("image/png", false),
        Some("ico") => ("image/x-icon", true),
        Some("webmanifest") => ("application/manifest+json", true),
        other => panic!("no content type is known for assets/{key} ({other:?})"),
    };
    let include = |encoded: Option<Vec<u8>>, extension: &str| match encoded {
        Some(encoded) if encoded.len() < file.bytes.len() => {
            let path = out.join(format!("{}.{extension}", file.served));
            fs::write(&path, encoded).expect("OUT_DIR is writable");
            format!("Some(include_bytes!({:?}))", path.display().to_string())
        }
        _ => "None".to_owned(),
    };
    let br = include(compress.then(|| brotli(&file.bytes)), "br");
    let gzip = include(compress.then(|| gzip(&file.bytes)), "gz");
    writeln!(
        table,
        "    Embedded {{ key: {key:?}, asset: Asset {{ name: {:?}, content_type: {content_type:?}, \
         bytes: include_bytes!({:?}), br: {br}, gzip: {gzip}, immutable: true }} }},",
        file.served,
        path.display().to_string()
    )
    .expect("a string takes any text");
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut encoded, &parameters).expect("compression in memory");
    encoded
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("compression in memory");
    encoder.finish().expect("compression in memory")
}
