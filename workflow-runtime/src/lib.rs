//! Serves compiled workflows: the machine, the values it works on, the engine that keeps runs,
//! and the MCP server that hands their steps to an agent.

pub mod children;
pub mod cli;
pub mod connectors;
pub mod data;
pub mod engine;
pub mod filters;
pub mod functions;
pub mod generated;
pub mod host;
pub mod http;
mod inputs;
pub mod machine;
pub mod mcp;
pub mod methods;
pub mod ops;
mod plural;
pub mod registry;
pub mod reply;
pub mod schema;
mod stop;
pub mod telemetry;
pub mod typed;
mod words;

pub use cli::main;
