/**
 * `npm run bench`: size and cold import time of each Lambda bundle; transitions and calls of each kind of evaluation and
 * of roll-back.
 * Reports whether the aims are met and never fails for a missed one: a busy machine is slow.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import * as z from "zod";
import { bundleLambdas } from "../../infra/bundle.ts";
import { measureBundles } from "../bench/bundles.ts";
import { measureEvaluations } from "../bench/evaluations.ts";
import { bundleReport, evaluationReport, rollBackReport } from "../bench/report.ts";
import { measureRollBacks } from "../bench/roll-backs.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag } from "../terminal/option-values.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run bench --",
  usage: `Usage: npm run bench [-- options]

Measures size and cold import of each Lambda bundle, and what each kind of evaluation and of
roll-back costs, beside the aims.

  --json  print the figures as one JSON document
  --help  print this

Exit code: 0 measured, whether or not the aims are met, 2 wrong usage.
`,
  schema: z.object({ json: flag }),
});

const bench = async (
  { json }: { readonly json: boolean },
  { stdout }: Terminal,
): Promise<ExitCode> => {
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-bench-"));
  try {
    await bundleLambdas(folder);
    const bundles = measureBundles(folder);
    const evaluations = await measureEvaluations();
    const rollBacks = await measureRollBacks();
    stdout(
      json
        ? `${JSON.stringify({ bundles, evaluations, rollBacks }, null, 2)}\n`
        : `${[bundleReport(bundles), evaluationReport(evaluations), rollBackReport(rollBacks)].join("\n\n")}\n`,
    );
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, bench));
