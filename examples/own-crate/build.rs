fn main() {
    workflow_compiler::build("workflows");
}
