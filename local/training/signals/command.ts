/** What signals are worth as a function: arguments in, lines out, exit code. */
import * as z from "zod";
import { defaultModelVersion, findModel } from "../../../core/risk/registry.ts";
import { tracesOrShipped } from "../../backtest/market-files.ts";
import { readTraceFile } from "../../backtest/trace-file.ts";
import { defineCommandLine, runCommand } from "../../terminal/command-line.ts";
import { decimalNumber, existingFile, flag, wholeNumber } from "../../terminal/option-values.ts";
import { fail, refuse, type ExitCode, type Terminal } from "../../terminal/terminal.ts";
import { weightFigures } from "./loss-weight.ts";
import { isCounted, partialLossFigures } from "./partial-losses.ts";
import { recommendationFigures } from "./recommendations.ts";
import { signalLines, type SignalFigures } from "./report.ts";

interface SignalsOptions {
  readonly tracePaths: readonly string[];
  readonly heldOut: readonly string[];
  readonly announcedShare: number;
  readonly leadSeconds: number;
  readonly seeds: number;
  readonly isJson: boolean;
}

const usage = `Usage: npm run signals [-- options]

Measures on recorded markets what foretells losses: for how long a loss counts, what the loss of a part of a pool
says of the rest, and what it is worth to heed announcements, the more of them are false alarms.

  --traces FILE…    traces of availability (default: the made-up ones of markets/made-1)
  --hold-out NAME…  of the traces, by name: how long a loss counts is not fitted on them (default: none)
  --announced Q     share of the losses that are announced, 0 to 1 (default 0.5)
  --lead S          seconds between an announcement and its loss (default 300)
  --seeds N         how often it is drawn which are (default 20)
  --json            print the figures as one JSON document
  --help            print this

Example: npm run signals -- --lead 120 --seeds 5

Exit code: 0 done, 1 the data do not tell, 2 wrong usage.
`;

const commandLineIn = (folder: string) =>
  defineCommandLine({
    command: "npm run signals --",
    usage,
    schema: z
      .object({
        traces: z.array(existingFile(folder)).default([]),
        "hold-out": z.array(z.string()).default([]),
        announced: decimalNumber({ from: 0, to: 1 }).default(0.5),
        lead: decimalNumber({ from: 0, to: 1_000_000 }).default(300),
        seeds: wholeNumber({ from: 1, to: 1000 }).default(20),
        json: flag,
      })
      .transform((values): SignalsOptions => ({
        tracePaths: tracesOrShipped(values.traces),
        heldOut: values["hold-out"],
        announcedShare: values.announced,
        leadSeconds: values.lead,
        seeds: values.seeds,
        isJson: values.json,
      })),
  });

/** @throws Error naming what of the data is malformed, or does not tell */
const measure = (options: SignalsOptions, terminal: Terminal): ExitCode => {
  const { tracePaths, heldOut, announcedShare, leadSeconds, seeds, isJson } = options;
  const markets = tracePaths.map(readTraceFile);
  const names = markets.map(({ name }) => name);
  const unknown = heldOut.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    return refuse(
      terminal,
      `--hold-out: there is no trace "${unknown}" among ${names.join(", ")}.`,
    );
  }
  const model = findModel(defaultModelVersion);
  const drawn = { announcedShare, leadSeconds, restHours: 0, youngMinutes: 0 };
  const figures: SignalFigures = {
    lossWeight: weightFigures({
      trained: markets.filter(({ name }) => !heldOut.includes(name)),
      heldOut: markets.filter(({ name }) => heldOut.includes(name)),
    }),
    partialLosses: markets.filter(isCounted).flatMap((market) => partialLossFigures(market, model)),
    recommendations: recommendationFigures(markets, drawn, seeds),
  };
  const text = isJson ? JSON.stringify(figures, null, 2) : signalLines(figures).join("\n");
  terminal.stdout(`${text}\n`);
  return 0;
};

export const measureSignals = (args: readonly string[], terminal: Terminal): ExitCode => {
  try {
    return runCommand(commandLineIn(terminal.folder), { args, terminal }, measure);
  } catch (error) {
    return fail(terminal, error);
  }
};
