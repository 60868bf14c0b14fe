/** The demo as a function: arguments in, lines out, exit code. */
import { allModes } from "./all-modes.ts";
import type { AnyReport } from "./any-report.ts";
import { clusterProgramme } from "./cluster/cluster-programme.ts";
import { runFleet } from "./fleet/run-fleet.ts";
import { runGovernance } from "./governance/run-governance.ts";
import { runInterruption } from "./interruption/run-interruption.ts";
import { runMonth } from "./month/run-month.ts";
import { kubernetesProgramme } from "./kubernetes/kubernetes-programme.ts";
import { demoCommandLine, type DemoOptions } from "./options.ts";
import { recordedProgramme } from "./linear/recorded-programme.ts";
import { seededProgramme } from "./linear/seeded-programme.ts";
import type { Programme } from "./programme.ts";
import { stageOn } from "./stage.ts";
import { demoDocument } from "./report/document.ts";
import { stableText } from "./report/stable-document.ts";
import { runCommand } from "../terminal/command-line.ts";
import type { Paint } from "../terminal/paint.ts";
import type { Form } from "./report/story-lines.ts";
import { summaryLines } from "./report/summary.ts";
import { messageOf, refuse, type ExitCode, type Terminal } from "../terminal/terminal.ts";
import type { Front } from "../platform/platform.ts";
import { pageWidth, wrap } from "../terminal/wrap.ts";
import { hasHeld } from "./story.ts";
import type { Teller } from "./teller.ts";

const introductionLines = (programme: Programme, paint: Paint): readonly string[] =>
  [
    paint("strong", `Spot Optimizer: ${programme.title}`),
    "",
    ...[
      "What runs here is the product itself: its API, its workflow, its steps, its AWS clients. What is simulated is AWS: " +
        "EC2, Auto Scaling, EKS, Elastic Load Balancing, STS, Price List, Spot Advisor and Step Functions, on this machine, in virtual time. The demo proves the " +
        "product's logic; it does not prove how AWS behaves.",
      ...programme.introduction,
    ].flatMap((paragraph) => [...wrap(paragraph, pageWidth), ""]),
  ].slice(0, -1);

const closingLines = (reports: readonly AnyReport[], paint: Paint): readonly string[] => {
  const failed = reports.filter((report) => !hasHeld(report));
  return [
    "",
    paint("strong", "All stories"),
    "",
    ...summaryLines(reports, paint),
    "",
    "Calls: those that change something in the account, counted in the journal of the simulated cloud.",
    "Down: how long the address had no healthy holder, by the record or, without one, as it was seen.",
    "",
    failed.length === 0
      ? paint("good", "Every story ended as it must.")
      : paint("bad", `Not as it must: ${failed.map(({ name }) => name).join(", ")}.`),
  ];
};

const programmes = {
  linear: seededProgramme,
  cluster: clusterProgramme,
  kubernetes: kubernetesProgramme,
} as const;

/** What is not typed: who calls the demo as a function says it. */
interface RunOptions extends DemoOptions {
  /** Default: through the bytes of the wire protocol. */
  readonly front?: Front;
  /** Hears the text where the document is printed in its place. */
  readonly hear?: (lines: readonly string[]) => void;
}

/** Told by themselves: they are not one evaluation. */
const ownForms = {
  fleet: runFleet,
  governance: runGovernance,
  interruption: runInterruption,
  month: runMonth,
} as const;

type StoryOptions = RunOptions & { readonly mode?: keyof typeof programmes };

const hasOwnForm = (
  options: RunOptions,
): options is RunOptions & { readonly mode: keyof typeof ownForms } =>
  options.mode !== undefined && options.mode in ownForms;

/** @throws Error for files that can't be read, and for a mode that has no stories at recorded prices */
const openProgramme = ({ mode, market, seed }: StoryOptions): Programme => {
  if (market !== undefined) {
    if (mode === "cluster" || mode === "kubernetes")
      throw new Error("recorded prices have stories of linear alone.");
    return recordedProgramme(market, seed);
  }
  return mode === undefined ? allModes(seed) : programmes[mode](seed);
};

/** All modes are told in short; one that is asked for, and recorded prices, in full. */
const formOf = ({ mode, market }: RunOptions): Form =>
  mode === undefined && market === undefined ? "SHORT" : "FULL";

const tellerOf = (options: RunOptions, terminal: Terminal): Teller =>
  options.isJson
    ? {
        paint: terminal.paint,
        form: formOf(options),
        say: (lines) => options.hear?.(lines),
        progress: () => undefined,
        note: (report) => {
          const status = report.ending?.evaluation.status ?? report.error ?? "";
          const found = hasHeld(report) ? "as it must" : "NOT as it must";
          terminal.stderr(`${report.name}: ${status}, ${found}\n`);
        },
      }
    : {
        paint: terminal.paint,
        form: formOf(options),
        say: (lines) => {
          for (const line of lines) terminal.stdout(`${line}\n`);
        },
        progress: terminal.progress,
        note: () => undefined,
      };

export const runProgramme = async (
  programme: Programme,
  options: RunOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const teller = tellerOf(options, terminal);
  teller.say(introductionLines(programme, teller.paint));
  const reports = await programme.play(teller, stageOn(options.front ?? "in-process"));
  teller.say(closingLines(reports, teller.paint));
  const document = demoDocument({
    seed: options.seed,
    market: programme.marketNote,
    reports,
  });
  if (options.isJson) {
    const text = `${JSON.stringify(document, undefined, 2)}\n`;
    terminal.stdout(options.isStable ? stableText(text) : text);
  }
  return reports.every(hasHeld) ? 0 : 1;
};

export const runDemo = async (options: RunOptions, terminal: Terminal): Promise<ExitCode> => {
  if (hasOwnForm(options)) {
    return options.market === undefined
      ? ownForms[options.mode](options, terminal)
      : refuse(terminal, "--market: recorded prices have stories of linear alone.");
  }
  let programme: Programme;
  try {
    programme = openProgramme(options as StoryOptions);
  } catch (error) {
    // The files' errors name file and line.
    return refuse(terminal, `--market: ${messageOf(error)}`);
  }
  return runProgramme(programme, options, terminal);
};

export const demo = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> =>
  runCommand(demoCommandLine(terminal.folder), { args, terminal }, runDemo);
