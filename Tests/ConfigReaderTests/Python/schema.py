"""Checks the JSON schema, and that it and the reader judge alike. Prints each disagreement.

Input: a JSON file, {schema: text, documents: [{document: TOML, accepted}]}.
"""

import json
import sys
import tomllib

import jsonschema

with open(sys.argv[1]) as file:
    cases = json.load(file)
schema = json.loads(cases["schema"])
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for case in cases["documents"]:
    errors = [error.message for error in validator.iter_errors(tomllib.loads(case["document"]))]
    if bool(errors) == case["accepted"]:
        print(f"reader: {case['accepted']}, schema: {errors}: {case['document']!r}")
