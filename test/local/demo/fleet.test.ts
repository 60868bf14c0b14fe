import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { demo } from "../../../local/demo/demo.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

const documentSchema = z.looseObject({
  ok: z.literal(true),
  stories: z.tuple([
    z.looseObject({
      name: z.literal("fleet"),
      mode: z.literal("FLEET"),
      mutating_calls: z.int().positive(),
      preflight_mutating_calls: z.literal(0),
      monthly_savings_usd: z.number().positive(),
      subjects: z.int().min(300),
      acted: z.array(z.looseObject({ status: z.literal("SWITCHED") })).min(1),
    }),
  ]),
});

describe("the demo of a fleet", () => {
  it("tells in its document what was judged, registered, swept and saved", async () => {
    const { terminal, said } = recordingTerminal();
    const code = await demo(["fleet", "--json"], terminal);
    documentSchema.parse(JSON.parse(said.stdout));
    expect(code).toBe(0);
  }, 120_000);

  it("has no recorded prices", async () => {
    const { terminal, said } = recordingTerminal({ folder: process.cwd() });
    expect(await demo(["fleet", "--market", "docs"], terminal)).toBe(2);
    expect(said.stderr).toContain("recorded prices have stories of linear alone");
  });
});
