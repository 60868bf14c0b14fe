/** The demo as a function: arguments in, lines out, exit code. */
import { demoUsage, readDemoCommand, type DemoOptions } from "./options.ts";
import { recordedProgramme } from "./linear/recorded-programme.ts";
import { seededProgramme } from "./linear/seeded-programme.ts";
import type { Programme } from "./programme.ts";
import { demoDocument } from "./report/document.ts";
import { stableText } from "./report/stable-document.ts";
import { colourPaint, plainPaint, type Paint } from "../terminal/paint.ts";
import { summaryLines } from "./report/summary.ts";
import { pageWidth, wrap } from "../terminal/wrap.ts";
import { hasHeld, type StoryReport } from "./story.ts";
import type { Teller } from "./teller.ts";

export interface Surroundings {
  /** Receive text with its line ends. */
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly hasColour: boolean;
  /** Shows a passing line on a terminal; an empty one clears it. */
  readonly whisper?: (text: string) => void;
}

export type ExitCode = 0 | 1 | 2;

const introductionLines = (programme: Programme, paint: Paint): readonly string[] =>
  [
    paint("strong", "Spot Optimizer: LINEAR, one EC2 instance moved from On-Demand to Spot"),
    "",
    ...[
      "What runs here is the product itself: its API, its workflow, its steps, its AWS clients. What is simulated is AWS: " +
        "EC2, STS, Price List, Spot Advisor and Step Functions, on this machine, in virtual time. The demo proves the " +
        "product's logic; it does not prove how AWS behaves.",
      ...programme.introduction,
    ].flatMap((paragraph) => [...wrap(paragraph, pageWidth), ""]),
  ].slice(0, -1);

const closingLines = (reports: readonly StoryReport[], paint: Paint): readonly string[] => {
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

const openProgramme = ({ marketDir, seed }: DemoOptions): Programme =>
  marketDir === undefined ? seededProgramme(seed) : recordedProgramme(marketDir, seed);

const tellerOf = (options: DemoOptions, surroundings: Surroundings): Teller => {
  const { stdout, stderr, hasColour, whisper = () => undefined } = surroundings;
  return options.isJson
    ? {
        paint: plainPaint,
        say: () => undefined,
        whisper: () => undefined,
        note: (report) => {
          const status = report.ending?.evaluation.status ?? report.error ?? "";
          stderr(
            `${report.name}: ${status}, ${hasHeld(report) ? "as it must" : "NOT as it must"}\n`,
          );
        },
      }
    : {
        paint: hasColour ? colourPaint : plainPaint,
        say: (lines) => {
          for (const line of lines) stdout(`${line}\n`);
        },
        whisper,
        note: () => undefined,
      };
};

export const runProgramme = async (
  programme: Programme,
  options: DemoOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const teller = tellerOf(options, surroundings);
  teller.say(introductionLines(programme, teller.paint));
  const reports = await programme.play(teller);
  teller.say(closingLines(reports, teller.paint));
  const document = demoDocument({
    seed: options.seed,
    market: programme.marketNote,
    reports,
  });
  if (options.isJson) {
    const text = `${JSON.stringify(document, undefined, 2)}\n`;
    surroundings.stdout(options.isStable ? stableText(text) : text);
  }
  return reports.every(hasHeld) ? 0 : 1;
};

const run = async (options: DemoOptions, surroundings: Surroundings): Promise<ExitCode> => {
  let programme: Programme;
  try {
    programme = openProgramme(options);
  } catch (error) {
    // The files' errors name file and line.
    surroundings.stderr(`--market: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  return runProgramme(programme, options, surroundings);
};

export const demo = async (
  args: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const command = readDemoCommand(args);
  switch (command.kind) {
    case "HELP":
      surroundings.stdout(demoUsage);
      return 0;
    case "USAGE_ERROR":
      surroundings.stderr(`${command.sentence}\n`);
      return 2;
    case "RUN":
      return run(command.options, surroundings);
  }
};
