//! What the command line can say; the comments are the help that it prints.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  workflowc new support:triage     write a first workflow
  workflowc new --from release     copy a workflow of the library
  workflowc check                  say what is wrong with workflows/
  workflowc check --fix            mend what has a certain mend
  workflowc explain maybe-null     what a diagnostic means
  workflowc graph a.yaml > a.mmd   draw a workflow

Exits with 0 where all is well, 1 where there is something to mend, 2 where the command itself is
wrong.";

/// Checks workflows, and shows what they become
#[derive(Debug, Parser)]
#[command(name = "workflowc", version, styles = STYLES, after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
    /// Whether what is written for people has colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(super) color: Color,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say all that is wrong with workflows
    Check(Check),
    /// Explain a diagnostic, or list all of them
    Explain {
        /// The code, as it stands in brackets: `error[undeclared-state]`
        code: Option<String>,
    },
    /// Write the first file of a workflow, or copy one of the library
    New(New),
    /// Draw a workflow
    Graph(Graph),
    /// List the functions that a workflow can call
    Functions(Functions),
    /// List the filters and tests of templates
    Filters {
        /// For people, or one JSON object for programs
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Print the JSON Schema of workflow files, for editors
    Schema {
        /// That of `functions.yaml` instead
        #[arg(long)]
        functions: bool,
    },
    /// Print the Rust that a workflow becomes
    Expand {
        /// The workflow
        file: PathBuf,
        /// The Rust file of the host functions [default: src/functions.rs of the package]
        #[arg(long, value_name = "FILE")]
        functions: Option<PathBuf>,
    },
    /// Print a script that completes this command's words in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Folders of workflows, or single files, which are read with their folder and reported alone
    #[arg(default_value = "workflows", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Mend what has a certain mend
    #[arg(long)]
    pub(super) fix: bool,
    /// For whom the report is
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Let warnings fail, too
    #[arg(long)]
    pub(super) deny_warnings: bool,
    /// The Rust file of the host functions [default: src/functions.rs of the package]
    #[arg(long, value_name = "FILE")]
    pub(super) functions: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct New {
    /// Its name, such as `hello` or `support:triage`; what stands behind the colon names the file
    #[arg(required_unless_present_any = ["from", "list"])]
    pub(super) name: Option<String>,
    /// Copy a workflow of the library, with those that it starts; without a name it keeps its own
    #[arg(long, value_name = "NAME")]
    pub(super) from: Option<String>,
    /// List the workflows of the library
    #[arg(long, conflicts_with_all = ["name", "from", "dir"])]
    pub(super) list: bool,
    /// The folder of the workflows
    #[arg(long, default_value = "workflows", value_name = "FOLDER")]
    pub(super) dir: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct Graph {
    /// The workflow
    pub(super) file: PathBuf,
    /// What it is drawn as
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Drawing,
    /// The Rust file of the host functions [default: src/functions.rs of the package]
    #[arg(long, value_name = "FILE")]
    pub(super) functions: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Functions {
    /// The folder of the workflows
    #[arg(default_value = "workflows", value_name = "FOLDER")]
    pub(super) folder: PathBuf,
    /// For people, or one JSON object for programs
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: ListFormat,
    /// The Rust file of the host functions [default: src/functions.rs of the package]
    #[arg(long = "functions", value_name = "FILE")]
    pub(super) rust: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, with the lines concerned
    #[default]
    Human,
    /// One JSON object
    Json,
    /// Workflow commands, which GitHub shows beside the lines
    Github,
    /// A SARIF 2.1.0 log, for code scanning
    Sarif,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// For people
    #[default]
    Human,
    /// One JSON object
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Drawing {
    /// A Mermaid flowchart, which GitHub draws in Markdown
    #[default]
    Mermaid,
    /// A picture that stands by itself
    Svg,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// In any case
    Always,
    /// In no case
    Never,
}
