//! What a container may do, and what the image holds.

use anyhow::{Context, Result, ensure};

use super::equal;
use crate::compose_check::engine::output;
use crate::compose_check::report::CheckReport;
use crate::compose_check::stack::Stack;
use crate::interrupts;

/// In bytes.
const MAX_IMAGE_SIZE: u64 = 50_000_000;
const USER: &str = "65532";
/// A file that could be made in a writable root.
const FILE: &str = "/compose-check.db";
const SHELLS: [&str; 5] = ["sh", "bash", "dash", "ash", "busybox"];

pub fn run(stack: &Stack<'_>, report: &mut CheckReport) -> Result<()> {
    report.section("the image, and what its container may do")?;
    report.note("the image's size", size(stack))?;
    report.note("the image's user", image_user(stack))?;
    report.note("the user of the process", process_user(stack))?;
    report.note("a shell", no_shell(stack))?;
    // The image has no program but the service, which writes a SQLite file when it is asked to.
    let write = ["/usr/local/bin/myashes", "migrate"];
    report.note("the root of api", read_only_root(stack, "api", &write))?;
    report.note("the root of cache", read_only_root(stack, "cache", &["busybox", "touch", FILE]))?;
    for service in ["api", "cache"] {
        report.note(&format!("the privileges of {service}"), privileges(stack, service))?;
    }
    report.note("the published ports", ports(stack))
}

fn size(stack: &Stack<'_>) -> Result<String> {
    let size: u64 = image(stack, "{{.Size}}")?.parse().context("docker names no size")?;
    let text = format!("{:.1} MB of {} MB", size as f64 / 1e6, MAX_IMAGE_SIZE / 1_000_000);
    ensure!(size < MAX_IMAGE_SIZE, "{text}");
    Ok(text)
}

fn image_user(stack: &Stack<'_>) -> Result<String> {
    equal(image(stack, "{{.Config.User}}")?, &format!("{USER}:{USER}"))
}

fn process_user(stack: &Stack<'_>) -> Result<String> {
    let container = stack.container("api");
    let table = output(stack.engine.docker().args(["top", &container, "-o", "pid,uid"]))?;
    let users = users(&table);
    ensure!(!users.is_empty() && users.iter().all(|user| *user == USER), "{}", users.join(", "));
    Ok(format!("uid {USER}"))
}

/// The column of users in a table that begins with a heading.
fn users(table: &str) -> Vec<&str> {
    table.lines().skip(1).filter_map(|line| line.split_whitespace().nth(1)).collect()
}

fn no_shell(stack: &Stack<'_>) -> Result<String> {
    let container = stack.container("api");
    for shell in SHELLS {
        let mut exec = stack.engine.docker();
        let found = interrupts::output(exec.args(["exec", &container, shell, "-c", "true"]))?;
        // 126 and 127: the engine could not start it.
        let code = found.status.code();
        ensure!(matches!(code, Some(126 | 127)), "{shell} is there: it ended with {code:?}");
    }
    Ok(format!("none of {}", SHELLS.join(", ")))
}

/// The flag, and whether root can write a file all the same.
fn read_only_root(stack: &Stack<'_>, service: &str, write: &[&str]) -> Result<String> {
    equal(stack.inspect(service, "{{.HostConfig.ReadonlyRootfs}}")?, "true")?;
    let mut exec = stack.compose();
    exec.args(["exec", "-T", "--user=0", &format!("--env=DATABASE_URL=sqlite://{FILE}"), service]);
    let tried = interrupts::output(exec.args(write))?;
    ensure!(!tried.status.success(), "{FILE} can be written");
    Ok("read-only, also for root".into())
}

fn privileges(stack: &Stack<'_>, service: &str) -> Result<String> {
    let found = stack.inspect(service, "{{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}")?;
    equal(found, "[ALL] [no-new-privileges:true]")
}

/// Each is bound to the loopback interface.
fn ports(stack: &Stack<'_>) -> Result<String> {
    let mut published = Vec::new();
    for service in ["db", "cache", "api"] {
        let format = "{{range .NetworkSettings.Ports}}{{range .}}{{.HostIp}}:{{.HostPort}} {{end}}{{end}}";
        let bound = stack.inspect(service, format)?;
        for address in bound.split_whitespace() {
            ensure!(address.starts_with("127.0.0.1:"), "{service} is published on {address}");
            published.push(address.to_owned());
        }
    }
    ensure!(published.len() == 3, "{} ports are published", published.len());
    Ok(published.join(", "))
}

fn image(stack: &Stack<'_>, format: &str) -> Result<String> {
    output(stack.engine.docker().args(["image", "inspect", "--format", format, &stack.image]))
}

#[cfg(test)]
mod tests {
    use super::users;

    #[test]
    fn the_users_are_the_second_column_below_the_heading() {
        assert_eq!(users("PID   UID\n4711  65532\n4712  0\n"), ["65532", "0"]);
        assert!(users("PID   UID\n").is_empty());
    }
}
