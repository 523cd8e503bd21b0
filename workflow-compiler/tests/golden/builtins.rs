/// `builtins` 1.0.0 (`builtins.yaml`)
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod builtins {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// `list<object{name: string, age: int, boss: string?, tags: list<string>}>`
        pub people: Vec<PeopleItem>,
        /// `any`
        pub raw: Value,
        /// `list<string>`
        pub words: Vec<String>,
        /// `int`
        pub limit: i64,
    }
    variables!(Inputs {
        "people" => people: "list<object{name: string, age: int, boss: string?, tags: list<string>}>",
        "raw" => raw: "any",
        "words" => words: "list<string>",
        "limit" => limit: "int",
    });

    /// The author's variables, builtins.yaml:1
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {}
    variables!(State {});

    /// Runs have no item
    pub type Item = ();

    /// What a run returns
    pub type Output = Returned;

    /// The shape of `inputs.people[]`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PeopleItem {
        /// `string`
        pub name: String,
        /// `int`
        pub age: i64,
        /// `string?`
        pub boss: Option<String>,
        /// `list<string>`
        pub tags: Vec<String>,
    }
    record!(PeopleItem { "name" => name, "age" => age, "boss" => boss, "tags" => tags });

    /// The shape of `result`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Returned {
        /// `string`
        pub default: String,
        /// `any`
        pub default_of_any: Value,
        /// `string`
        pub tojson: String,
        /// `string`
        pub tojson_of_any: String,
        /// `any`
        pub parse_json: Value,
        /// `any`
        pub parse_json_of_any: Value,
        /// `string`
        pub hash: String,
        /// `string`
        pub hash_of_any: String,
        /// `int`
        pub length: i64,
        /// `int`
        pub length_of_any: i64,
        /// `int?`
        pub first: Option<i64>,
        /// `any`
        pub first_of_any: Value,
        /// `int?`
        pub last: Option<i64>,
        /// `any`
        pub last_of_any: Value,
        /// `string`
        pub join: String,
        /// `string`
        pub join_of_any: String,
        /// `list<string>`
        pub list: Vec<String>,
        /// `list<any>`
        pub list_of_any: Vec<Value>,
        /// `list<string>`
        pub map: Vec<String>,
        /// `list<string>`
        pub map_of_any: Vec<String>,
        /// `list<int>`
        pub select: Vec<i64>,
        /// `list<any>`
        pub select_of_any: Vec<Value>,
        /// `list<int>`
        pub reject: Vec<i64>,
        /// `list<any>`
        pub reject_of_any: Vec<Value>,
        /// `list<object{n: int}>`
        pub selectattr: Vec<ReturnedSelectattrItem>,
        /// `list<any>`
        pub selectattr_of_any: Vec<Value>,
        /// `list<object{n: int}>`
        pub rejectattr: Vec<ReturnedSelectattrItem>,
        /// `list<any>`
        pub rejectattr_of_any: Vec<Value>,
        /// `list<string>`
        pub sort: Vec<String>,
        /// `list<any>`
        pub sort_of_any: Vec<Value>,
        /// `list<string>`
        pub unique: Vec<String>,
        /// `list<any>`
        pub unique_of_any: Vec<Value>,
        /// `int?`
        pub min: Option<i64>,
        /// `any`
        pub min_of_any: Value,
        /// `int?`
        pub max: Option<i64>,
        /// `any`
        pub max_of_any: Value,
        /// `list<string>`
        pub groupby: Vec<String>,
        /// `list<any>`
        pub groupby_of_any: Vec<Value>,
        /// `int`
        pub sum: i64,
        /// `any`
        pub sum_of_any: Value,
        /// `list<int>`
        pub reverse: Vec<i64>,
        /// `any`
        pub reverse_of_any: Value,
        /// `list<list<int>>`
        pub batch: Vec<Vec<i64>>,
        /// `list<list<any>>`
        pub batch_of_any: Vec<Vec<Value>>,
        /// `list<list<int>>`
        pub slice: Vec<Vec<i64>>,
        /// `list<list<any>>`
        pub slice_of_any: Vec<Vec<Value>>,
        /// `list<list<any>>`
        pub items: Vec<Vec<Value>>,
        /// `list<list<any>>`
        pub items_of_any: Vec<Vec<Value>>,
        /// `list<list<any>>`
        pub dictsort: Vec<Vec<Value>>,
        /// `list<list<any>>`
        pub dictsort_of_any: Vec<Vec<Value>>,
        /// `string`
        pub upper: String,
        /// `string`
        pub upper_of_any: String,
        /// `string`
        pub lower: String,
        /// `string`
        pub lower_of_any: String,
        /// `string`
        pub title: String,
        /// `string`
        pub title_of_any: String,
        /// `string`
        pub capitalize: String,
        /// `string`
        pub capitalize_of_any: String,
        /// `string`
        pub trim: String,
        /// `string`
        pub trim_of_any: String,
        /// `list<string>`
        pub split: Vec<String>,
        /// `list<string>`
        pub split_of_any: Vec<String>,
        /// `string`
        pub replace: String,
        /// `string`
        pub replace_of_any: String,
        /// `string`
        pub indent: String,
        /// `string`
        pub indent_of_any: String,
        /// `string`
        pub truncate: String,
        /// `string`
        pub truncate_of_any: String,
        /// `string`
        pub center: String,
        /// `string`
        pub center_of_any: String,
        /// `int`
        pub wordcount: i64,
        /// `int`
        pub wordcount_of_any: i64,
        /// `string`
        pub string: String,
        /// `string`
        pub string_of_any: String,
        /// `int`
        pub int: i64,
        /// `int`
        pub int_of_any: i64,
        /// `float`
        pub float: f64,
        /// `float`
        pub float_of_any: f64,
        /// `bool`
        pub bool: bool,
        /// `bool`
        pub bool_of_any: bool,
        /// `float`
        pub round: f64,
        /// `any`
        pub round_of_any: Value,
        /// `int`
        pub abs: i64,
        /// `any`
        pub abs_of_any: Value,
        /// `string`
        pub base64_encode: String,
        /// `string`
        pub base64_encode_of_any: String,
        /// `string`
        pub base64_decode: String,
        /// `string`
        pub base64_decode_of_any: String,
        /// `string`
        pub escape: String,
        /// `string`
        pub escape_of_any: String,
        /// `string`
        pub striptags: String,
        /// `string`
        pub striptags_of_any: String,
        /// `string`
        pub urlencode: String,
        /// `string`
        pub urlencode_of_any: String,
        /// `string`
        pub shellquote: String,
        /// `string`
        pub shellquote_of_any: String,
        /// `list<string>`
        pub regex_search: Vec<String>,
        /// `list<string>`
        pub regex_search_of_any: Vec<String>,
        /// `list<string>`
        pub regex_findall: Vec<String>,
        /// `list<string>`
        pub regex_findall_of_any: Vec<String>,
        /// `string`
        pub regex_replace: String,
        /// `string`
        pub regex_replace_of_any: String,
        /// `string`
        pub filesizeformat: String,
        /// `string`
        pub filesizeformat_of_any: String,
        /// `bool`
        pub is_none: bool,
        /// `bool`
        pub is_none_of_any: bool,
        /// `bool`
        pub is_defined: bool,
        /// `bool`
        pub is_defined_of_any: bool,
        /// `bool`
        pub is_undefined: bool,
        /// `bool`
        pub is_undefined_of_any: bool,
        /// `bool`
        pub is_string: bool,
        /// `bool`
        pub is_string_of_any: bool,
        /// `bool`
        pub is_number: bool,
        /// `bool`
        pub is_number_of_any: bool,
        /// `bool`
        pub is_integer: bool,
        /// `bool`
        pub is_integer_of_any: bool,
        /// `bool`
        pub is_float: bool,
        /// `bool`
        pub is_float_of_any: bool,
        /// `bool`
        pub is_boolean: bool,
        /// `bool`
        pub is_boolean_of_any: bool,
        /// `bool`
        pub is_true: bool,
        /// `bool`
        pub is_true_of_any: bool,
        /// `bool`
        pub is_false: bool,
        /// `bool`
        pub is_false_of_any: bool,
        /// `bool`
        pub is_mapping: bool,
        /// `bool`
        pub is_mapping_of_any: bool,
        /// `bool`
        pub is_sequence: bool,
        /// `bool`
        pub is_sequence_of_any: bool,
        /// `bool`
        pub is_iterable: bool,
        /// `bool`
        pub is_iterable_of_any: bool,
        /// `bool`
        pub is_odd: bool,
        /// `bool`
        pub is_odd_of_any: bool,
        /// `bool`
        pub is_even: bool,
        /// `bool`
        pub is_even_of_any: bool,
        /// `bool`
        pub is_divisibleby: bool,
        /// `bool`
        pub is_divisibleby_of_any: bool,
        /// `bool`
        pub is_eq: bool,
        /// `bool`
        pub is_eq_of_any: bool,
        /// `bool`
        pub is_ne: bool,
        /// `bool`
        pub is_ne_of_any: bool,
        /// `bool`
        pub is_lt: bool,
        /// `bool`
        pub is_lt_of_any: bool,
        /// `bool`
        pub is_le: bool,
        /// `bool`
        pub is_le_of_any: bool,
        /// `bool`
        pub is_gt: bool,
        /// `bool`
        pub is_gt_of_any: bool,
        /// `bool`
        pub is_ge: bool,
        /// `bool`
        pub is_ge_of_any: bool,
        /// `bool`
        pub is_in: bool,
        /// `bool`
        pub is_in_of_any: bool,
        /// `bool`
        pub is_sameas: bool,
        /// `bool`
        pub is_sameas_of_any: bool,
        /// `bool`
        pub is_lower: bool,
        /// `bool`
        pub is_lower_of_any: bool,
        /// `bool`
        pub is_upper: bool,
        /// `bool`
        pub is_upper_of_any: bool,
        /// `bool`
        pub is_callable: bool,
        /// `bool`
        pub is_callable_of_any: bool,
        /// `bool`
        pub is_escaped: bool,
        /// `bool`
        pub is_escaped_of_any: bool,
        /// `string`
        pub upper_2: String,
        /// `string`
        pub upper_of_any_2: String,
        /// `string`
        pub lower_2: String,
        /// `string`
        pub lower_of_any_2: String,
        /// `string`
        pub capitalize_2: String,
        /// `string`
        pub capitalize_of_any_2: String,
        /// `string`
        pub title_2: String,
        /// `string`
        pub title_of_any_2: String,
        /// `string`
        pub swapcase: String,
        /// `string`
        pub swapcase_of_any: String,
        /// `string`
        pub strip: String,
        /// `string`
        pub strip_of_any: String,
        /// `string`
        pub lstrip: String,
        /// `string`
        pub lstrip_of_any: String,
        /// `string`
        pub rstrip: String,
        /// `string`
        pub rstrip_of_any: String,
        /// `list<string>`
        pub split_2: Vec<String>,
        /// `list<string>`
        pub split_of_any_2: Vec<String>,
        /// `list<string>`
        pub rsplit: Vec<String>,
        /// `list<string>`
        pub rsplit_of_any: Vec<String>,
        /// `list<string>`
        pub splitlines: Vec<String>,
        /// `list<string>`
        pub splitlines_of_any: Vec<String>,
        /// `string`
        pub replace_2: String,
        /// `string`
        pub replace_of_any_2: String,
        /// `bool`
        pub startswith: bool,
        /// `bool`
        pub startswith_of_any: bool,
        /// `bool`
        pub endswith: bool,
        /// `bool`
        pub endswith_of_any: bool,
        /// `string`
        pub removeprefix: String,
        /// `string`
        pub removeprefix_of_any: String,
        /// `string`
        pub removesuffix: String,
        /// `string`
        pub removesuffix_of_any: String,
        /// `int`
        pub find: i64,
        /// `int`
        pub find_of_any: i64,
        /// `int`
        pub rfind: i64,
        /// `int`
        pub rfind_of_any: i64,
        /// `string`
        pub zfill: String,
        /// `string`
        pub zfill_of_any: String,
        /// `string`
        pub center_2: String,
        /// `string`
        pub center_of_any_2: String,
        /// `string`
        pub ljust: String,
        /// `string`
        pub ljust_of_any: String,
        /// `string`
        pub rjust: String,
        /// `string`
        pub rjust_of_any: String,
        /// `string`
        pub join_2: String,
        /// `string`
        pub join_of_any_2: String,
        /// `bool`
        pub isdigit: bool,
        /// `bool`
        pub isdigit_of_any: bool,
        /// `bool`
        pub isalpha: bool,
        /// `bool`
        pub isalpha_of_any: bool,
        /// `bool`
        pub isalnum: bool,
        /// `bool`
        pub isalnum_of_any: bool,
        /// `bool`
        pub isspace: bool,
        /// `bool`
        pub isspace_of_any: bool,
        /// `bool`
        pub islower: bool,
        /// `bool`
        pub islower_of_any: bool,
        /// `bool`
        pub isupper: bool,
        /// `bool`
        pub isupper_of_any: bool,
        /// `int`
        pub count: i64,
        /// `int`
        pub count_of_any: i64,
        /// `int`
        pub index: i64,
        /// `int`
        pub index_of_any: i64,
        /// `list<list<any>>`
        pub items_2: Vec<Vec<Value>>,
        /// `list<list<any>>`
        pub items_of_any_2: Vec<Vec<Value>>,
        /// `list<string>`
        pub keys: Vec<String>,
        /// `list<string>`
        pub keys_of_any: Vec<String>,
        /// `list<any>`
        pub values: Vec<Value>,
        /// `list<any>`
        pub values_of_any: Vec<Value>,
        /// `int`
        pub get: i64,
        /// `any`
        pub get_of_any: Value,
        /// `list<int>`
        pub range: Vec<i64>,
        /// `string`
        pub row_0: String,
        /// `string`
        pub row_1: String,
        /// `list<string>`
        pub row_2: Vec<String>,
        /// `list<any>`
        pub row_3: Vec<Value>,
        /// `list<string>`
        pub row_4: Vec<String>,
        /// `list<string>`
        pub row_5: Vec<String>,
        /// `list<string>`
        pub row_6: Vec<String>,
        /// `list<any>`
        pub row_7: Vec<Value>,
        /// `int`
        pub row_8: i64,
        /// `int?`
        pub row_9: Option<i64>,
        /// `list<int>`
        pub row_10: Vec<i64>,
        /// `list<string>`
        pub row_11: Vec<String>,
        /// `list<string>`
        pub row_12: Vec<String>,
        /// `list<string>`
        pub row_13: Vec<String>,
        /// `list<any>`
        pub row_14: Vec<Value>,
        /// `int`
        pub row_15: i64,
        /// `any`
        pub row_16: Value,
        /// `list<string>`
        pub row_17: Vec<String>,
        /// `any`
        pub row_18: Value,
        /// `bool`
        pub row_19: bool,
        /// `list<string>`
        pub row_20: Vec<String>,
        /// `string`
        pub row_21: String,
        /// `list<int>`
        pub row_22: Vec<i64>,
        /// `list<any>`
        pub row_23: Vec<Value>,
        /// `list<string>`
        pub row_24: Vec<String>,
        /// `list<string>`
        pub row_25: Vec<String>,
        /// `list<list<string>>`
        pub row_26: Vec<Vec<String>>,
        /// `list<int?>`
        pub row_27: Vec<Option<i64>>,
        /// `list<int>`
        pub row_28: Vec<i64>,
        /// `bool`
        pub row_29: bool,
        /// `list<list<any>>`
        pub row_30: Vec<Vec<Value>>,
        /// `list<int>`
        pub row_31: Vec<i64>,
        /// `list<int>`
        pub row_32: Vec<i64>,
        /// `string`
        pub row_33: String,
        /// `string`
        pub row_34: String,
        /// `int`
        pub row_35: i64,
        /// `string`
        pub row_36: String,
        /// `any`
        pub row_37: Value,
        /// `string`
        pub row_38: String,
        /// `string`
        pub row_39: String,
        /// `list<list<string>>`
        pub row_40: Vec<Vec<String>>,
        /// `list<string>`
        pub row_41: Vec<String>,
        /// `list<string>`
        pub row_42: Vec<String>,
        /// `list<any>`
        pub row_43: Vec<Value>,
        /// `bool`
        pub row_44: bool,
        /// `bool`
        pub row_45: bool,
        /// `bool`
        pub row_46: bool,
        /// `int`
        pub row_47: i64,
        /// `bool`
        pub row_48: bool,
        /// `float`
        pub row_49: f64,
        /// `float`
        pub row_50: f64,
        /// `int`
        pub row_51: i64,
        /// `any`
        pub row_52: Value,
        /// `string`
        pub row_53: String,
        /// `string`
        pub row_54: String,
        /// `string`
        pub row_55: String,
        /// `int`
        pub row_56: i64,
        /// `list<list<any>>`
        pub row_57: Vec<Vec<Value>>,
        /// `list<list<int>>`
        pub row_58: Vec<Vec<i64>>,
        /// `string`
        pub row_59: String,
        /// `string`
        pub row_60: String,
        /// `string`
        pub row_61: String,
        /// `string`
        pub row_62: String,
        /// `string?`
        pub row_63: Option<String>,
        /// `int?`
        pub row_64: Option<i64>,
        /// `any`
        pub row_65: Value,
        /// `string`
        pub row_66: String,
        /// `bool`
        pub row_67: bool,
    }
    record!(Returned {
        "default" => default,
        "default of any" => default_of_any,
        "tojson" => tojson,
        "tojson of any" => tojson_of_any,
        "parse_json" => parse_json,
        "parse_json of any" => parse_json_of_any,
        "hash" => hash,
        "hash of any" => hash_of_any,
        "length" => length,
        "length of any" => length_of_any,
        "first" => first,
        "first of any" => first_of_any,
        "last" => last,
        "last of any" => last_of_any,
        "join" => join,
        "join of any" => join_of_any,
        "list" => list,
        "list of any" => list_of_any,
        "map" => map,
        "map of any" => map_of_any,
        "select" => select,
        "select of any" => select_of_any,
        "reject" => reject,
        "reject of any" => reject_of_any,
        "selectattr" => selectattr,
        "selectattr of any" => selectattr_of_any,
        "rejectattr" => rejectattr,
        "rejectattr of any" => rejectattr_of_any,
        "sort" => sort,
        "sort of any" => sort_of_any,
        "unique" => unique,
        "unique of any" => unique_of_any,
        "min" => min,
        "min of any" => min_of_any,
        "max" => max,
        "max of any" => max_of_any,
        "groupby" => groupby,
        "groupby of any" => groupby_of_any,
        "sum" => sum,
        "sum of any" => sum_of_any,
        "reverse" => reverse,
        "reverse of any" => reverse_of_any,
        "batch" => batch,
        "batch of any" => batch_of_any,
        "slice" => slice,
        "slice of any" => slice_of_any,
        "items" => items,
        "items of any" => items_of_any,
        "dictsort" => dictsort,
        "dictsort of any" => dictsort_of_any,
        "upper" => upper,
        "upper of any" => upper_of_any,
        "lower" => lower,
        "lower of any" => lower_of_any,
        "title" => title,
        "title of any" => title_of_any,
        "capitalize" => capitalize,
        "capitalize of any" => capitalize_of_any,
        "trim" => trim,
        "trim of any" => trim_of_any,
        "split" => split,
        "split of any" => split_of_any,
        "replace" => replace,
        "replace of any" => replace_of_any,
        "indent" => indent,
        "indent of any" => indent_of_any,
        "truncate" => truncate,
        "truncate of any" => truncate_of_any,
        "center" => center,
        "center of any" => center_of_any,
        "wordcount" => wordcount,
        "wordcount of any" => wordcount_of_any,
        "string" => string,
        "string of any" => string_of_any,
        "int" => int,
        "int of any" => int_of_any,
        "float" => float,
        "float of any" => float_of_any,
        "bool" => bool,
        "bool of any" => bool_of_any,
        "round" => round,
        "round of any" => round_of_any,
        "abs" => abs,
        "abs of any" => abs_of_any,
        "base64_encode" => base64_encode,
        "base64_encode of any" => base64_encode_of_any,
        "base64_decode" => base64_decode,
        "base64_decode of any" => base64_decode_of_any,
        "escape" => escape,
        "escape of any" => escape_of_any,
        "striptags" => striptags,
        "striptags of any" => striptags_of_any,
        "urlencode" => urlencode,
        "urlencode of any" => urlencode_of_any,
        "shellquote" => shellquote,
        "shellquote of any" => shellquote_of_any,
        "regex_search" => regex_search,
        "regex_search of any" => regex_search_of_any,
        "regex_findall" => regex_findall,
        "regex_findall of any" => regex_findall_of_any,
        "regex_replace" => regex_replace,
        "regex_replace of any" => regex_replace_of_any,
        "filesizeformat" => filesizeformat,
        "filesizeformat of any" => filesizeformat_of_any,
        "is_none" => is_none,
        "is_none of any" => is_none_of_any,
        "is_defined" => is_defined,
        "is_defined of any" => is_defined_of_any,
        "is_undefined" => is_undefined,
        "is_undefined of any" => is_undefined_of_any,
        "is_string" => is_string,
        "is_string of any" => is_string_of_any,
        "is_number" => is_number,
        "is_number of any" => is_number_of_any,
        "is_integer" => is_integer,
        "is_integer of any" => is_integer_of_any,
        "is_float" => is_float,
        "is_float of any" => is_float_of_any,
        "is_boolean" => is_boolean,
        "is_boolean of any" => is_boolean_of_any,
        "is_true" => is_true,
        "is_true of any" => is_true_of_any,
        "is_false" => is_false,
        "is_false of any" => is_false_of_any,
        "is_mapping" => is_mapping,
        "is_mapping of any" => is_mapping_of_any,
        "is_sequence" => is_sequence,
        "is_sequence of any" => is_sequence_of_any,
        "is_iterable" => is_iterable,
        "is_iterable of any" => is_iterable_of_any,
        "is_odd" => is_odd,
        "is_odd of any" => is_odd_of_any,
        "is_even" => is_even,
        "is_even of any" => is_even_of_any,
        "is_divisibleby" => is_divisibleby,
        "is_divisibleby of any" => is_divisibleby_of_any,
        "is_eq" => is_eq,
        "is_eq of any" => is_eq_of_any,
        "is_ne" => is_ne,
        "is_ne of any" => is_ne_of_any,
        "is_lt" => is_lt,
        "is_lt of any" => is_lt_of_any,
        "is_le" => is_le,
        "is_le of any" => is_le_of_any,
        "is_gt" => is_gt,
        "is_gt of any" => is_gt_of_any,
        "is_ge" => is_ge,
        "is_ge of any" => is_ge_of_any,
        "is_in" => is_in,
        "is_in of any" => is_in_of_any,
        "is_sameas" => is_sameas,
        "is_sameas of any" => is_sameas_of_any,
        "is_lower" => is_lower,
        "is_lower of any" => is_lower_of_any,
        "is_upper" => is_upper,
        "is_upper of any" => is_upper_of_any,
        "is_callable" => is_callable,
        "is_callable of any" => is_callable_of_any,
        "is_escaped" => is_escaped,
        "is_escaped of any" => is_escaped_of_any,
        "upper()" => upper_2,
        "upper() of any" => upper_of_any_2,
        "lower()" => lower_2,
        "lower() of any" => lower_of_any_2,
        "capitalize()" => capitalize_2,
        "capitalize() of any" => capitalize_of_any_2,
        "title()" => title_2,
        "title() of any" => title_of_any_2,
        "swapcase()" => swapcase,
        "swapcase() of any" => swapcase_of_any,
        "strip()" => strip,
        "strip() of any" => strip_of_any,
        "lstrip()" => lstrip,
        "lstrip() of any" => lstrip_of_any,
        "rstrip()" => rstrip,
        "rstrip() of any" => rstrip_of_any,
        "split()" => split_2,
        "split() of any" => split_of_any_2,
        "rsplit()" => rsplit,
        "rsplit() of any" => rsplit_of_any,
        "splitlines()" => splitlines,
        "splitlines() of any" => splitlines_of_any,
        "replace()" => replace_2,
        "replace() of any" => replace_of_any_2,
        "startswith()" => startswith,
        "startswith() of any" => startswith_of_any,
        "endswith()" => endswith,
        "endswith() of any" => endswith_of_any,
        "removeprefix()" => removeprefix,
        "removeprefix() of any" => removeprefix_of_any,
        "removesuffix()" => removesuffix,
        "removesuffix() of any" => removesuffix_of_any,
        "find()" => find,
        "find() of any" => find_of_any,
        "rfind()" => rfind,
        "rfind() of any" => rfind_of_any,
        "zfill()" => zfill,
        "zfill() of any" => zfill_of_any,
        "center()" => center_2,
        "center() of any" => center_of_any_2,
        "ljust()" => ljust,
        "ljust() of any" => ljust_of_any,
        "rjust()" => rjust,
        "rjust() of any" => rjust_of_any,
        "join()" => join_2,
        "join() of any" => join_of_any_2,
        "isdigit()" => isdigit,
        "isdigit() of any" => isdigit_of_any,
        "isalpha()" => isalpha,
        "isalpha() of any" => isalpha_of_any,
        "isalnum()" => isalnum,
        "isalnum() of any" => isalnum_of_any,
        "isspace()" => isspace,
        "isspace() of any" => isspace_of_any,
        "islower()" => islower,
        "islower() of any" => islower_of_any,
        "isupper()" => isupper,
        "isupper() of any" => isupper_of_any,
        "count()" => count,
        "count() of any" => count_of_any,
        "index()" => index,
        "index() of any" => index_of_any,
        "items()" => items_2,
        "items() of any" => items_of_any_2,
        "keys()" => keys,
        "keys() of any" => keys_of_any,
        "values()" => values,
        "values() of any" => values_of_any,
        "get()" => get,
        "get() of any" => get_of_any,
        "range" => range,
        "row 0" => row_0,
        "row 1" => row_1,
        "row 2" => row_2,
        "row 3" => row_3,
        "row 4" => row_4,
        "row 5" => row_5,
        "row 6" => row_6,
        "row 7" => row_7,
        "row 8" => row_8,
        "row 9" => row_9,
        "row 10" => row_10,
        "row 11" => row_11,
        "row 12" => row_12,
        "row 13" => row_13,
        "row 14" => row_14,
        "row 15" => row_15,
        "row 16" => row_16,
        "row 17" => row_17,
        "row 18" => row_18,
        "row 19" => row_19,
        "row 20" => row_20,
        "row 21" => row_21,
        "row 22" => row_22,
        "row 23" => row_23,
        "row 24" => row_24,
        "row 25" => row_25,
        "row 26" => row_26,
        "row 27" => row_27,
        "row 28" => row_28,
        "row 29" => row_29,
        "row 30" => row_30,
        "row 31" => row_31,
        "row 32" => row_32,
        "row 33" => row_33,
        "row 34" => row_34,
        "row 35" => row_35,
        "row 36" => row_36,
        "row 37" => row_37,
        "row 38" => row_38,
        "row 39" => row_39,
        "row 40" => row_40,
        "row 41" => row_41,
        "row 42" => row_42,
        "row 43" => row_43,
        "row 44" => row_44,
        "row 45" => row_45,
        "row 46" => row_46,
        "row 47" => row_47,
        "row 48" => row_48,
        "row 49" => row_49,
        "row 50" => row_50,
        "row 51" => row_51,
        "row 52" => row_52,
        "row 53" => row_53,
        "row 54" => row_54,
        "row 55" => row_55,
        "row 56" => row_56,
        "row 57" => row_57,
        "row 58" => row_58,
        "row 59" => row_59,
        "row 60" => row_60,
        "row 61" => row_61,
        "row 62" => row_62,
        "row 63" => row_63,
        "row 64" => row_64,
        "row 65" => row_65,
        "row 66" => row_66,
        "row 67" => row_67,
    });

    /// The shape of `result.selectattr[]`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ReturnedSelectattrItem {
        /// `int`
        pub n: i64,
    }
    record!(ReturnedSelectattrItem { "n" => n });

    /// The shape of `call`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CallValue {
        /// `list<any>`
        pub a: Vec<Value>,
    }
    record!(CallValue { "a" => a });

    /// The shape of `call`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CallValue2 {
        /// `string`
        pub k: String,
        /// `int`
        pub n: i64,
    }
    record!(CallValue2 { "k" => k, "n" => n });

    /// The shape of `call`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CallValue3 {
        /// `string`
        pub grouper: String,
        /// `list<object{k: string, n: int}>`
        pub list: Vec<CallValue2>,
    }
    record!(CallValue3 { "grouper" => grouper, "list" => list });

    /// The shape of `call`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CallValue4 {
        /// `any`
        pub grouper: Value,
        /// `list<any>`
        pub list: Vec<Value>,
    }
    record!(CallValue4 { "grouper" => grouper, "list" => list });

    /// The shape of `call`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CallValue5 {
        /// `int`
        pub a: i64,
    }
    record!(CallValue5 { "a" => a });

    /// The shape of `call[]`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CallValueItem {
        /// `string`
        pub name: String,
        /// `int`
        pub age: i64,
        /// `string`
        pub boss: String,
        /// `list<string>`
        pub tags: Vec<String>,
    }
    record!(CallValueItem { "name" => name, "age" => age, "boss" => boss, "tags" => tags });

    /// The shape of `call`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CallValue6 {
        /// `int`
        pub grouper: i64,
        /// `list<object{name: string, age: int, boss: string?, tags: list<string>}>`
        pub list: Vec<PeopleItem>,
    }
    record!(CallValue6 { "grouper" => grouper, "list" => list });

    /// The shape of `call`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CallValue7 {
        /// `string`
        pub grouper: String,
        /// `list<object{name: string, age: int, boss: string?, tags: list<string>}>`
        pub list: Vec<PeopleItem>,
    }
    record!(CallValue7 { "grouper" => grouper, "list" => list });

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {}
    positions!(Position {});

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `call`, builtins.yaml:15: return
        Call,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "builtins",
            version: "1.0.0",
            description: "",
            tags: &[],
            file: "builtins.yaml",
            fingerprint: "03952659681bdcb1",
            input_schema: r#"{"type":"object","properties":{"people":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"},"boss":{"type":["string","null"]},"tags":{"type":"array","items":{"type":"string"}}},"required":["name","age","tags"]}},"raw":{},"words":{"type":"array","items":{"type":"string"}},"limit":{"type":"integer"}},"required":["people","raw","words","limit"],"additionalProperties":false}"#,
            steps: &[step("call", "return", 15, 0)],
            top_level_steps: 1,
            inline_task: false,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "null",
            result: "object{default: string, default of any: any, tojson: string, tojson of any: string, parse_json: any, parse_json of any: any, hash: string, hash of any: string, length: int, length of any: int, first: int?, first of any: any, last: int?, last of any: any, join: string, join of any: string, list: list<string>, list of any: list<any>, map: list<string>, map of any: list<string>, select: list<int>, select of any: list<any>, reject: list<int>, reject of any: list<any>, selectattr: list<object{n: int}>, selectattr of any: list<any>, rejectattr: list<object{n: int}>, rejectattr of any: list<any>, sort: list<string>, sort of any: list<any>, unique: list<string>, unique of any: list<any>, min: int?, min of any: any, max: int?, max of any: any, groupby: list<string>, groupby of any: list<any>, sum: int, sum of any: any, reverse: list<int>, reverse of any: any, batch: list<list<int>>, batch of any: list<list<any>>, slice: list<list<int>>, slice of any: list<list<any>>, items: list<list<any>>, items of any: list<list<any>>, dictsort: list<list<any>>, dictsort of any: list<list<any>>, upper: string, upper of any: string, lower: string, lower of any: string, title: string, title of any: string, capitalize: string, capitalize of any: string, trim: string, trim of any: string, split: list<string>, split of any: list<string>, replace: string, replace of any: string, indent: string, indent of any: string, truncate: string, truncate of any: string, center: string, center of any: string, wordcount: int, wordcount of any: int, string: string, string of any: string, int: int, int of any: int, float: float, float of any: float, bool: bool, bool of any: bool, round: float, round of any: any, abs: int, abs of any: any, base64_encode: string, base64_encode of any: string, base64_decode: string, base64_decode of any: string, escape: string, escape of any: string, striptags: string, striptags of any: string, urlencode: string, urlencode of any: string, shellquote: string, shellquote of any: string, regex_search: list<string>, regex_search of any: list<string>, regex_findall: list<string>, regex_findall of any: list<string>, regex_replace: string, regex_replace of any: string, filesizeformat: string, filesizeformat of any: string, is_none: bool, is_none of any: bool, is_defined: bool, is_defined of any: bool, is_undefined: bool, is_undefined of any: bool, is_string: bool, is_string of any: bool, is_number: bool, is_number of any: bool, is_integer: bool, is_integer of any: bool, is_float: bool, is_float of any: bool, is_boolean: bool, is_boolean of any: bool, is_true: bool, is_true of any: bool, is_false: bool, is_false of any: bool, is_mapping: bool, is_mapping of any: bool, is_sequence: bool, is_sequence of any: bool, is_iterable: bool, is_iterable of any: bool, is_odd: bool, is_odd of any: bool, is_even: bool, is_even of any: bool, is_divisibleby: bool, is_divisibleby of any: bool, is_eq: bool, is_eq of any: bool, is_ne: bool, is_ne of any: bool, is_lt: bool, is_lt of any: bool, is_le: bool, is_le of any: bool, is_gt: bool, is_gt of any: bool, is_ge: bool, is_ge of any: bool, is_in: bool, is_in of any: bool, is_sameas: bool, is_sameas of any: bool, is_lower: bool, is_lower of any: bool, is_upper: bool, is_upper of any: bool, is_callable: bool, is_callable of any: bool, is_escaped: bool, is_escaped of any: bool, upper(): string, upper() of any: string, lower(): string, lower() of any: string, capitalize(): string, capitalize() of any: string, title(): string, title() of any: string, swapcase(): string, swapcase() of any: string, strip(): string, strip() of any: string, lstrip(): string, lstrip() of any: string, rstrip(): string, rstrip() of any: string, split(): list<string>, split() of any: list<string>, rsplit(): list<string>, rsplit() of any: list<string>, splitlines(): list<string>, splitlines() of any: list<string>, replace(): string, replace() of any: string, startswith(): bool, startswith() of any: bool, endswith(): bool, endswith() of any: bool, removeprefix(): string, removeprefix() of any: string, removesuffix(): string, removesuffix() of any: string, find(): int, find() of any: int, rfind(): int, rfind() of any: int, zfill(): string, zfill() of any: string, center(): string, center() of any: string, ljust(): string, ljust() of any: string, rjust(): string, rjust() of any: string, join(): string, join() of any: string, isdigit(): bool, isdigit() of any: bool, isalpha(): bool, isalpha() of any: bool, isalnum(): bool, isalnum() of any: bool, isspace(): bool, isspace() of any: bool, islower(): bool, islower() of any: bool, isupper(): bool, isupper() of any: bool, count(): int, count() of any: int, index(): int, index() of any: int, items(): list<list<any>>, items() of any: list<list<any>>, keys(): list<string>, keys() of any: list<string>, values(): list<any>, values() of any: list<any>, get(): int, get() of any: any, range: list<int>, row 0: string, row 1: string, row 2: list<string>, row 3: list<any>, row 4: list<string>, row 5: list<string>, row 6: list<string>, row 7: list<any>, row 8: int, row 9: int?, row 10: list<int>, row 11: list<string>, row 12: list<string>, row 13: list<string>, row 14: list<any>, row 15: int, row 16: any, row 17: list<string>, row 18: any, row 19: bool, row 20: list<string>, row 21: string, row 22: list<int>, row 23: list<any>, row 24: list<string>, row 25: list<string>, row 26: list<list<string>>, row 27: list<int?>, row 28: list<int>, row 29: bool, row 30: list<list<any>>, row 31: list<int>, row 32: list<int>, row 33: string, row 34: string, row 35: int, row 36: string, row 37: any, row 38: string, row 39: string, row 40: list<list<string>>, row 41: list<string>, row 42: list<string>, row 43: list<any>, row 44: bool, row 45: bool, row 46: bool, row 47: int, row 48: bool, row 49: float, row 50: float, row 51: int, row 52: any, row 53: string, row 54: string, row 55: string, row 56: int, row 57: list<list<any>>, row 58: list<list<int>>, row 59: string, row 60: string, row 61: string, row 62: string, row 63: string?, row 64: int?, row 65: any, row 66: string, row 67: bool}",
            positions: Position::LIVE,
            source: SOURCE,
            diagram: DIAGRAM,
            picture: PICTURE,
        };

        fn initial(
            _inputs: &Inputs,
            _item: &Item,
            _cx: &mut Context,
        ) -> Result<State, Fault> {
            Ok(State {})
        }

        fn entry() -> Block {
            Block::Call
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Call => 0,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match *position {}
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Call => call(&Call::of(run), cx),
            }
        }

        fn resume(
            position: Position,
            _answer: &Value,
            _run: &mut Run<Self>,
            _cx: &mut Context,
        ) -> Result<Next<Self>, Stop> {
            match position {}
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match *paused.position() {}
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `call` may read
    struct Call<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Call<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// `call`, builtins.yaml:15: return
    fn call(view: &Call<'_>, cx: &mut Context) -> Result<Next<Machine>, Fault> {
        let output: Output = Returned {
            default: filters::default(&None, &"-".to_string(), false),
            default_of_any: filters::default_any(
                &filters::parse_json("null")?,
                &Value::from("-"),
                false,
            ),
            tojson: filters::tojson(
                &CallValue {
                    a: vec![Value::from(1), Value::from("b")],
                },
                None,
            )?,
            tojson_of_any: filters::tojson(
                &filters::parse_json(r#"{"a": [1, "b"]}"#)?,
                None,
            )?,
            parse_json: filters::parse_json("[1, 2]")?,
            parse_json_of_any: filters::parse_json_any(
                &filters::parse_json(r#""[1, 2]""#)?,
            )?,
            hash: filters::hash(&"abc".to_string()),
            hash_of_any: filters::hash(&filters::parse_json(r#""abc""#)?),
            length: filters::length(&vec![1, 2]),
            length_of_any: filters::length_any(&filters::parse_json("[1, 2]")?)?,
            first: filters::first(&vec![3, 1]),
            first_of_any: filters::first_any(&filters::parse_json("[3, 1]")?)?,
            last: filters::last(&vec![3, 1]),
            last_of_any: filters::last_any(&filters::parse_json("[3, 1]")?)?,
            join: filters::join(&vec![1, 2], ", ")?,
            join_of_any: filters::join_any(&filters::parse_json("[1, 2]")?, ", ")?,
            list: filters::list_text("abc")?,
            list_of_any: ops::each_any(&filters::parse_json(r#""abc""#)?)?,
            map: filters::map(
                &vec!["a".to_string(), "b".to_string()],
                |each| Ok(filters::upper(each)),
            )?,
            map_of_any: filters::map(
                &ops::each_any(&filters::parse_json(r#"["a", "b"]"#)?)?,
                |each| Ok(filters::upper(&each.show().into_owned())),
            )?,
            select: filters::select(
                &vec![1, 2, 3],
                |each| Ok(ops::rem(each, &2)? == 1),
            )?,
            select_of_any: filters::select(
                &ops::each_any(&filters::parse_json("[1, 2, 3]")?)?,
                |each| Ok(ops::equal(&ops::rem(each, &Value::from(2))?, &Value::from(1))),
            )?,
            reject: filters::reject(
                &vec![1, 2, 3],
                |each| Ok(ops::rem(each, &2)? == 1),
            )?,
            reject_of_any: filters::reject(
                &ops::each_any(&filters::parse_json("[1, 2, 3]")?)?,
                |each| Ok(ops::equal(&ops::rem(each, &Value::from(2))?, &Value::from(1))),
            )?,
            selectattr: filters::select(
                &vec![ReturnedSelectattrItem { n: 1 }, ReturnedSelectattrItem { n: 3 }],
                |each| Ok(each.n > 2),
            )?,
            selectattr_of_any: filters::select(
                &ops::each_any(&filters::parse_json(r#"[{"n": 1}, {"n": 3}]"#)?)?,
                |each| ops::greater(ops::field(each, "n")?, &Value::from(2)),
            )?,
            rejectattr: filters::reject(
                &vec![ReturnedSelectattrItem { n: 1 }, ReturnedSelectattrItem { n: 3 }],
                |each| Ok(each.n > 2),
            )?,
            rejectattr_of_any: filters::reject(
                &ops::each_any(&filters::parse_json(r#"[{"n": 1}, {"n": 3}]"#)?)?,
                |each| ops::greater(ops::field(each, "n")?, &Value::from(2)),
            )?,
            sort: filters::sort(
                &vec!["b".to_string(), "A".to_string(), "c".to_string()],
                true,
                false,
                |each| Ok(each.clone()),
            )?,
            sort_of_any: filters::sort(
                &ops::each_any(&filters::parse_json(r#"["b", "A", "c"]"#)?)?,
                true,
                false,
                |each| Ok(each.clone()),
            )?,
            unique: filters::unique(
                &vec!["a".to_string(), "A".to_string(), "b".to_string()],
                false,
                |each| Ok(each.clone()),
            )?,
            unique_of_any: filters::unique(
                &ops::each_any(&filters::parse_json(r#"["a", "A", "b"]"#)?)?,
                false,
                |each| Ok(each.clone()),
            )?,
            min: filters::min(&vec![3, 1, 2], false, |each| Ok(*each))?,
            min_of_any: filters::min_value(
                &ops::each_any(&filters::parse_json("[3, 1, 2]")?)?,
                false,
                |each| Ok(each.clone()),
            )?,
            max: filters::max(&vec![3, 1, 2], false, |each| Ok(*each))?,
            max_of_any: filters::max_value(
                &ops::each_any(&filters::parse_json("[3, 1, 2]")?)?,
                false,
                |each| Ok(each.clone()),
            )?,
            groupby: filters::map(
                &filters::group(
                    &vec![
                        CallValue2 {
                            k: "b".to_string(),
                            n: 1,
                        },
                        CallValue2 {
                            k: "a".to_string(),
                            n: 2,
                        },
                    ],
                    false,
                    |grouper, list| CallValue3 { grouper, list },
                    |each| Ok(each.k.clone()),
                )?,
                |each| Ok(each.grouper.clone()),
            )?,
            groupby_of_any: filters::map(
                &filters::group(
                    &ops::each_any(&filters::parse_json(
                        r#"[{"k": "b", "n": 1}, {"k": "a", "n": 2}]"#,
                    )?)?,
                    false,
                    |grouper, list| CallValue4 { grouper, list },
                    |each| Ok(ops::field(each, "k")?.clone()),
                )?,
                |each| Ok(each.grouper.clone()),
            )?,
            sum: filters::sum(&vec![1, 2, 3], &0)?,
            sum_of_any: filters::sum_any(
                &ops::each_any(&filters::parse_json("[1, 2, 3]")?)?,
                &Value::from(0),
            )?,
            reverse: filters::reverse(&vec![1, 2]),
            reverse_of_any: filters::reverse_any(&filters::parse_json("[1, 2]")?)?,
            batch: filters::batch(&vec![1, 2, 3], 2, Some(&0))?,
            batch_of_any: filters::batch(
                &ops::each_any(&filters::parse_json("[1, 2, 3]")?)?,
                2,
                Some(&Value::from(0)),
            )?,
            slice: filters::slices(&vec![1, 2, 3], 2, None)?,
            slice_of_any: filters::slices(
                &ops::each_any(&filters::parse_json("[1, 2, 3]")?)?,
                2,
                None,
            )?,
            items: filters::items(&object([("a", Value::from(1))])),
            items_of_any: filters::items_any(&filters::parse_json(r#"{"a": 1}"#)?)?,
            dictsort: filters::dictsort(
                &object([("b", Value::from(1)), ("A", Value::from(2))]),
                false,
                "key",
                false,
            )?,
            dictsort_of_any: filters::dictsort_any(
                &filters::parse_json(r#"{"b": 1, "A": 2}"#)?,
                false,
                "key",
                false,
            )?,
            upper: filters::upper("aB"),
            upper_of_any: filters::upper(
                &filters::parse_json(r#""aB""#)?.show().into_owned(),
            ),
            lower: filters::lower("aB"),
            lower_of_any: filters::lower(
                &filters::parse_json(r#""aB""#)?.show().into_owned(),
            ),
            title: filters::title("it's a-b"),
            title_of_any: filters::title(
                &filters::parse_json(r#""it's a-b""#)?.show().into_owned(),
            ),
            capitalize: filters::capitalize("aB c"),
            capitalize_of_any: filters::capitalize(
                &filters::parse_json(r#""aB c""#)?.show().into_owned(),
            ),
            trim: filters::trim(" a ", None),
            trim_of_any: filters::trim(
                &filters::parse_json(r#"" a ""#)?.show().into_owned(),
                None,
            ),
            split: filters::split("a,b", Some(","), None)?,
            split_of_any: filters::split(
                &filters::parse_json(r#""a,b""#)?.show().into_owned(),
                Some(","),
                None,
            )?,
            replace: filters::replace("aaa", "a", "b", Some(2))?,
            replace_of_any: filters::replace(
                &filters::parse_json(r#""aaa""#)?.show().into_owned(),
                "a",
                "b",
                Some(2),
            )?,
            indent: filters::indent(r"a
b", &Value::from(2), false, false)?,
            indent_of_any: filters::indent(
                &filters::parse_json(r#""a\nb""#)?.show().into_owned(),
                &Value::from(2),
                false,
                false,
            )?,
            truncate: filters::truncate("foo bar baz qux", 9, false, "...", 5)?,
            truncate_of_any: filters::truncate(
                &filters::parse_json(r#""foo bar baz qux""#)?.show().into_owned(),
                9,
                false,
                "...",
                5,
            )?,
            center: filters::center("a", 3)?,
            center_of_any: filters::center(
                &filters::parse_json(r#""a""#)?.show().into_owned(),
                3,
            )?,
            wordcount: filters::wordcount("a b, c"),
            wordcount_of_any: filters::wordcount(
                &filters::parse_json(r#""a b, c""#)?.show().into_owned(),
            ),
            string: filters::string(&vec![Value::from(1), Value::from(true)]),
            string_of_any: filters::string(&filters::parse_json("[1, true]")?),
            int: filters::int_text("12", 0, 10)?,
            int_of_any: filters::int_any(&filters::parse_json(r#""12""#)?, 0, 10)?,
            float: filters::float_text_of("1.5", 0.0),
            float_of_any: filters::float_any(&filters::parse_json(r#""1.5""#)?, 0.0),
            bool: filters::bool_text("Yes"),
            bool_of_any: filters::bool_any(&filters::parse_json(r#""Yes""#)?),
            round: filters::round_to(2.75, 1, "floor")?,
            round_of_any: filters::round_any(&filters::parse_json("2.75")?, 1, "floor")?,
            abs: filters::abs(ops::neg(&3)?)?,
            abs_of_any: filters::abs_any(&filters::parse_json("-3")?)?,
            base64_encode: filters::base64_encode("hi")?,
            base64_encode_of_any: filters::base64_encode(
                &filters::parse_json(r#""hi""#)?.show().into_owned(),
            )?,
            base64_decode: filters::base64_decode("aGk=")?,
            base64_decode_of_any: filters::base64_decode_any(
                &filters::parse_json(r#""aGk=""#)?,
            )?,
            escape: filters::escape("a < b")?,
            escape_of_any: filters::escape(
                &filters::parse_json(r#""a < b""#)?.show().into_owned(),
            )?,
            striptags: filters::striptags("<b>a</b>  b"),
            striptags_of_any: filters::striptags(
                &filters::parse_json(r#""<b>a</b>  b""#)?.show().into_owned(),
            ),
            urlencode: filters::urlencode_object(&object([("q", Value::from("a b"))]))?,
            urlencode_of_any: filters::urlencode_any(
                &filters::parse_json(r#"{"q": "a b"}"#)?,
            )?,
            shellquote: filters::shellquote("it's")?,
            shellquote_of_any: filters::shellquote(
                &filters::parse_json(r#""it's""#)?.show().into_owned(),
            )?,
            regex_search: filters::regex_search("issue 42", "[0-9]+", false, false)?,
            regex_search_of_any: filters::regex_search(
                &filters::parse_json(r#""issue 42""#)?.show().into_owned(),
                "[0-9]+",
                false,
                false,
            )?,
            regex_findall: filters::regex_findall(
                "a1 b2",
                "[a-z]([0-9])",
                false,
                false,
            )?,
            regex_findall_of_any: filters::regex_findall(
                &filters::parse_json(r#""a1 b2""#)?.show().into_owned(),
                "[a-z]([0-9])",
                false,
                false,
            )?,
            regex_replace: filters::regex_replace(
                "a1 b2",
                "([a-z])([0-9])",
                r"\2\1",
                false,
                false,
                0,
            )?,
            regex_replace_of_any: filters::regex_replace(
                &filters::parse_json(r#""a1 b2""#)?.show().into_owned(),
                "([a-z])([0-9])",
                r"\2\1",
                false,
                false,
                0,
            )?,
            filesizeformat: filters::filesizeformat(Number::from(1500).as_f64(), false),
            filesizeformat_of_any: filters::filesizeformat_any(
                &filters::parse_json("1500")?,
                false,
            )?,
            is_none: false,
            is_none_of_any: filters::parse_json("1")?.is_null(),
            is_defined: true,
            is_defined_of_any: !filters::parse_json("1")?.is_null(),
            is_undefined: false,
            is_undefined_of_any: filters::parse_json("1")?.is_null(),
            is_string: true,
            is_string_of_any: filters::is_string(&filters::parse_json(r#""a""#)?),
            is_number: true,
            is_number_of_any: filters::is_number(&filters::parse_json("1.5")?),
            is_integer: false,
            is_integer_of_any: filters::is_integer(&filters::parse_json("1.5")?),
            is_float: true,
            is_float_of_any: filters::is_float(&filters::parse_json("1.5")?),
            is_boolean: true,
            is_boolean_of_any: filters::is_boolean(&filters::parse_json("true")?),
            is_true: false,
            is_true_of_any: filters::is_true(&filters::parse_json("1")?),
            is_false: filters::is_false(&Value::from(false)),
            is_false_of_any: filters::is_false(&filters::parse_json("false")?),
            is_mapping: true,
            is_mapping_of_any: filters::is_mapping(&filters::parse_json(r#"{"a": 1}"#)?),
            is_sequence: true,
            is_sequence_of_any: filters::is_sequence(&filters::parse_json("[1]")?),
            is_iterable: false,
            is_iterable_of_any: filters::is_sequence(&filters::parse_json("1")?),
            is_odd: ops::rem(&3, &2)? == 1,
            is_odd_of_any: ops::equal(
                &ops::rem(&filters::parse_json("3")?, &Value::from(2))?,
                &Value::from(1),
            ),
            is_even: ops::rem(&3, &2)? == 0,
            is_even_of_any: ops::equal(
                &ops::rem(&filters::parse_json("3")?, &Value::from(2))?,
                &Value::from(0),
            ),
            is_divisibleby: ops::rem(&9, &3)? == 0,
            is_divisibleby_of_any: ops::equal(
                &ops::rem(&filters::parse_json("9")?, &Value::from(3))?,
                &Value::from(0),
            ),
            is_eq: Number::from(2) == Number::from(2.0),
            is_eq_of_any: ops::equal(&filters::parse_json("2")?, &2.0.to_json()),
            is_ne: 2 != 3,
            is_ne_of_any: !ops::equal(&filters::parse_json("2")?, &Value::from(3)),
            is_lt: 2 < 3,
            is_lt_of_any: ops::less(&filters::parse_json("2")?, &Value::from(3))?,
            is_le: 2 <= 2,
            is_le_of_any: ops::less_equal(&filters::parse_json("2")?, &Value::from(2))?,
            is_gt: 2 > 3,
            is_gt_of_any: ops::greater(&filters::parse_json("2")?, &Value::from(3))?,
            is_ge: 2 >= 3,
            is_ge_of_any: ops::greater_equal(
                &filters::parse_json("2")?,
                &Value::from(3),
            )?,
            is_in: ops::contains(&vec![1, 2], &2),
            is_in_of_any: ops::contains(
                &vec![Value::from(1), Value::from(2)],
                &filters::parse_json("2")?,
            ),
            is_sameas: filters::same_as(&Value::from(1), &Value::from(true)),
            is_sameas_of_any: filters::same_as(
                &filters::parse_json("1")?,
                &Value::from(true),
            ),
            is_lower: filters::is_lower("a1"),
            is_lower_of_any: filters::is_lower(
                &filters::parse_json(r#""a1""#)?.show().into_owned(),
            ),
            is_upper: filters::is_upper("a1"),
            is_upper_of_any: filters::is_upper(
                &filters::parse_json(r#""a1""#)?.show().into_owned(),
            ),
            is_callable: false,
            is_callable_of_any: false,
            is_escaped: false,
            is_escaped_of_any: false,
            upper_2: filters::upper("aB"),
            upper_of_any_2: filters::upper(
                &ops::cast::<String>(&filters::parse_json(r#""aB""#)?)?,
            ),
            lower_2: filters::lower("aB"),
            lower_of_any_2: filters::lower(
                &ops::cast::<String>(&filters::parse_json(r#""aB""#)?)?,
            ),
            capitalize_2: filters::capitalize("aB c"),
            capitalize_of_any_2: filters::capitalize(
                &ops::cast::<String>(&filters::parse_json(r#""aB c""#)?)?,
            ),
            title_2: methods::title("it's a b"),
            title_of_any_2: methods::title(
                &ops::cast::<String>(&filters::parse_json(r#""it's a b""#)?)?,
            ),
            swapcase: methods::swapcase("aB"),
            swapcase_of_any: methods::swapcase(
                &ops::cast::<String>(&filters::parse_json(r#""aB""#)?)?,
            ),
            strip: filters::trim(" a ", None),
            strip_of_any: filters::trim(
                &ops::cast::<String>(&filters::parse_json(r#"" a ""#)?)?,
                None,
            ),
            lstrip: methods::lstrip("xxa", Some("x")),
            lstrip_of_any: methods::lstrip(
                &ops::cast::<String>(&filters::parse_json(r#""xxa""#)?)?,
                Some("x"),
            ),
            rstrip: methods::rstrip("a..", Some(".")),
            rstrip_of_any: methods::rstrip(
                &ops::cast::<String>(&filters::parse_json(r#""a..""#)?)?,
                Some("."),
            ),
            split_2: filters::split("a,b", Some(","), None)?,
            split_of_any_2: filters::split(
                &ops::cast::<String>(&filters::parse_json(r#""a,b""#)?)?,
                Some(","),
                None,
            )?,
            rsplit: methods::rsplit("a/b/c", Some("/"), Some(1))?,
            rsplit_of_any: methods::rsplit(
                &ops::cast::<String>(&filters::parse_json(r#""a/b/c""#)?)?,
                Some("/"),
                Some(1),
            )?,
            splitlines: methods::splitlines(r"a
b", false)?,
            splitlines_of_any: methods::splitlines(
                &ops::cast::<String>(&filters::parse_json(r#""a\nb""#)?)?,
                false,
            )?,
            replace_2: filters::replace("aaa", "a", "b", Some(2))?,
            replace_of_any_2: filters::replace(
                &ops::cast::<String>(&filters::parse_json(r#""aaa""#)?)?,
                "a",
                "b",
                Some(2),
            )?,
            startswith: methods::startswith("abc", "ab"),
            startswith_of_any: methods::startswith(
                &ops::cast::<String>(&filters::parse_json(r#""abc""#)?)?,
                "ab",
            ),
            endswith: methods::endswith("abc", "ab"),
            endswith_of_any: methods::endswith(
                &ops::cast::<String>(&filters::parse_json(r#""abc""#)?)?,
                "ab",
            ),
            removeprefix: methods::removeprefix("abc", "ab"),
            removeprefix_of_any: methods::removeprefix(
                &ops::cast::<String>(&filters::parse_json(r#""abc""#)?)?,
                "ab",
            ),
            removesuffix: methods::removesuffix("a.md", ".md"),
            removesuffix_of_any: methods::removesuffix(
                &ops::cast::<String>(&filters::parse_json(r#""a.md""#)?)?,
                ".md",
            ),
            find: methods::find("abc", "c"),
            find_of_any: methods::find(
                &ops::cast::<String>(&filters::parse_json(r#""abc""#)?)?,
                "c",
            ),
            rfind: methods::rfind("abab", "a"),
            rfind_of_any: methods::rfind(
                &ops::cast::<String>(&filters::parse_json(r#""abab""#)?)?,
                "a",
            ),
            zfill: methods::zfill("-7", 4)?,
            zfill_of_any: methods::zfill(
                &ops::cast::<String>(&filters::parse_json(r#""-7""#)?)?,
                4,
            )?,
            center_2: filters::center_with("a", 3, "*")?,
            center_of_any_2: filters::center_with(
                &ops::cast::<String>(&filters::parse_json(r#""a""#)?)?,
                3,
                "*",
            )?,
            ljust: filters::ljust("a", 3, ".")?,
            ljust_of_any: filters::ljust(
                &ops::cast::<String>(&filters::parse_json(r#""a""#)?)?,
                3,
                ".",
            )?,
            rjust: filters::rjust("a", 3, ".")?,
            rjust_of_any: filters::rjust(
                &ops::cast::<String>(&filters::parse_json(r#""a""#)?)?,
                3,
                ".",
            )?,
            join_2: methods::join(", ", &vec!["a".to_string(), "b".to_string()])?,
            join_of_any_2: methods::join(
                &ops::cast::<String>(&filters::parse_json(r#"", ""#)?)?,
                &vec!["a".to_string(), "b".to_string()],
            )?,
            isdigit: methods::isdigit("12"),
            isdigit_of_any: methods::isdigit(
                &ops::cast::<String>(&filters::parse_json(r#""12""#)?)?,
            ),
            isalpha: methods::isalpha("a1"),
            isalpha_of_any: methods::isalpha(
                &ops::cast::<String>(&filters::parse_json(r#""a1""#)?)?,
            ),
            isalnum: methods::isalnum("a1"),
            isalnum_of_any: methods::isalnum(
                &ops::cast::<String>(&filters::parse_json(r#""a1""#)?)?,
            ),
            isspace: methods::isspace(" "),
            isspace_of_any: methods::isspace(
                &ops::cast::<String>(&filters::parse_json(r#"" ""#)?)?,
            ),
            islower: filters::is_lower("a1"),
            islower_of_any: filters::is_lower(
                &ops::cast::<String>(&filters::parse_json(r#""a1""#)?)?,
            ),
            isupper: filters::is_upper("A1"),
            isupper_of_any: filters::is_upper(
                &ops::cast::<String>(&filters::parse_json(r#""A1""#)?)?,
            ),
            count: methods::count(&vec![1, 2, 1], &1),
            count_of_any: methods::count_any(
                &filters::parse_json("[1, 2, 1]")?,
                &Value::from(1),
            )?,
            index: methods::index(
                &vec!["a".to_string(), "b".to_string()],
                &"b".to_string(),
            )?,
            index_of_any: methods::index_any(
                &filters::parse_json(r#"["a", "b"]"#)?,
                &Value::from("b"),
            )?,
            items_2: filters::items(&object([("a", Value::from(1))])),
            items_of_any_2: filters::items(
                &ops::cast::<Object>(&filters::parse_json(r#"{"a": 1}"#)?)?,
            ),
            keys: filters::list_object(&object([("a", Value::from(1))])),
            keys_of_any: filters::list_object(
                &ops::cast::<Object>(&filters::parse_json(r#"{"a": 1}"#)?)?,
            ),
            values: methods::values(&object([("a", Value::from(1))])),
            values_of_any: methods::values(
                &ops::cast::<Object>(&filters::parse_json(r#"{"a": 1}"#)?)?,
            ),
            get: CallValue5 { a: 1 }.a,
            get_of_any: methods::get(
                &ops::cast::<Object>(&filters::parse_json(r#"{"a": 1}"#)?)?,
                "a",
                &Value::from(0),
            ),
            range: functions::range(2, 9, 3)?,
            row_0: filters::join(
                &filters::map(&view.inputs.people, |each| Ok(each.name.clone()))?,
                ", ",
            )?,
            row_1: filters::join(
                &filters::map(
                    &ops::each_any(&view.inputs.raw)?,
                    |each| Ok(ops::field(each, "name")?.clone()),
                )?,
                ", ",
            )?,
            row_2: filters::map(
                &view.inputs.people,
                |each| Ok(filters::default(&each.boss, &"nobody".to_string(), false)),
            )?,
            row_3: filters::map(
                &ops::each_any(&view.inputs.raw)?,
                |each| Ok(filters::default_any(
                    ops::field(each, "boss")?,
                    &Value::from("nobody"),
                    false,
                )),
            )?,
            row_4: filters::map(
                &ops::convert::<
                    _,
                    Vec<CallValueItem>,
                >(&filters::select(&view.inputs.people, |each| Ok(each.boss.truth()))?)?,
                |each| Ok(each.name.clone()),
            )?,
            row_5: filters::map(
                &filters::select(&view.inputs.people, |each| Ok(each.boss.is_none()))?,
                |each| Ok(each.name.clone()),
            )?,
            row_6: filters::map(
                &filters::reject(
                    &view.inputs.people,
                    |each| Ok(each.age > view.inputs.limit),
                )?,
                |each| Ok(each.name.clone()),
            )?,
            row_7: filters::map(
                &filters::reject(
                    &ops::each_any(&view.inputs.raw)?,
                    |each| ops::greater(
                        ops::field(each, "age")?,
                        &Value::from(view.inputs.limit),
                    ),
                )?,
                |each| Ok(ops::field(each, "name")?.clone()),
            )?,
            row_8: filters::length(&({
                let given = filters::map(
                    &view.inputs.words,
                    |each| Ok(filters::upper(each)),
                )?;
                filters::select(
                    &view.inputs.people,
                    |each| Ok(ops::contains(&given, &each.name)),
                )?
            })),
            row_9: filters::first(&filters::map(
                &filters::select(
                    &view.inputs.people,
                    |each| Ok(each.name == "bob"),
                )?,
                |each| Ok(each.age),
            )?),
            row_10: filters::map(
                &filters::map(&view.inputs.people, |each| Ok(each.tags.clone()))?,
                |each| Ok(filters::length(each)),
            )?,
            row_11: filters::map(
                &filters::sort(
                    &view.inputs.people,
                    false,
                    false,
                    |each| Ok(each.name.clone()),
                )?,
                |each| Ok(each.name.clone()),
            )?,
            row_12: filters::map(
                &filters::sort(
                    &view.inputs.people,
                    true,
                    true,
                    |each| Ok(each.name.clone()),
                )?,
                |each| Ok(each.name.clone()),
            )?,
            row_13: filters::map(
                &filters::sort(
                    &view.inputs.people,
                    false,
                    false,
                    |each| Ok(vec![
                        Value::from(each.age),
                        Value::from(filters::lower(&each.name)),
                    ]),
                )?,
                |each| Ok(each.name.clone()),
            )?,
            row_14: filters::map(
                &filters::sort(
                    &ops::each_any(&view.inputs.raw)?,
                    true,
                    false,
                    |each| Ok(vec![
                        filters::fold_any(ops::field(each, "age")?),
                        filters::fold_any(ops::field(each, "name")?),
                    ]),
                )?,
                |each| Ok(ops::field(each, "name")?.clone()),
            )?,
            row_15: filters::sum(
                &filters::map(&view.inputs.people, |each| Ok(each.age))?,
                &0,
            )?,
            row_16: filters::sum_any(
                &filters::map(
                    &ops::each_any(&view.inputs.raw)?,
                    |each| Ok(ops::field(each, "age")?.clone()),
                )?,
                &0.5.to_json(),
            )?,
            row_17: filters::sum_lists(
                &filters::map(&view.inputs.people, |each| Ok(each.tags.clone()))?,
                &Vec::new(),
            )?,
            row_18: ops::entry(
                    &filters::default(
                        &ops::convert::<
                            _,
                            Option<Object>,
                        >(&filters::min(
                            &view.inputs.people,
                            false,
                            |each| Ok(each.age),
                        )?)?,
                        &object([("name", Value::from("-"))]),
                        false,
                    ),
                    "name",
                )
                .clone(),
            row_19: filters::length_text(&filters::string(&filters::max_value(
                &ops::each_any(&view.inputs.raw)?,
                false,
                |each| Ok(ops::field(each, "age")?.clone()),
            )?)) > 10,
            row_20: filters::map(
                &filters::unique(&view.inputs.people, false, |each| Ok(each.age))?,
                |each| Ok(each.name.clone()),
            )?,
            row_21: filters::join(
                &filters::map(&view.inputs.people, |each| Ok(each.age.to_string()))?,
                "/",
            )?,
            row_22: filters::map(
                &filters::map(
                    &filters::group(
                        &view.inputs.people,
                        false,
                        |grouper, list| CallValue6 { grouper, list },
                        |each| Ok(each.age),
                    )?,
                    |each| Ok(each.list.clone()),
                )?,
                |each| Ok(filters::length(each)),
            )?,
            row_23: filters::map(
                &filters::group(
                    &ops::each_any(&view.inputs.raw)?,
                    false,
                    |grouper, list| CallValue4 { grouper, list },
                    |each| Ok(ops::field(each, "age")?.clone()),
                )?,
                |each| Ok(each.grouper.clone()),
            )?,
            row_24: filters::map(
                &filters::group(
                    &view.inputs.people,
                    false,
                    |grouper, list| CallValue7 { grouper, list },
                    |each| Ok(filters::default(&each.boss, &"-".to_string(), false)),
                )?,
                |each| Ok(each.grouper.clone()),
            )?,
            row_25: {
                let given = filters::default(
                    &filters::first(&view.inputs.words),
                    &"".to_string(),
                    false,
                );
                let given_2 = ops::concat(&["B", &view.inputs.limit.show()])?;
                filters::map(
                    &view.inputs.words,
                    |each| filters::replace(each, &given, &given_2, None),
                )?
            },
            row_26: filters::map(
                &filters::map(
                    &vec![
                        vec!["b".to_string(), "a".to_string()],
                        vec!["c".to_string()],
                    ],
                    |each| filters::sort(each, false, false, |inner| Ok(inner.clone())),
                )?,
                |each| filters::map(each, |inner| Ok(filters::upper(inner))),
            )?,
            row_27: filters::map(
                &vec![vec![3, 1], Vec::new()],
                |each| filters::min(each, false, |inner| Ok(*inner)),
            )?,
            row_28: filters::select(
                &filters::map(
                    &filters::map(
                        &vec![Number::from(1), Number::from(2.5), Number::from(4)],
                        |each| filters::round_number(*each, 0, "common"),
                    )?,
                    |each| filters::int_number(*each),
                )?,
                |each| Ok(ops::rem(each, &2)? == 0),
            )?,
            row_29: ops::equal(
                &filters::sort(
                    &view.inputs.words,
                    false,
                    false,
                    |each| Ok(each.clone()),
                )?,
                &vec!["A".to_string(), "b".to_string(), "c".to_string()],
            ),
            row_30: filters::batch(
                &view.inputs.words.iter().map(Data::to_json).collect::<Vec<_>>(),
                2,
                Some(&Value::from(view.inputs.limit)),
            )?,
            row_31: ops::add(&functions::range(0, 3, 1)?, &vec![9])?,
            row_32: functions::range(5, 0, ops::neg(&2)?)?,
            row_33: filters::join(
                &filters::map(
                    &filters::split("a-b", Some("-"), None)?,
                    |each| Ok(filters::title(each)),
                )?,
                " ",
            )?,
            row_34: filters::upper(
                &ops::cast::<
                    String,
                >(ops::field(
                    &ops::index_any(&view.inputs.raw, &Value::from(0))?,
                    "name",
                )?)?,
            ),
            row_35: filters::length(&filters::items(
                &ops::cast::<
                    Object,
                >(&ops::index_any(&view.inputs.raw, &Value::from(0))?)?,
            )),
            row_36: ops::index(&view.inputs.people, 0)?.name,
            row_37: methods::get(
                &object([("a", Value::from(1))]),
                &ops::index(&view.inputs.words, 0)?,
                &Value::from(5),
            ),
            row_38: ops::concat(&[
                &methods::date(cx.now()),
                " ",
                &methods::year(cx.now()).show(),
                &methods::strftime(cx.now(), " %H:%M")?,
            ])?,
            row_39: ops::concat(
                &[&methods::isoformat(cx.now()), &methods::weekday(cx.now()).show()],
            )?,
            row_40: filters::regex_findall_groups(
                "x 12, y 3",
                "([a-z]) ([0-9]+)",
                false,
                false,
            )?,
            row_41: filters::regex_search("x 12", "([a-z]) ([0-9]+)", false, false)?,
            row_42: filters::regex_search("none", "[0-9]", false, false)?,
            row_43: filters::regex_findall_any(
                "A b",
                &ops::index(&view.inputs.words, 0)?,
                true,
                false,
            )?,
            row_44: true && true && true,
            row_45: ops::index(&view.inputs.people, 0)?.boss.is_some()
                || ops::index(&view.inputs.people, 1)?.boss.is_some(),
            row_46: ops::rem(&view.inputs.limit, &20)? == 0
                && ops::rem(&view.inputs.limit, &2)? == 0
                && !(ops::rem(&view.inputs.limit, &2)? == 1),
            row_47: ops::add(
                &ops::add(
                    &filters::int_any(&Value::Null, 0, 10)?,
                    &filters::int_text("7", 0, 10)?,
                )?,
                &filters::int_float(filters::float_any(&Value::Null, 0.0))?,
            )?,
            row_48: filters::bool_any(&Value::Null) || filters::bool_text("yes"),
            row_49: filters::round_to(Number::from(42).as_f64(), 1, "floor")?,
            row_50: filters::round_to(42.55, 1, "common")?,
            row_51: filters::round(1250, ops::neg(&2)?)?,
            row_52: filters::sum_any(
                &vec![Value::from(1), Value::from(true)],
                &Value::from(0),
            )?,
            row_53: filters::urlencode_any(
                &Value::from(vec![Value::from(vec![Value::from("a"), Value::from(1)])]),
            )?,
            row_54: filters::urlencode_any(&Value::from("a/b?&="))?,
            row_55: filters::shellquote(&12.to_string())?,
            row_56: filters::wordcount("foo, bar_x don't"),
            row_57: filters::dictsort(
                &object([("b", Value::from(1)), ("a", Value::from(2))]),
                false,
                "value",
                true,
            )?,
            row_58: filters::slices(&vec![1, 2, 3, 4], 2, Some(&9))?,
            row_59: ops::concat(&[
                &filters::center(
                    &filters::default(
                        &filters::first(&view.inputs.words),
                        &"-".to_string(),
                        false,
                    ),
                    5,
                )?,
                "|",
            ])?,
            row_60: filters::filesizeformat(Number::from(1000000).as_f64(), true),
            row_61: filters::join(
                &filters::map(
                    &filters::map(
                        &ops::convert::<
                            _,
                            Vec<CallValueItem>,
                        >(&filters::select(
                            &view.inputs.people,
                            |each| Ok(each.boss.truth()),
                        )?)?,
                        |each| Ok(each.boss.clone()),
                    )?,
                    |each| Ok(filters::upper(each)),
                )?,
                "",
            )?,
            row_62: filters::join(
                &filters::map(
                    &filters::map(
                        &filters::reject(
                            &filters::map(
                                &view.inputs.people,
                                |each| Ok(each.boss.clone()),
                            )?,
                            |each| Ok(each.is_none()),
                        )?,
                        |each| Ok(ops::required(each, "a value")?.clone()),
                    )?,
                    |each| Ok(filters::upper(each)),
                )?,
                "",
            )?,
            row_63: filters::first(&filters::map(
                &filters::select(
                    &filters::map(
                        &view.inputs.people,
                        |each| Ok(each.boss.clone()),
                    )?,
                    |each| Ok(each.truth()),
                )?,
                |each| Ok(ops::required(each, "a value")?.clone()),
            )?),
            row_64: filters::first_known(&vec![None, Some(1)]),
            row_65: filters::last_value(&vec![Value::Null]),
            row_66: ops::concat(&[
                &filters::last_value(&vec![Value::from(1), Value::from("a")])
                    .show(),
                &filters::first_value(&vec![Value::from(1), Value::from("a")])
                    .show(),
            ])?,
            row_67: ops::contains(
                &filters::reject(
                    &vec!["yes".to_string(), "no".to_string()],
                    |each| Ok(each == "yes"),
                )?,
                &"no".to_string(),
            ),
        };
        Ok(Next::Return(output.to_json()))
    }

    /// The YAML that this is
    const SOURCE: &str = r#"name: builtins
version: 1.0.0
inputs:
  people:
    type: array
    required: true
    item_type:
      type: object
      properties: { name: string, age: integer, boss: string, tags: { type: array, item_type: string } }
      required_keys: [name, age, tags]
  raw: { type: any, required: true }
  words: { type: array, item_type: string, required: true }
  limit: { type: integer, required: true }
steps:
  - id: call
    type: return
    value:
      'default': '{{ null | default(''-'') }}'
      'default of any': '{{ (''null'' | parse_json) | default(''-'') }}'
      'tojson': '{{ {"a": [1, "b"]} | tojson }}'
      'tojson of any': '{{ (''{"a": [1, "b"]}'' | parse_json) | tojson }}'
      'parse_json': '{{ "[1, 2]" | parse_json }}'
      'parse_json of any': '{{ (''"[1, 2]"'' | parse_json) | parse_json }}'
      'hash': '{{ "abc" | hash }}'
      'hash of any': '{{ (''"abc"'' | parse_json) | hash }}'
      'length': '{{ [1, 2] | length }}'
      'length of any': '{{ (''[1, 2]'' | parse_json) | length }}'
      'first': '{{ [3, 1] | first }}'
      'first of any': '{{ (''[3, 1]'' | parse_json) | first }}'
      'last': '{{ [3, 1] | last }}'
      'last of any': '{{ (''[3, 1]'' | parse_json) | last }}'
      'join': '{{ [1, 2] | join('', '') }}'
      'join of any': '{{ (''[1, 2]'' | parse_json) | join('', '') }}'
      'list': '{{ "abc" | list }}'
      'list of any': '{{ (''"abc"'' | parse_json) | list }}'
      'map': '{{ ["a", "b"] | map(''upper'') }}'
      'map of any': '{{ (''["a", "b"]'' | parse_json) | map(''upper'') }}'
      'select': '{{ [1, 2, 3] | select(''odd'') }}'
      'select of any': '{{ (''[1, 2, 3]'' | parse_json) | select(''odd'') }}'
      'reject': '{{ [1, 2, 3] | reject(''odd'') }}'
      'reject of any': '{{ (''[1, 2, 3]'' | parse_json) | reject(''odd'') }}'
      'selectattr': '{{ [{"n": 1}, {"n": 3}] | selectattr(''n'', ''gt'', 2) }}'
      'selectattr of any': '{{ (''[{"n": 1}, {"n": 3}]'' | parse_json) | selectattr(''n'', ''gt'', 2) }}'
      'rejectattr': '{{ [{"n": 1}, {"n": 3}] | rejectattr(''n'', ''gt'', 2) }}'
      'rejectattr of any': '{{ (''[{"n": 1}, {"n": 3}]'' | parse_json) | rejectattr(''n'', ''gt'', 2) }}'
      'sort': '{{ ["b", "A", "c"] | sort(reverse=true) }}'
      'sort of any': '{{ (''["b", "A", "c"]'' | parse_json) | sort(reverse=true) }}'
      'unique': '{{ ["a", "A", "b"] | unique }}'
      'unique of any': '{{ (''["a", "A", "b"]'' | parse_json) | unique }}'
      'min': '{{ [3, 1, 2] | min }}'
      'min of any': '{{ (''[3, 1, 2]'' | parse_json) | min }}'
      'max': '{{ [3, 1, 2] | max }}'
      'max of any': '{{ (''[3, 1, 2]'' | parse_json) | max }}'
      'groupby': '{{ [{"k": "b", "n": 1}, {"k": "a", "n": 2}] | groupby(''k'') | map(attribute=''grouper'') }}'
      'groupby of any': '{{ (''[{"k": "b", "n": 1}, {"k": "a", "n": 2}]'' | parse_json) | groupby(''k'') | map(attribute=''grouper'') }}'
      'sum': '{{ [1, 2, 3] | sum }}'
      'sum of any': '{{ (''[1, 2, 3]'' | parse_json) | sum }}'
      'reverse': '{{ [1, 2] | reverse }}'
      'reverse of any': '{{ (''[1, 2]'' | parse_json) | reverse }}'
      'batch': '{{ [1, 2, 3] | batch(2, 0) }}'
      'batch of any': '{{ (''[1, 2, 3]'' | parse_json) | batch(2, 0) }}'
      'slice': '{{ [1, 2, 3] | slice(2) }}'
      'slice of any': '{{ (''[1, 2, 3]'' | parse_json) | slice(2) }}'
      'items': '{{ {"a": 1} | items }}'
      'items of any': '{{ (''{"a": 1}'' | parse_json) | items }}'
      'dictsort': '{{ {"b": 1, "A": 2} | dictsort }}'
      'dictsort of any': '{{ (''{"b": 1, "A": 2}'' | parse_json) | dictsort }}'
      'upper': '{{ "aB" | upper }}'
      'upper of any': '{{ (''"aB"'' | parse_json) | upper }}'
      'lower': '{{ "aB" | lower }}'
      'lower of any': '{{ (''"aB"'' | parse_json) | lower }}'
      'title': '{{ "it''s a-b" | title }}'
      'title of any': '{{ (''"it\''s a-b"'' | parse_json) | title }}'
      'capitalize': '{{ "aB c" | capitalize }}'
      'capitalize of any': '{{ (''"aB c"'' | parse_json) | capitalize }}'
      'trim': '{{ " a " | trim }}'
      'trim of any': '{{ (''" a "'' | parse_json) | trim }}'
      'split': '{{ "a,b" | split('','') }}'
      'split of any': '{{ (''"a,b"'' | parse_json) | split('','') }}'
      'replace': '{{ "aaa" | replace(''a'', ''b'', 2) }}'
      'replace of any': '{{ (''"aaa"'' | parse_json) | replace(''a'', ''b'', 2) }}'
      'indent': '{{ "a\nb" | indent(2) }}'
      'indent of any': '{{ (''"a\\nb"'' | parse_json) | indent(2) }}'
      'truncate': '{{ "foo bar baz qux" | truncate(9) }}'
      'truncate of any': '{{ (''"foo bar baz qux"'' | parse_json) | truncate(9) }}'
      'center': '{{ "a" | center(3) }}'
      'center of any': '{{ (''"a"'' | parse_json) | center(3) }}'
      'wordcount': '{{ "a b, c" | wordcount }}'
      'wordcount of any': '{{ (''"a b, c"'' | parse_json) | wordcount }}'
      'string': '{{ [1, true] | string }}'
      'string of any': '{{ (''[1, true]'' | parse_json) | string }}'
      'int': '{{ "12" | int }}'
      'int of any': '{{ (''"12"'' | parse_json) | int }}'
      'float': '{{ "1.5" | float }}'
      'float of any': '{{ (''"1.5"'' | parse_json) | float }}'
      'bool': '{{ "Yes" | bool }}'
      'bool of any': '{{ (''"Yes"'' | parse_json) | bool }}'
      'round': '{{ 2.75 | round(1, ''floor'') }}'
      'round of any': '{{ (''2.75'' | parse_json) | round(1, ''floor'') }}'
      'abs': '{{ -3 | abs }}'
      'abs of any': '{{ (''-3'' | parse_json) | abs }}'
      'base64_encode': '{{ "hi" | base64_encode }}'
      'base64_encode of any': '{{ (''"hi"'' | parse_json) | base64_encode }}'
      'base64_decode': '{{ "aGk=" | base64_decode }}'
      'base64_decode of any': '{{ (''"aGk="'' | parse_json) | base64_decode }}'
      'escape': '{{ "a < b" | escape }}'
      'escape of any': '{{ (''"a < b"'' | parse_json) | escape }}'
      'striptags': '{{ "<b>a</b>  b" | striptags }}'
      'striptags of any': '{{ (''"<b>a</b>  b"'' | parse_json) | striptags }}'
      'urlencode': '{{ {"q": "a b"} | urlencode }}'
      'urlencode of any': '{{ (''{"q": "a b"}'' | parse_json) | urlencode }}'
      'shellquote': '{{ "it''s" | shellquote }}'
      'shellquote of any': '{{ (''"it\''s"'' | parse_json) | shellquote }}'
      'regex_search': '{{ "issue 42" | regex_search(''[0-9]+'') }}'
      'regex_search of any': '{{ (''"issue 42"'' | parse_json) | regex_search(''[0-9]+'') }}'
      'regex_findall': '{{ "a1 b2" | regex_findall(''[a-z]([0-9])'') }}'
      'regex_findall of any': '{{ (''"a1 b2"'' | parse_json) | regex_findall(''[a-z]([0-9])'') }}'
      'regex_replace': '{{ "a1 b2" | regex_replace(''([a-z])([0-9])'', ''\\2\\1'') }}'
      'regex_replace of any': '{{ (''"a1 b2"'' | parse_json) | regex_replace(''([a-z])([0-9])'', ''\\2\\1'') }}'
      'filesizeformat': '{{ 1500 | filesizeformat }}'
      'filesizeformat of any': '{{ (''1500'' | parse_json) | filesizeformat }}'
      'is_none': '{{ 1 is none }}'
      'is_none of any': '{{ (''1'' | parse_json) is none }}'
      'is_defined': '{{ 1 is defined }}'
      'is_defined of any': '{{ (''1'' | parse_json) is defined }}'
      'is_undefined': '{{ 1 is undefined }}'
      'is_undefined of any': '{{ (''1'' | parse_json) is undefined }}'
      'is_string': '{{ "a" is string }}'
      'is_string of any': '{{ (''"a"'' | parse_json) is string }}'
      'is_number': '{{ 1.5 is number }}'
      'is_number of any': '{{ (''1.5'' | parse_json) is number }}'
      'is_integer': '{{ 1.5 is integer }}'
      'is_integer of any': '{{ (''1.5'' | parse_json) is integer }}'
      'is_float': '{{ 1.5 is float }}'
      'is_float of any': '{{ (''1.5'' | parse_json) is float }}'
      'is_boolean': '{{ true is boolean }}'
      'is_boolean of any': '{{ (''true'' | parse_json) is boolean }}'
      'is_true': '{{ 1 is true }}'
      'is_true of any': '{{ (''1'' | parse_json) is true }}'
      'is_false': '{{ false is false }}'
      'is_false of any': '{{ (''false'' | parse_json) is false }}'
      'is_mapping': '{{ {"a": 1} is mapping }}'
      'is_mapping of any': '{{ (''{"a": 1}'' | parse_json) is mapping }}'
      'is_sequence': '{{ [1] is sequence }}'
      'is_sequence of any': '{{ (''[1]'' | parse_json) is sequence }}'
      'is_iterable': '{{ 1 is iterable }}'
      'is_iterable of any': '{{ (''1'' | parse_json) is iterable }}'
      'is_odd': '{{ 3 is odd }}'
      'is_odd of any': '{{ (''3'' | parse_json) is odd }}'
      'is_even': '{{ 3 is even }}'
      'is_even of any': '{{ (''3'' | parse_json) is even }}'
      'is_divisibleby': '{{ 9 is divisibleby(3) }}'
      'is_divisibleby of any': '{{ (''9'' | parse_json) is divisibleby(3) }}'
      'is_eq': '{{ 2 is eq(2.0) }}'
      'is_eq of any': '{{ (''2'' | parse_json) is eq(2.0) }}'
      'is_ne': '{{ 2 is ne(3) }}'
      'is_ne of any': '{{ (''2'' | parse_json) is ne(3) }}'
      'is_lt': '{{ 2 is lt(3) }}'
      'is_lt of any': '{{ (''2'' | parse_json) is lt(3) }}'
      'is_le': '{{ 2 is le(2) }}'
      'is_le of any': '{{ (''2'' | parse_json) is le(2) }}'
      'is_gt': '{{ 2 is gt(3) }}'
      'is_gt of any': '{{ (''2'' | parse_json) is gt(3) }}'
      'is_ge': '{{ 2 is ge(3) }}'
      'is_ge of any': '{{ (''2'' | parse_json) is ge(3) }}'
      'is_in': '{{ 2 is in([1, 2]) }}'
      'is_in of any': '{{ (''2'' | parse_json) is in([1, 2]) }}'
      'is_sameas': '{{ 1 is sameas(true) }}'
      'is_sameas of any': '{{ (''1'' | parse_json) is sameas(true) }}'
      'is_lower': '{{ "a1" is lower }}'
      'is_lower of any': '{{ (''"a1"'' | parse_json) is lower }}'
      'is_upper': '{{ "a1" is upper }}'
      'is_upper of any': '{{ (''"a1"'' | parse_json) is upper }}'
      'is_callable': '{{ 1 is callable }}'
      'is_callable of any': '{{ (''1'' | parse_json) is callable }}'
      'is_escaped': '{{ "a" is escaped }}'
      'is_escaped of any': '{{ (''"a"'' | parse_json) is escaped }}'
      'upper()': '{{ "aB".upper() }}'
      'upper() of any': '{{ (''"aB"'' | parse_json).upper() }}'
      'lower()': '{{ "aB".lower() }}'
      'lower() of any': '{{ (''"aB"'' | parse_json).lower() }}'
      'capitalize()': '{{ "aB c".capitalize() }}'
      'capitalize() of any': '{{ (''"aB c"'' | parse_json).capitalize() }}'
      'title()': '{{ "it''s a b".title() }}'
      'title() of any': '{{ (''"it\''s a b"'' | parse_json).title() }}'
      'swapcase()': '{{ "aB".swapcase() }}'
      'swapcase() of any': '{{ (''"aB"'' | parse_json).swapcase() }}'
      'strip()': '{{ " a ".strip() }}'
      'strip() of any': '{{ (''" a "'' | parse_json).strip() }}'
      'lstrip()': '{{ "xxa".lstrip(''x'') }}'
      'lstrip() of any': '{{ (''"xxa"'' | parse_json).lstrip(''x'') }}'
      'rstrip()': '{{ "a..".rstrip(''.'') }}'
      'rstrip() of any': '{{ (''"a.."'' | parse_json).rstrip(''.'') }}'
      'split()': '{{ "a,b".split('','') }}'
      'split() of any': '{{ (''"a,b"'' | parse_json).split('','') }}'
      'rsplit()': '{{ "a/b/c".rsplit(''/'', 1) }}'
      'rsplit() of any': '{{ (''"a/b/c"'' | parse_json).rsplit(''/'', 1) }}'
      'splitlines()': '{{ "a\nb".splitlines() }}'
      'splitlines() of any': '{{ (''"a\\nb"'' | parse_json).splitlines() }}'
      'replace()': '{{ "aaa".replace(''a'', ''b'', 2) }}'
      'replace() of any': '{{ (''"aaa"'' | parse_json).replace(''a'', ''b'', 2) }}'
      'startswith()': '{{ "abc".startswith(''ab'') }}'
      'startswith() of any': '{{ (''"abc"'' | parse_json).startswith(''ab'') }}'
      'endswith()': '{{ "abc".endswith(''ab'') }}'
      'endswith() of any': '{{ (''"abc"'' | parse_json).endswith(''ab'') }}'
      'removeprefix()': '{{ "abc".removeprefix(''ab'') }}'
      'removeprefix() of any': '{{ (''"abc"'' | parse_json).removeprefix(''ab'') }}'
      'removesuffix()': '{{ "a.md".removesuffix(''.md'') }}'
      'removesuffix() of any': '{{ (''"a.md"'' | parse_json).removesuffix(''.md'') }}'
      'find()': '{{ "abc".find(''c'') }}'
      'find() of any': '{{ (''"abc"'' | parse_json).find(''c'') }}'
      'rfind()': '{{ "abab".rfind(''a'') }}'
      'rfind() of any': '{{ (''"abab"'' | parse_json).rfind(''a'') }}'
      'zfill()': '{{ "-7".zfill(4) }}'
      'zfill() of any': '{{ (''"-7"'' | parse_json).zfill(4) }}'
      'center()': '{{ "a".center(3, ''*'') }}'
      'center() of any': '{{ (''"a"'' | parse_json).center(3, ''*'') }}'
      'ljust()': '{{ "a".ljust(3, ''.'') }}'
      'ljust() of any': '{{ (''"a"'' | parse_json).ljust(3, ''.'') }}'
      'rjust()': '{{ "a".rjust(3, ''.'') }}'
      'rjust() of any': '{{ (''"a"'' | parse_json).rjust(3, ''.'') }}'
      'join()': '{{ ", ".join([''a'', ''b'']) }}'
      'join() of any': '{{ (''", "'' | parse_json).join([''a'', ''b'']) }}'
      'isdigit()': '{{ "12".isdigit() }}'
      'isdigit() of any': '{{ (''"12"'' | parse_json).isdigit() }}'
      'isalpha()': '{{ "a1".isalpha() }}'
      'isalpha() of any': '{{ (''"a1"'' | parse_json).isalpha() }}'
      'isalnum()': '{{ "a1".isalnum() }}'
      'isalnum() of any': '{{ (''"a1"'' | parse_json).isalnum() }}'
      'isspace()': '{{ " ".isspace() }}'
      'isspace() of any': '{{ (''" "'' | parse_json).isspace() }}'
      'islower()': '{{ "a1".islower() }}'
      'islower() of any': '{{ (''"a1"'' | parse_json).islower() }}'
      'isupper()': '{{ "A1".isupper() }}'
      'isupper() of any': '{{ (''"A1"'' | parse_json).isupper() }}'
      'count()': '{{ [1, 2, 1].count(1) }}'
      'count() of any': '{{ (''[1, 2, 1]'' | parse_json).count(1) }}'
      'index()': '{{ ["a", "b"].index(''b'') }}'
      'index() of any': '{{ (''["a", "b"]'' | parse_json).index(''b'') }}'
      'items()': '{{ {"a": 1}.items() }}'
      'items() of any': '{{ (''{"a": 1}'' | parse_json).items() }}'
      'keys()': '{{ {"a": 1}.keys() }}'
      'keys() of any': '{{ (''{"a": 1}'' | parse_json).keys() }}'
      'values()': '{{ {"a": 1}.values() }}'
      'values() of any': '{{ (''{"a": 1}'' | parse_json).values() }}'
      'get()': '{{ {"a": 1}.get(''a'', 0) }}'
      'get() of any': '{{ (''{"a": 1}'' | parse_json).get(''a'', 0) }}'
      'range': '{{ range(2, 9, 3) }}'
      'row 0': '{{ inputs.people | map(attribute=''name'') | join('', '') }}'
      'row 1': '{{ inputs.raw | map(attribute=''name'') | join('', '') }}'
      'row 2': '{{ inputs.people | map(attribute=''boss'', default=''nobody'') }}'
      'row 3': '{{ inputs.raw | map(attribute=''boss'', default=''nobody'') }}'
      'row 4': '{{ inputs.people | selectattr(''boss'') | map(attribute=''name'') }}'
      'row 5': '{{ inputs.people | selectattr(''boss'', ''none'') | map(attribute=''name'') }}'
      'row 6': '{{ inputs.people | rejectattr(''age'', ''gt'', inputs.limit) | map(attribute=''name'') }}'
      'row 7': '{{ inputs.raw | rejectattr(''age'', ''gt'', inputs.limit) | map(attribute=''name'') }}'
      'row 8': '{{ inputs.people | selectattr(''name'', ''in'', inputs.words | map(''upper'')) | length }}'
      'row 9': '{{ inputs.people | selectattr(''name'', ''equalto'', ''bob'') | map(attribute=''age'') | first }}'
      'row 10': '{{ inputs.people | map(attribute=''tags'') | map(''length'') | list }}'
      'row 11': '{{ inputs.people | sort(attribute=''name'') | map(attribute=''name'') }}'
      'row 12': '{{ inputs.people | sort(attribute=''name'', case_sensitive=true, reverse=true) | map(attribute=''name'') }}'
      'row 13': '{{ inputs.people | sort(attribute=''age,name'') | map(attribute=''name'') }}'
      'row 14': '{{ inputs.raw | sort(attribute=''age,name'', reverse=true) | map(attribute=''name'') }}'
      'row 15': '{{ inputs.people | sum(attribute=''age'') }}'
      'row 16': '{{ inputs.raw | sum(attribute=''age'', start=0.5) }}'
      'row 17': '{{ inputs.people | sum(attribute=''tags'', start=[]) }}'
      'row 18': '{{ (inputs.people | min(attribute=''age'') | default({''name'': ''-''})).name }}'
      'row 19': '{{ inputs.raw | max(attribute=''age'') | string | length > 10 }}'
      'row 20': '{{ inputs.people | unique(attribute=''age'') | map(attribute=''name'') }}'
      'row 21': '{{ inputs.people | join(''/'', attribute=''age'') }}'
      'row 22': '{{ inputs.people | groupby(''age'') | map(attribute=''list'') | map(''length'') }}'
      'row 23': '{{ inputs.raw | groupby(''age'') | map(attribute=''grouper'') }}'
      'row 24': '{{ inputs.people | groupby(''boss'', default=''-'') | map(attribute=''grouper'') }}'
      'row 25': '{{ inputs.words | map(''replace'', inputs.words | first | default(''''), ''B'' ~ inputs.limit) }}'
      'row 26': '{{ [[''b'', ''a''], [''c'']] | map(''sort'') | map(''map'', ''upper'') | list }}'
      'row 27': '{{ [[3, 1], []] | map(''min'') }}'
      'row 28': '{{ [1, 2.5, 4] | map(''round'') | map(''int'') | select(''even'') | list }}'
      'row 29': '{{ inputs.words | sort == [''A'', ''b'', ''c''] }}'
      'row 30': '{{ inputs.words | batch(2, inputs.limit) }}'
      'row 31': '{{ range(3) | list + [9] }}'
      'row 32': '{{ range(5, 0, step=-2) }}'
      'row 33': '{{ ''a-b''.split(''-'') | map(''title'') | join('' '') }}'
      'row 34': '{{ inputs.raw[0].name.upper() }}'
      'row 35': '{{ inputs.raw[0].items() | length }}'
      'row 36': '{{ inputs.people[0].get(''name'') }}'
      'row 37': '{{ {''a'': 1}.get(inputs.words[0], 5) }}'
      'row 38': '{{ now().date() ~ '' '' ~ now().year ~ now().strftime('' %H:%M'') }}'
      'row 39': '{{ now().isoformat() ~ now().weekday() }}'
      'row 40': '{{ ''x 12, y 3'' | regex_findall(''([a-z]) ([0-9]+)'') }}'
      'row 41': '{{ ''x 12'' | regex_search(''([a-z]) ([0-9]+)'') }}'
      'row 42': '{{ ''none'' | regex_search(''[0-9]'') }}'
      'row 43': '{{ ''A b'' | regex_findall(inputs.words[0], ignorecase=true) }}'
      'row 44': '{{ inputs.limit is number and inputs.limit is not string and ''x'' is sequence }}'
      'row 45': '{{ inputs.people[0].boss is string or inputs.people[1].boss is string }}'
      'row 46': '{{ inputs.limit is divisibleby 20 and inputs.limit is even and inputs.limit is not odd }}'
      'row 47': '{{ none | int + (''7'' | int) + (null | float) | int }}'
      'row 48': '{{ (null | bool) or (''yes'' | bool) }}'
      'row 49': '{{ 42 | round(1, ''floor'') }}'
      'row 50': '{{ 42.55 | round(1) }}'
      'row 51': '{{ 1250 | round(-2) }}'
      'row 52': '{{ [1, true] | sum }}'
      'row 53': '{{ [[''a'', 1]] | urlencode }}'
      'row 54': '{{ ''a/b?&='' | urlencode }}'
      'row 55': '{{ 12 | shellquote }}'
      'row 56': '{{ ''foo, bar_x don\''t'' | wordcount }}'
      'row 57': '{{ {''b'': 1, ''a'': 2} | dictsort(by=''value'', reverse=true) }}'
      'row 58': '{{ [1, 2, 3, 4] | slice(2, 9) }}'
      'row 59': '{{ inputs.words | first | d(''-'') | center(5) ~ ''|'' }}'
      'row 60': '{{ 1000000 | filesizeformat(true) }}'
      'row 61': '{{ inputs.people | selectattr(''boss'') | map(attribute=''boss'') | map(''upper'') | join }}'
      'row 62': '{{ inputs.people | map(attribute=''boss'') | reject(''none'') | map(''upper'') | join }}'
      'row 63': '{{ inputs.people | map(attribute=''boss'') | select | first }}'
      'row 64': '{{ [none, 1] | first }}'
      'row 65': '{{ [none] | last }}'
      'row 66': '{{ ([1, ''a''] | last) ~ ([1, ''a''] | first) }}'
      'row 67': '{{ ''no'' in [''yes'', ''no''] | reject(''equalto'', ''yes'') | list }}'
"#;
    /// Its steps, as a Mermaid flowchart
    const DIAGRAM: &str = r#"---
title: "builtins 1.0.0"
---
flowchart TD
    n0(["start<br/>people, raw, words, limit"])
    n1(["call<br/>return"])
    n0 --> n1
"#;
    /// The same, as SVG for a page
    const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 254 176" width="254" height="176" role="img" aria-labelledby="workflow-title workflow-description">
<title id="workflow-title">builtins 1.0.0</title>
<desc id="workflow-description">start → call.</desc>
<defs>
<marker id="workflow-arrow" class="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
<marker id="workflow-arrow-error" class="tip error" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
</defs>
<path class="way" marker-end="url(#workflow-arrow)" d="M127 74L127 102"/>
<g class="node end">
<rect x="20" y="20" width="214" height="54" rx="27"/>
<text class="name middle" x="127" y="42">start</text>
<text class="more middle" x="127" y="60">people, raw, words, limit</text>
</g>
<g class="node end" data-step="builtins call">
<title>call: line 15</title>
<rect x="88" y="102" width="78" height="54" rx="27"/>
<text class="name middle" x="127" y="124">call</text>
<text class="more middle" x="127" y="142">return</text>
</g>
</svg>
"#;
}

/// The compiled workflows
#[allow(clippy::too_many_lines, reason = "generated: a line for each workflow")]
pub fn registry() -> ::workflow_runtime::registry::Registry {
    use ::std::sync::Arc;
    use ::workflow_runtime::machine::Compiled;
    let mut registry = ::workflow_runtime::registry::Registry::default();
    registry.register(Arc::new(Compiled::new(&builtins::Machine)));
    registry
}
