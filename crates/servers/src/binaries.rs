//! Where the servers' programs lie on the systems that developers use.

use std::path::{Path, PathBuf};

/// The first program of that name in `PATH`, or where Debian puts servers.
#[expect(clippy::disallowed_methods, reason = "programs are found in the caller's PATH")]
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The folder with `initdb` and `postgres`: what is in `PATH`, else the newest installed one.
pub fn postgres() -> Option<PathBuf> {
    if let Some(initdb) = program("initdb") {
        // A link in PATH may lead to a wrapper; the programs must stand side by side.
        let folder = initdb.canonicalize().ok()?.parent()?.to_path_buf();
        if folder.join("postgres").is_file() {
            return Some(folder);
        }
    }
    let mut found: Vec<PathBuf> = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"]
        .iter()
        .flat_map(|parent| std::fs::read_dir(parent).into_iter().flatten().flatten())
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .collect();
    found.sort_by_key(|bin| version(bin));
    found.pop().or_else(|| {
        // Fedora and Arch put the programs straight into the system's folder.
        let bin = PathBuf::from("/usr/bin");
        bin.join("initdb").is_file().then_some(bin)
    })
}

/// Valkey or Redis: the service speaks to either.
pub fn redis() -> Option<PathBuf> {
    ["valkey-server", "redis-server"].iter().find_map(|name| program(name))
}

/// The number in `/usr/lib/postgresql/15/bin` or `/opt/homebrew/opt/postgresql@17/bin`.
fn version(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let digits: String = name.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::version;

    #[test]
    fn the_newest_version_is_found_by_number_and_not_by_letter() {
        assert!(
            version(Path::new("/usr/lib/postgresql/15/bin"))
                > version(Path::new("/usr/lib/postgresql/9/bin"))
        );
        assert_eq!(version(Path::new("/opt/homebrew/opt/postgresql@17/bin")), 17);
    }
}
