/**
 * `npm run bench`: size and cold import time of each Lambda bundle; transitions and calls of each kind of evaluation, of
 * roll-back, and of the conversion of a group; downtime; the drain of a node beside kubectl's; what interruptions come to; what a scan for waste calls; the
 * savings ledger beside the bill.
 * Reports whether the aims are met. It fails for a missed one of interruptions and of the ledger alone, which are measured in virtual time: a busy machine is slow.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import * as z from "zod";
import { bootNames, measurables } from "../bench/interruptions/names.ts";
import { benchUsage, benchUsages } from "../bench/usage.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { existingFile, flag, seed, wholeNumber } from "../terminal/option-values.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run bench --",
  usage: benchUsage,
  parts: benchUsages,
  schema: z.object({
    json: flag,
    bundles: flag,
    groups: flag,
    lab: flag,
    drain: flag,
    fleet: flag,
    what: z
      .enum(
        ["fleet", "interruptions", "ledger", "waste"],
        'knows by their names: "fleet", "interruptions", "ledger", "waste".',
      )
      .optional(),
    seeds: wholeNumber({ from: 1, to: 10_000 }).optional(),
    cases: wholeNumber({ from: 1, to: 100_000 }).default(1000),
    seed: seed.default(1),
    only: z.enum(measurables).optional(),
    boot: z.enum(bootNames).optional(),
    traces: z.array(existingFile(process.cwd())).default([]),
    hours: wholeNumber({ from: 1, to: 1000 }).default(48),
  }),
  positional: "what",
});

interface Options {
  readonly json: boolean;
  readonly bundles: boolean;
  readonly groups: boolean;
  readonly lab: boolean;
  readonly drain: boolean;
  readonly fleet: boolean;
  readonly what?: "fleet" | "interruptions" | "ledger" | "waste" | undefined;
  readonly seeds?: number | undefined;
  readonly cases: number;
  readonly seed: number;
  readonly only?: (typeof measurables)[number] | undefined;
  readonly boot?: (typeof bootNames)[number] | undefined;
  /** Absolute paths. */
  readonly traces: readonly string[];
  readonly hours: number;
}

/** Loaded once it is known that something is to be measured: the whole laboratory takes most of a second. */
const loadReport = () => import("../bench/report.ts");

const benchLab = async ({ json }: Options, { stdout }: Terminal): Promise<ExitCode> => {
  const { measureLab } = await import("../bench/lab.ts");
  const { labReport } = await loadReport();
  const figures = await measureLab();
  stdout(json ? `${JSON.stringify(figures, null, 2)}\n` : `${labReport(figures)}\n`);
  return 0;
};

/** Named, so that nobody takes it for measured. */
const skipDrain = (why: string, { json }: Options, { stdout }: Terminal): ExitCode => {
  const sentence = `The drain of a node was not measured: ${why}.`;
  stdout(
    json ? `${JSON.stringify({ skipped: { drains: sentence } }, null, 2)}\n` : `${sentence}\n`,
  );
  return 0;
};

const benchDrain = async (options: Options, terminal: Terminal): Promise<ExitCode> => {
  const { buildBinaries, defaultCache: cache, whyNoGo } = await import("../kube/binaries.ts");
  const { whyNoKubectl } = await import("../kube/drain-measure.ts");
  const missing = whyNoGo() ?? whyNoKubectl();
  if (missing !== undefined) return skipDrain(missing, options, terminal);
  const { measureDrains, onControlPlane } = await import("../bench/drain.ts");
  const { drainReport } = await loadReport();
  const { progress, stdout } = terminal;
  const binaries = buildBinaries({ cache, environment: process.env, progress });
  const drains = await measureDrains({ measure: onControlPlane(binaries), progress });
  progress("");
  stdout(options.json ? `${JSON.stringify({ drains }, null, 2)}\n` : `${drainReport(drains)}\n`);
  return 0;
};

const benchFleet = async ({ json }: Options, { stdout }: Terminal): Promise<ExitCode> => {
  const { measureFleets } = await import("../bench/fleet.ts");
  const { fleetReport } = await import("../bench/fleet-report.ts");
  const fleets = await measureFleets();
  stdout(json ? `${JSON.stringify({ fleets }, null, 2)}\n` : `${fleetReport(fleets)}\n`);
  return 0;
};

const benchTraces = async (options: Options, terminal: Terminal): Promise<ExitCode> => {
  const { readTraceFile } = await import("../backtest/trace-file.ts");
  const { holdsOnTrace, measureTraced } = await import("../bench/interruptions/traced.ts");
  const { tracedReport } = await import("../bench/interruptions/traced-report.ts");
  const { stdout, progress } = terminal;
  const traced = [];
  for (const path of options.traces) {
    progress(path);
    traced.push(await measureTraced(readTraceFile(path), options));
  }
  progress("");
  stdout(options.json ? `${JSON.stringify({ traced }, null, 2)}\n` : `${tracedReport(traced)}\n`);
  return traced.every(holdsOnTrace) ? 0 : 1;
};

