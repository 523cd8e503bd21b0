//! A workflow that calls everything that is built in, and what each call gives: the examples of the
//! manual, typed and with values of which nothing is known, and further rows.

use workflow_compiler::builtins::{Example, FILTERS, FUNCTIONS, METHODS, TESTS};

mod rows;

/// A call: its key in what the workflow returns, itself, what its result prints as
pub type Row = (String, String, String);

/// All calls
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for filter in FILTERS {
        both(&mut rows, filter.name, &filter.example, " | ");
    }
    for test in TESTS {
        both(&mut rows, &format!("is_{}", test.name), &test.example, " is ");
    }
    for method in METHODS {
        both(&mut rows, &format!("{}()", method.name), &method.example, ".");
    }
    for function in FUNCTIONS.iter().filter(|function| function.name == "range") {
        rows.push(row(
            &function.example,
            function.name.to_owned(),
            function.example.call.to_owned(),
        ));
    }
    for (at, (expression, gives)) in rows::ROWS.iter().enumerate() {
        let (expression, gives) = ((*expression).to_owned(), (*gives).to_owned());
        rows.push((format!("row {at}"), expression, gives));
    }
    rows
}

/// The example as it stands, and with a value of which nothing is known
fn both(rows: &mut Vec<Row>, name: &str, example: &Example, operator: &str) {
    let Example { of, call, .. } = example;
    if of.is_empty() {
        return;
    }
    rows.push(row(example, name.to_owned(), format!("{of}{operator}{call}")));
    let text = of.replace('\\', "\\\\").replace('\'', "\\'");
    let any = format!("('{text}' | parse_json){operator}{call}");
    rows.push(row(example, format!("{name} of any"), any));
}

fn row(example: &Example, key: String, expression: String) -> Row {
    (key, expression, example.gives.to_owned())
}
