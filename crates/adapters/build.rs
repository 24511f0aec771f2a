//! Makes the migrations part of the library: a change to them is a change to it, and their text can be shown
//! before it is run.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script where to write through the environment"
)]
fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut table = String::from("const UP: &[(&str, &str, &str)] = &[\n");
    for database in ["postgres", "sqlite"] {
        let folder = root.join(database);
        println!("cargo:rerun-if-changed={}", folder.display());
        let mut names: Vec<String> = fs::read_dir(&folder)
            .expect("the migrations are beside the crates")
            .map(|entry| entry.expect("a readable folder").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        for name in names {
            let up = folder.join(&name).join("up.sql");
            println!("cargo:rerun-if-changed={}", up.display());
            writeln!(table, "    ({database:?}, {name:?}, include_str!({:?})),", up.display().to_string())
                .expect("a string takes any text");
        }
    }
    table.push_str("];\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("migrations.rs");
    fs::write(out, table).expect("the output folder can be written to");
}
