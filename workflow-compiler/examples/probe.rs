fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let c = workflow_compiler::compile(&workflow_compiler::Input::folder(folder).functions("src/functions.rs"));
    eprintln!("{}", workflow_compiler::diagnostic::render::render(&c.diagnostics, &c.sources, false));
    let o = workflow_compiler::codegen::Options { mode: workflow_compiler::codegen::Mode::Readable, functions: "crate::functions", programs: &c.programs };
    println!("{}", workflow_compiler::codegen::file(&c.programs, &o));
}
