/**
 * `npm run test:console`: the console page in a real browser. Where no Chromium is on this machine it is skipped with a
 * sentence.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import * as z from "zod";
import { findChromium } from "../console/chromium.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag } from "../terminal/option-values.ts";
import { fail, runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

/** The tests' figures, for `.ci/run`. */
const results = { folder: ".local", file: ".local/console-results.json" } as const;

const parts = [
  "fleet",
  "rows",
  "left-open",
  "live",
  "target",
  "evaluations",
  "seen",
  "savings",
  "risk",
  "preflight",
  "lists",
  "dialogs",
  "screens",
  "pictures",
] as const;
type Part = (typeof parts)[number];

const commandLine = defineCommandLine({
  command: "npm run test:console --",
  usage: `Usage: npm run test:console [-- options]

Shows the console page in Chromium, in each state, at widths of 360, 1,024 and 1,920 pixels, light and dark: no rule of
accessibility broken (axe), nothing refused by the page's own policy, no request to elsewhere. Prints how soon the first
content is there, in milliseconds, and how large the page is. Some minutes.

  fleet        empty, loading, out of order, needing an operator, with long names, with 10,000 rows
  rows         the fleet's rows: reasons, totals and what they lead to, scrolling, selection, keys
  left-open    rows that change for five minutes, an API that is away for one
  live         a switch of the simulated cloud, phase by phase
  target       one target: shadow mode ends after a question; links to the AWS console
  evaluations  the list, empty, loading and out of order, and one of them
  seen         a group's capacity and the budgets of nodes over time, empty, short, blocked, with long names
  savings      gross to net, month by month and by target, empty, loading and out of order
  risk         pools by zone and type, losses by day, quarantine; a large region, empty, loading and out of order
  preflight    what would become of an account's fleet; not begun, at work, with long names, out of order; registered
  lists        approvals, waste, governance, accounts: rows with long names
  dialogs      each question before something is changed
  screens      the other screens: after a switch, empty, loading and out of order; the kill switch from each
  pictures     screenshots of the page on the simulated cloud, as docs/ shows them

  --only PART  one of these parts (default: all but the last)
  --headed     show the browser's window
  --help       print this

It is skipped, with a sentence, where there is no Chromium. The variable CHROMIUM names one that is not found by itself.

Example: npm run test:console -- --only fleet

Exit code: 0 all hold, or no Chromium; 1 something does not; 2 wrong usage.
`,
  schema: z.object({ only: z.enum(parts).optional(), headed: flag }),
});

interface Options {
  readonly only?: Part | undefined;
  readonly headed: boolean;
}

const run = ({ only, headed }: Options, terminal: Terminal): ExitCode => {
  const chromium = findChromium(process.env);
  if (chromium === undefined) {
    terminal.stdout(
      "Skipped the tests of the console page: there is no Chromium on this machine (CHROMIUM names one).\n",
    );
    return 0;
  }
  const chosen = only === undefined ? parts.filter((part) => part !== "pictures") : [only];
  mkdirSync(results.folder, { recursive: true });
  const { status, error } = spawnSync(
    process.execPath,
    [
      "node_modules/jest/bin/jest.js",
      "--config=jest.console.config.js",
      "--json",
      `--outputFile=${results.file}`,
      ...chosen.map((part) => `test/browser/${part}.test.ts`),
    ],
    {
      stdio: "inherit",
      env: { ...process.env, CHROMIUM: chromium, ...(headed && { CHROMIUM_HEADED: "yes" }) },
    },
  );
  if (error !== undefined) return fail(terminal, `jest could not be started: ${error.message}`);
  return status === 0 ? 0 : 1;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, run));
