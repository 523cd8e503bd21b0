fn main() {
    let n: Vec<usize> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    for file in workflow_samples::project(n[0] as u64, n[1], n[2]) {
        println!("=== {}\n{}", file.path, file.text);
    }
}
