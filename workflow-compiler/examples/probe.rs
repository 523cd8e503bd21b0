fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let c = workflow_compiler::compile(&workflow_compiler::Input::folder(folder));
    println!(
        "{}",
        workflow_compiler::diagnostic::render::render(&c.diagnostics, &c.sources, false)
    );
    println!("{:#?}", c.programs);
}
