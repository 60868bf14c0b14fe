/** The demo's command line. */
import * as z from "zod";
import { defineCommandLine } from "../terminal/command-line.ts";
import { existingFolder, flag, seed } from "../terminal/option-values.ts";
import { demoModes, demoUsage, demoUsages, type DemoMode } from "./usage.ts";

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

const mode = z.enum(demoModes, {
  error: ({ input }) =>
    `"${String(input)}" is not a mode of the demo: use ${demoModes.slice(0, -1).join(", ")} or ${String(demoModes.at(-1))}`,
});

export const demoCommandLine = (folder: string) =>
  defineCommandLine({
    command: "npm run demo --",
    usage: demoUsage,
    parts: demoUsages,
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
