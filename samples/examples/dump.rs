//! Prints or writes a project: `cargo run -p workflow-samples --example dump -- SEED COUNT SIZE [FOLDER]`

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, usual| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let size = usize::try_from(number(2, 5)).unwrap_or(5);
    let count = usize::try_from(number(1, 1)).unwrap_or(1);
    for file in workflow_samples::project(number(0, 1), count, size) {
        match arguments.get(3) {
            Some(folder) => {
                std::fs::write(std::path::Path::new(folder).join(&file.path), file.text)?;
            }
            None => println!("=== {}\n{}", file.path, file.text),
        }
    }
    Ok(())
}
