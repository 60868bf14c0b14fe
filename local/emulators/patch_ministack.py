"""Mends ministack where our stack can't run on it otherwise: `python patch_ministack.py`, in its own environment.

1. It loads handlers as .mjs alone; ours are .cjs, which Lambda loads as well.
2. It gives every error of a Node function one name; Lambda gives the error's own, and workflows catch by it.

Each mend is found by the text that it replaces. Where that is gone, another version is installed than the one that is pinned.
"""

import pathlib
import sys

import ministack

ROOT = pathlib.Path(ministack.__file__).parent

MENDS = [
    (
        "core/lambda_runtime.py",
        'const mjsPath = fullPath + ".mjs";',
        'const mjsPath = fullPath + (fs.existsSync(fullPath + ".cjs") ? ".cjs" : ".mjs");',
    ),
    (
        "core/lambda_runtime.py",
        'status: "error", error: String(err.message || err), trace',
        'status: "error", error_type: err.name, error: String(err.message || err), trace',
    ),
    (
        "services/lambda_svc.py",
        'error_msg = result.get("error", "Unknown error")\n            error_type = "Runtime.HandlerError"',
        'error_msg = result.get("error", "Unknown error")\n            error_type = result.get("error_type") or "Runtime.HandlerError"',
    ),
]

for name, found, mended in MENDS:
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    if mended in text:
        continue
    if found not in text:
        sys.exit(f"{path} does not have what is to be mended: {found!r}")
    path.write_text(text.replace(found, mended), encoding="utf-8")
