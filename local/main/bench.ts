/**
 * `npm run bench`: size and cold import time of each Lambda bundle; transitions and calls of each kind of evaluation.
 * Reports whether the aims are met and never fails for a missed one: a busy machine is slow. `--json` gives data.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { tmpdir } from "node:os";
import { bundleLambdas } from "../../infra/bundle.ts";
import { measureBundles } from "../bench/bundles.ts";
import { measureEvaluations } from "../bench/evaluations.ts";
import { bundleReport, evaluationReport } from "../bench/report.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });

const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-bench-"));
try {
  await bundleLambdas(folder);
  const bundles = measureBundles(folder);
  const evaluations = await measureEvaluations();
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ bundles, evaluations }, null, 2)}\n`
      : `${bundleReport(bundles)}\n\n${evaluationReport(evaluations)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