const benchLedger = async (
  { json, seeds }: Options,
  { stdout, progress }: Terminal,
): Promise<ExitCode> => {
  const { reconcileMonths } = await import("../bench/ledger/reconcile.ts");
  const { ledgerReport } = await import("../bench/ledger/report.ts");
  const months = await reconcileMonths({ ...(seeds !== undefined && { seeds }), progress });
  progress("");
  stdout(json ? `${JSON.stringify({ ledger: months }, null, 2)}\n` : `${ledgerReport(months)}\n`);
  return months.every(({ meets }) => meets) ? 0 : 1;
};

const benchWaste = async ({ json }: Options, { stdout }: Terminal): Promise<ExitCode> => {
  const { measureWaste } = await import("../bench/waste.ts");
  const { wasteReport } = await import("../bench/waste-report.ts");
  const waste = await measureWaste();
  stdout(json ? `${JSON.stringify({ waste }, null, 2)}\n` : `${wasteReport(waste)}\n`);
  return 0;
};

const benchInterruptions = async (options: Options, terminal: Terminal): Promise<ExitCode> => {
  const { allAimsMet, measureInterruptions } =
    await import("../bench/interruptions/interruption-figures.ts");
  const { interruptionReport } = await import("../bench/interruptions/interruption-report.ts");
  const { stdout, progress } = terminal;
  const measured = await measureInterruptions(options, progress);
  stdout(
    options.json ? `${JSON.stringify(measured, null, 2)}\n` : `${interruptionReport(measured)}\n`,
  );
  return allAimsMet(measured) ? 0 : 1;
};

const loadAndMeasureGroups = async () => {
  const { measureGroups } = await import("../bench/groups.ts");
  return measureGroups();
};

const benchGroups = async ({ json }: Options, { stdout }: Terminal): Promise<ExitCode> => {
  const { groupReport } = await loadReport();
  const groups = await loadAndMeasureGroups();
  stdout(json ? `${JSON.stringify({ groups }, null, 2)}\n` : `${groupReport(groups)}\n`);
  return 0;
};

const measureAllBundles = async () => {
  const { bundleLambdas } = await import("../../infra/bundle.ts");
  const { measureBundles } = await import("../bench/bundles.ts");
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-bench-"));
  try {
    await bundleLambdas(folder);
    return measureBundles(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const measureProduct = async (seeds: number | undefined) => {
  const { measureDowntimes, measureEvaluations } = await import("../bench/evaluations.ts");
  const { measureRollBacks } = await import("../bench/roll-backs.ts");
  return {
    bundles: await measureAllBundles(),
    evaluations: await measureEvaluations(),
    rollBacks: await measureRollBacks(),
    groups: await loadAndMeasureGroups(),
    downtimes: seeds === undefined ? undefined : await measureDowntimes(seeds),
  };
};

const benchProduct = async ({ json, seeds }: Options, { stdout }: Terminal): Promise<ExitCode> => {
  const report = await loadReport();
  const measured = await measureProduct(seeds);
  const { bundles, evaluations, rollBacks, groups, downtimes } = measured;
  const tables = [
    report.bundleReport(bundles),
    report.evaluationReport(evaluations),
    report.rollBackReport(rollBacks),
    report.groupReport(groups),
    ...(downtimes === undefined ? [] : [report.downtimeReport(downtimes, seeds ?? 0)]),
  ];
  stdout(json ? `${JSON.stringify(measured, null, 2)}\n` : `${tables.join("\n\n")}\n`);
  return 0;
};

const benchBundles = async ({ json }: Options, { stdout }: Terminal): Promise<ExitCode> => {
  const { bundleReport } = await loadReport();
  const bundles = await measureAllBundles();
  stdout(json ? `${JSON.stringify({ bundles }, null, 2)}\n` : `${bundleReport(bundles)}\n`);
  return 0;
};

const benchAllInterruptions = (options: Options, terminal: Terminal): Promise<ExitCode> =>
  options.traces.length > 0
    ? benchTraces(options, terminal)
    : benchInterruptions(options, terminal);

const benchByName = {
  fleet: benchFleet,
  interruptions: benchAllInterruptions,
  ledger: benchLedger,
  waste: benchWaste,
} as const;

const bench = (options: Options, terminal: Terminal): Promise<ExitCode> => {
  if (options.lab) return benchLab(options, terminal);
  if (options.fleet) return benchFleet(options, terminal);
  if (options.what !== undefined) return benchByName[options.what](options, terminal);
  if (options.drain) return benchDrain(options, terminal);
  if (options.bundles) return benchBundles(options, terminal);
  return options.groups ? benchGroups(options, terminal) : benchProduct(options, terminal);
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, bench));
