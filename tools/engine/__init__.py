"""
Bring the Pulumi engine to this machine, wherever it stands.

`python -m tools.engine`, from the root of the repository, prints one line: what to put first on
PATH. All else it has to say goes to stderr. In this order it tries:

1. the `pulumi` that is on PATH already (`on_path`);
2. the engine that an earlier run left in the cache (`cache`);
3. the official installer, through Pulumi's Python SDK (`installer`);
4. a build from Go modules (`go_build`), with a Go that comes as a Python package if need be.

The engine runs programs in Python. `--yaml` also builds the language host of programs in YAML if
the engine has none, into a folder of its own in the cache; as long as it is there, the line names
that folder too. `tools.setup` brings the engine and the virtual environment side by side.

To move to another version of the engine: change it in `release.py`, then in `pulumi/` run
`go get github.com/pulumi/pulumi/pkg/v3/cmd/pulumi@vVERSION` and `go mod tidy`; repeat in
`pulumi/go.mod` the `replace` lines of that version, because Go obeys only those of the main module.
"""
