/** `npm run reconcile` as a function: arguments in, lines out, exit code. */
import { relative } from "node:path";
import * as z from "zod";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { existingFile, flag } from "../terminal/option-values.ts";
import type { ExitCode, Terminal } from "../terminal/terminal.ts";
import type { NamedFile } from "./ledger-hours.ts";
import { reconcile, type Given } from "./reconcile.ts";
import { RefusalError } from "./refusal.ts";
import { reconciliationJson, reconciliationLines } from "./report.ts";

interface Options extends Given {
  readonly isJson: boolean;
}

const usage = `Usage: npm run reconcile -- --cur FILE… --ledger FILE… [options]

Holds the savings ledger against what AWS billed, by resource and hour, in whole nano-dollars.

  --cur FILE…        of a Cost and Usage Report (2.0 or legacy) or a FOCUS export: CSV, gzip or Parquet, by the hour
                     (needed, unless there is a --spot-feed)
  --spot-feed FILE…  of the Spot Instance data feed: for Spot hours that no report has (default: none)
  --ledger FILE…     hours as the ledger has them, GET /api/v1/savings/hours (needed)
  --json             print the result as one JSON document
  --help             print this

Compared are Spot (1 % of a month; of an hour the larger of $0.001 and 2 %), On-Demand and reserved places (0.1 %),
volumes (0.5 %) and public IPv4 (0.1 %), up to 48 hours before the newest hour of the bill. All else is shown.

Example: npm run reconcile -- --cur .local/cur.csv.gz --ledger .local/hours.json

Exit code: 0 they agree, 1 they do not, or can't be compared, 2 wrong usage.
`;

const commandLineIn = (folder: string) => {
  const files = z
    .array(existingFile(folder))
    .default([])
    .transform((paths): readonly NamedFile[] =>
      paths.map((path) => ({ path, name: relative(folder, path) })),
    );
  return defineCommandLine({
    command: "npm run reconcile --",
    usage,
    schema: z
      .object({ cur: files, "spot-feed": files, ledger: files, json: flag })
      .refine((given) => given.cur.length + given["spot-feed"].length > 0, {
        error: "Nothing to compare with: name files of a bill with --cur or --spot-feed",
      })
      .refine(({ ledger }) => ledger.length > 0, {
        error: "Nothing to compare: name the ledger's hours with --ledger",
      })
      .transform((values): Options => ({
        cur: values.cur,
        spotFeed: values["spot-feed"],
        ledger: values.ledger,
        isJson: values.json,
      })),
  });
};

/** A refusal has its name first, for scripts. */
const run = async ({ isJson, ...given }: Options, terminal: Terminal): Promise<ExitCode> => {
  try {
    const result = await reconcile(given);
    const text = isJson ? reconciliationJson(result) : reconciliationLines(result).join("\n");
    terminal.stdout(`${text}\n`);
    return result.agrees ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    terminal.stderr(`${error.refusal}: ${error.message}\n`);
    return 1;
  }
};

export const reconcileCommand = (
  args: readonly string[],
  terminal: Terminal,
): ExitCode | Promise<ExitCode> =>
  runCommand(commandLineIn(terminal.folder), { args, terminal }, run);
