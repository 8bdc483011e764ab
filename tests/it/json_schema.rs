//! As much of JSON Schema as `report.schema.json` is written in; any other word of a schema panics.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly, like the tests themselves")]

use serde_json::Value;

/// Where a value breaks a schema, and which word of it; empty: it keeps to it.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(schema, schema, value, "", &mut faults);
    faults
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let keeps_to = |schema: &Value| {
        let mut faults = Vec::new();
        check(root, schema, value, at, &mut faults);
        faults.is_empty()
    };
    for (word, of) in schema.as_object().unwrap() {
        let holds = match word.as_str() {
            "$schema" | "$defs" | "title" | "description" | "default" => true,
            "$ref" => keeps_to(root.pointer(of.as_str().unwrap().trim_start_matches('#')).unwrap()),
            "type" => match of {
                Value::Array(types) => types.iter().any(|of| is(of, value)),
                of => is(of, value),
            },
            "const" => of == value,
            "format" => of == "uint64" && (value.is_u64() || !value.is_number()),
            "minimum" => value.as_f64().is_none_or(|number| number >= of.as_f64().unwrap()),
            "anyOf" => of.as_array().unwrap().iter().any(keeps_to),
            "oneOf" => of.as_array().unwrap().iter().filter(|schema| keeps_to(schema)).count() == 1,
            "required" => {
                let keys = of.as_array().unwrap().iter().map(|key| key.as_str().unwrap());
                value.as_object().is_none_or(|object| keys.into_iter().all(|key| object.contains_key(key)))
            }
            "items" => {
                for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, of, item, &format!("{at}/{number}"), faults);
                }
                true
            }
            "properties" | "additionalProperties" => {
                for (key, item) in value.as_object().into_iter().flatten() {
                    let of = match word.as_str() {
                        "properties" => of.get(key),
                        _ => Some(of).filter(|_| schema["properties"].get(key).is_none()),
                    };
                    if let Some(of) = of {
                        check(root, of, item, &format!("{at}/{key}"), faults);
                    }
                }
                true
            }
            other => panic!("{at}: {other} is no word of the schemas read here"),
        };
        if !holds {
            faults.push(format!("{at}: {word}"));
        }
    }
}

/// Whether the value is of the type.
fn is(of: &Value, value: &Value) -> bool {
    match of.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type of the schemas read here"),
    }
}
