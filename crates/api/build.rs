//! Packs the relocations of the program, which are two of its megabytes in memory otherwise. Such a program needs
//! glibc 2.36 (Debian 12, Ubuntu 24.04), which is why debug builds are left as they are.

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script by variables")]
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let variable = |name| std::env::var(name).unwrap_or_default();
    let is_glibc = variable("CARGO_CFG_TARGET_OS") == "linux" && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    if is_glibc && variable("PROFILE") == "release" {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
