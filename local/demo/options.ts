/** The demo's command line. */
import * as z from "zod";
import { defineCommandLine } from "../terminal/command-line.ts";
import { existingFolder, flag, seed } from "../terminal/option-values.ts";

const usage = `Usage: npm run demo [-- [linear|cluster|kubernetes|fleet|interruption|governance|month] [options]]

Shows the product at work on a simulated AWS, in virtual time. Nothing reaches a real account.

  linear        one EC2 instance moved from On-Demand to Spot, step by step
  cluster       an Auto Scaling group moved from On-Demand to Spot in batches, step by step
  kubernetes    a node of an EKS cluster replaced by a Spot node: its pods leave as their budgets allow
                (without a mode: the stories of these three, in short)
  fleet         300 mixed instances, three groups and a cluster: judged before anything is registered, registered in
                shadow mode, swept, and a part of it switched
  interruption  EC2 takes back what switches have brought: what serves in the two minutes of its notice and after
  governance    waste with what it costs, the consent of persons by the hash of what they saw, a deletion with its
                snapshot; and an instance that nobody owns, from its flag through a day of grace
  month         a month of three instances that are switched, taken back and brought back: the ledger from gross to net,
                what its owner was told, and an alarm with its entry in the runbook

  --seed N      whole number from 0 to 4294967295 (default 1): another market, or another recorded instant
  --market DIR  take prices, bands and types from the recorded files in DIR instead of the made-up market (linear)
  --json        print one JSON document instead of the text; progress goes to stderr
  --stable      with --json: ids, addresses and instants replaced by their order of appearance, to compare two runs
  --help        print this

Exit code: 0 all stories ended as they must, 1 one did not, 2 wrong usage or unreadable files.
`;

/** A folder of recorded files. */
export interface MarketFolder {
  /** Absolute. */
  readonly path: string;
  /** What the texts call it. */
  readonly typed: string;
}

export interface DemoOptions {
  /** Absent: all, in short. */
  readonly mode?: DemoMode;
  readonly seed: number;
  readonly isJson: boolean;
  /** Ids, addresses and instants are replaced by their order of appearance. */
  readonly isStable: boolean;
  /** Absent: the market is made up. */
  readonly market?: MarketFolder;
}

const modes = [
  "linear",
  "cluster",
  "kubernetes",
  "fleet",
  "interruption",
  "governance",
  "month",
] as const;
type DemoMode = (typeof modes)[number];

const mode = z.enum(modes, {
  error: ({ input }) =>
    `"${String(input)}" is not a mode of the demo: use linear, cluster, kubernetes, fleet, interruption, governance or month`,
});

export const demoCommandLine = (folder: string) =>
  defineCommandLine({
    command: "npm run demo --",
    usage,
    positional: "mode",
    needs: { stable: "json" },
    schema: z
      .object({
        mode: mode.optional(),
        seed: seed.default(1),
        market: existingFolder(folder).optional(),
        json: flag,
        stable: flag,
      })
      .transform(({ mode, seed, market, json, stable }): DemoOptions => ({
        ...(mode === undefined ? {} : { mode }),
        seed,
        isJson: json,
        isStable: stable,
        ...(market === undefined ? {} : { market }),
      })),
  });
