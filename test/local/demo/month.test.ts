/** The month of the demo, of two days here: a whole one takes a minute. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { demo } from "../../../local/demo/demo.ts";
import { runMonth } from "../../../local/demo/month/run-month.ts";
import { runbookEntryOf } from "../../../local/demo/month/runbook-entry.ts";
import { noticesUndelivered, toldAlarms } from "../../../infra/told-alarms.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

const golden = new URL("golden/month-of-2-days-seed-1.json", import.meta.url);
const options = { seed: 1, isStable: true };
const days = 2;
const runMs = 60_000;

const documentSchema = z.looseObject({
  ok: z.literal(true),
  stories: z.tuple([
    z.looseObject({
      days: z.literal(days),
      savings: z.looseObject({ gross_usd: z.number().positive() }),
      notices: z.array(z.looseObject({ kind: z.string(), times: z.int().positive() })).nonempty(),
      alarm: z.looseObject({ lines: z.int().positive() }),
    }),
  ]),
});

describe("the demo of a month", () => {
  it(
    "tells the ledger, the notices and the alarm as the golden file has them",
    async () => {
      const { terminal, said } = recordingTerminal();
      expect(await runMonth({ ...options, isJson: true }, terminal, days)).toBe(0);
      documentSchema.parse(JSON.parse(said.stdout));
      expect(said.stdout).toBe(readFileSync(golden, "utf8"));
    },
    runMs,
  );

  it(
    "says to people what is gross, what is net, and what the runbook has",
    async () => {
      const { terminal, said } = recordingTerminal();
      expect(await runMonth({ ...options, isJson: false }, terminal, days)).toBe(0);
      const told = ["would", "double_running", "Gross", "net", "unproven", noticesUndelivered.id];
      for (const text of told) {
        expect(said.stdout).toContain(text);
      }
      expect(said.stdout.split("\n").filter((line) => line.length > 100)).toEqual([
        expect.stringContaining("the alarm rang"),
      ]);
      expect(said.stdout).not.toContain("NOT ");
    },
    runMs,
  );

  it("has no recorded prices", async () => {
    const { terminal, said } = recordingTerminal({ folder: process.cwd() });
    expect(await demo(["month", "--market", "docs"], terminal)).toBe(2);
    expect(said.stderr).toContain("recorded prices have stories of linear alone");
  });
});

describe("the runbook's entry of an alarm", () => {
  it.each([noticesUndelivered, ...Object.values(toldAlarms)])("is that of $id", (alarm) => {
    const { text } = runbookEntryOf(alarm.description);
    expect(text).toContain(alarm.id);
    expect(text).not.toContain("](");
  });

  it("is asked for by its title alone", () => {
    expect(() => runbookEntryOf("Something rang: docs/runbook.md, Nothing such")).toThrow(
      "has no entry Nothing such",
    );
  });
});
