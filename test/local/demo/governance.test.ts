import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { demo } from "../../../local/demo/demo.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

const golden = new URL("golden/governance-seed-1.json", import.meta.url);

const documentSchema = z.looseObject({
  ok: z.literal(true),
  stories: z.tuple([
    z.looseObject({
      name: z.literal("waste"),
      status: z.literal("DELETED"),
      scan_mutating_calls: z.literal(0),
      monthly_savings_usd: z.number().positive(),
      findings: z.array(z.looseObject({ monthly_usd: z.number(), bounds_hash: z.string() })),
    }),
    z.looseObject({
      name: z.literal("enforcer"),
      status: z.literal("STOPPED"),
      notices: z.array(z.string()).length(3),
    }),
  ]),
});

const runMs = 120_000;

describe("the demo of governance", () => {
  it(
    "tells of findings, consents, a deletion and a day of grace as the golden file has it",
    async () => {
      const { terminal, said } = recordingTerminal();
      expect(await demo(["governance", "--json", "--stable"], terminal)).toBe(0);
      documentSchema.parse(JSON.parse(said.stdout));
      expect(said.stdout).toBe(readFileSync(golden, "utf8"));
    },
    runMs,
  );

  it(
    "has the hash that each person saw, and what the API answered him",
    async () => {
      const { terminal, said } = recordingTerminal();
      expect(await demo(["governance", "--seed", "2"], terminal)).toBe(0);
      for (const answer of ["own-request", "bounds-changed", "approved-before", "APPROVED"]) {
        expect(said.stdout).toContain(answer);
      }
      expect(said.stdout).not.toContain("NOT ");
    },
    runMs,
  );

  it("has no recorded prices", async () => {
    const { terminal, said } = recordingTerminal({ folder: process.cwd() });
    expect(await demo(["governance", "--market", "docs"], terminal)).toBe(2);
    expect(said.stderr).toContain("recorded prices have stories of linear alone");
  });
});
