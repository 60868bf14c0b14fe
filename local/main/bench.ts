/**
 * `npm run bench`: size and cold import time of each Lambda bundle; transitions and calls of each kind of evaluation, of
 * roll-back, and of the conversion of a group; downtime.
 * Reports whether the aims are met and never fails for a missed one: a busy machine is slow.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import * as z from "zod";
import { bundleLambdas } from "../../infra/bundle.ts";
import { measureBundles } from "../bench/bundles.ts";
import { measureDowntimes, measureEvaluations } from "../bench/evaluations.ts";
import { measureLab } from "../bench/lab.ts";
import {
  bundleReport,
  downtimeReport,
  evaluationReport,
  groupReport,
  labReport,
  rollBackReport,
} from "../bench/report.ts";
import { measureGroups } from "../bench/groups.ts";
import { measureRollBacks } from "../bench/roll-backs.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag, wholeNumber } from "../terminal/option-values.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run bench --",
  usage: `Usage: npm run bench [-- options]

Measures size and cold import of each Lambda bundle, and what each kind of evaluation, of
roll-back and of a group's conversion costs, beside the aims.

  --seeds N  also the downtime of each kind of switch, median and 95th percentile over the seeds 1 to N
             (100 take about a minute)
  --groups   only the conversions of a group (about half a minute)
  --lab      only what the laboratory can do: whole cases a second on one core, 200 switches and 1,000 shadow
             evaluations at once in virtual time (about a minute)
  --json     print the figures as one JSON document
  --help     print this

Exit code: 0 measured, whether or not the aims are met, 2 wrong usage.
`,
  schema: z.object({
    json: flag,
    groups: flag,
    lab: flag,
    seeds: wholeNumber({ from: 1, to: 10_000 }).optional(),
  }),
});

interface Options {
  readonly json: boolean;
  readonly groups: boolean;
  readonly lab: boolean;
  readonly seeds?: number | undefined;
}

const benchLab = async ({ json }: Options, { stdout }: Terminal): Promise<ExitCode> => {
  const figures = await measureLab();
  stdout(json ? `${JSON.stringify(figures, null, 2)}\n` : `${labReport(figures)}\n`);
  return 0;
};

const benchGroups = async ({ json }: Options, { stdout }: Terminal): Promise<ExitCode> => {
  const groups = await measureGroups();
  stdout(json ? `${JSON.stringify({ groups }, null, 2)}\n` : `${groupReport(groups)}\n`);
  return 0;
};

const benchProduct = async ({ json, seeds }: Options, { stdout }: Terminal): Promise<ExitCode> => {
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-bench-"));
  try {
    await bundleLambdas(folder);
    const bundles = measureBundles(folder);
    const evaluations = await measureEvaluations();
    const rollBacks = await measureRollBacks();
    const groups = await measureGroups();
    const downtimes = seeds === undefined ? undefined : await measureDowntimes(seeds);
    const tables = [
      bundleReport(bundles),
      evaluationReport(evaluations),
      rollBackReport(rollBacks),
      groupReport(groups),
      ...(downtimes === undefined ? [] : [downtimeReport(downtimes, seeds ?? 0)]),
    ];
    stdout(
      json
        ? `${JSON.stringify({ bundles, evaluations, rollBacks, groups, downtimes }, null, 2)}\n`
        : `${tables.join("\n\n")}\n`,
    );
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const bench = (options: Options, terminal: Terminal): Promise<ExitCode> => {
  if (options.lab) return benchLab(options, terminal);
  return options.groups ? benchGroups(options, terminal) : benchProduct(options, terminal);
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, bench));
