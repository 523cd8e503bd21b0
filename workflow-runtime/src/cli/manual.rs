//! The command line itself, for shells and for `man`.

use std::io::Write;
use std::process::ExitCode;

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::args::Args;
use super::failure::Failure;

/// Writes what completes the command's words in a shell
pub(crate) fn completions(shell: Shell, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "workflow-server", &mut script);
    write(out, &script)
}

/// Writes the manual page: the command, and then each of its own
pub(crate) fn manual(out: &mut impl Write) -> Result<ExitCode, Failure> {
    let mut page = Vec::new();
    let mut command = Args::command();
    command.build();
    let rendered = clap_mangen::Man::new(command.clone()).render(&mut page).and_then(|()| {
        command
            .get_subcommands()
            .filter(|of| of.get_name() != "help")
            .try_for_each(|of| section(of, &mut page))
    });
    // Writing to memory cannot fail.
    rendered.map_err(|error| Failure::writing(&error))?;
    write(out, &page)
}

/// What a command says of itself, and of the commands in it
fn section(command: &Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    let man = clap_mangen::Man::new(command.clone());
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    writeln!(page, ".SH \"{}\"", name.to_uppercase().replace('-', "\\-"))?;
    let mut part = Vec::new();
    man.render_description_section(&mut part)?;
    man.render_options_section(&mut part)?;
    // Its parts stand below, not beside.
    page.extend(String::from_utf8_lossy(&part).replace(".SH ", ".SS ").bytes());
    let inner = command.get_subcommands().filter(|of| of.get_name() != "help");
    inner.into_iter().try_for_each(|of| section(of, page))
}

fn write(out: &mut impl Write, text: &[u8]) -> Result<ExitCode, Failure> {
    let written = out.write_all(text).and_then(|()| out.flush());
    written.map(|()| ExitCode::SUCCESS).map_err(|error| Failure::writing(&error))
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_is_told_of_every_command() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            completions(*shell, &mut script).unwrap();
            let script = String::from_utf8(script).unwrap();
            for word in ["serve", "watch", "metrics-addr", "completions"] {
                assert!(script.contains(word), "{shell}: no `{word}`");
            }
        }
    }

    #[test]
    fn the_manual_has_every_command_and_option() {
        let mut page = Vec::new();
        manual(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap().replace("\\-", "-");
        assert!(page.contains(".TH workflow-server 1"), "{page}");
        for word in ["SERVE", "RUNS WATCH", "--metrics-addr", "METRICS_ADDR"] {
            assert!(page.contains(word), "no `{word}` in {page}");
        }
    }
}
