/** `npm run market`: makes the market that ships with the product, or says with --check which of its files are out of date. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import * as z from "zod";
import { madeMarketFiles, madeMarketFolder } from "../backtest/made-market.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag } from "../terminal/option-values.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run market --",
  usage: `Usage: npm run market [-- options]

Writes markets/made-1, the made-up market that ships with the product: Spot and On-Demand prices, interruption bands and
types for the demo's --market, and traces of capacity for the backtest. The same seed gives the same figures.

  --check  write nothing, only say which files are out of date (default: write those)
  --help   print this

Example: npm run market -- --check

Exit code: 0 all are up to date now, 1 with --check some are not, 2 wrong usage.
`,
  schema: z.object({ check: flag }),
});

const isPacked = (name: string): boolean => name.endsWith(".gz");

/** What is in the file, unpacked: another release of zlib packs the same text into other bytes. */
const textAt = (name: string): string | undefined => {
  const path = join(madeMarketFolder, name);
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  return (isPacked(name) ? gunzipSync(bytes) : bytes).toString("utf8");
};

const market = (
  { check: isCheck }: { readonly check: boolean },
  { stdout, stderr }: Terminal,
): ExitCode => {
  const outdated = [...madeMarketFiles()].filter(([name, text]) => textAt(name) !== text);
  if (isCheck && outdated.length > 0) {
    const names = outdated.map(([name]) => name).join(", ");
    stderr(`markets/made-1 is out of date in ${names}: run \`npm run market\` and commit.\n`);
    return 1;
  }
  for (const [name, text] of outdated) {
    const bytes = isPacked(name) ? gzipSync(text, { level: 9 }) : text;
    writeFileSync(join(madeMarketFolder, name), bytes);
  }
  const state = isCheck ? "up to date" : `written (${String(outdated.length)} changed)`;
  stdout(`markets/made-1: ${state}.\n`);
  return 0;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, market));
