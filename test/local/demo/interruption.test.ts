import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { demo } from "../../../local/demo/demo.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

const recoverySchema = z.looseObject({
  kind: z.literal("RECOVER"),
  started_by: z.literal("event"),
  status: z.literal("SWITCHED"),
});

const documentSchema = z.looseObject({
  ok: z.literal(true),
  stories: z.tuple([
    z.looseObject({
      name: z.literal("interruption"),
      mode: z.literal("INTERRUPTION"),
      countdown: z
        .array(z.looseObject({ seconds_left: z.int().max(120), calls: z.array(z.string()) }))
        .min(5),
      instance: recoverySchema,
      group: recoverySchema,
      nodes: z.looseObject({
        kind: z.literal("RESPOND"),
        started_by: z.literal("event"),
        status: z.literal("FELL_BACK"),
      }),
      way_back: z.looseObject({
        evaluation: z.looseObject({
          started_by: z.literal("sweep"),
          status: z.literal("SWITCHED"),
        }),
        after_seconds: z.int().min(3600),
      }),
      group_whole_after_seconds: z.int().max(119),
    }),
  ]),
});

describe("the demo of an interruption", () => {
  it("tells in its document what served when, and that all ended as it must", async () => {
    const { terminal, said } = recordingTerminal();
    const code = await demo(["interruption", "--json"], terminal);
    documentSchema.parse(JSON.parse(said.stdout));
    expect(code).toBe(0);
  }, 120_000);

  it("counts down from two minutes in its text, with the pools' risk before and after", async () => {
    const { terminal, said } = recordingTerminal();
    expect(await demo(["interruption", "--seed", "2"], terminal)).toBe(0);
    expect(said.stdout).toMatch(/Seconds left +Group: in service/);
    expect(said.stdout).toMatch(/\n +120 +2 of 3/);
    expect(said.stdout).toMatch(
      /Back to Spot, \d+ min \d\d s after the notice, by the sweep: 1 of 1 node/,
    );
    expect(said.stdout).toMatch(/Losses before +after +Risk before +after/);
  }, 120_000);
});
