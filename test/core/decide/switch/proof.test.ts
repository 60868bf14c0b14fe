import { describe, expect, it } from "@jest/globals";
import { judgeAlarms } from "../../../../core/decide/switch/proof.ts";
import type { AlarmFacts } from "../../../../core/model/alarm.ts";
import { leastMinutes } from "../../../../core/policy/proof.ts";

const at = (minutes: number): string => new Date(Date.UTC(2026, 2, 2, 9, minutes)).toISOString();
const now = new Date(at(30));
const proof = { alarms: ["errors", "latency"], minutes: 5 };
const ok = (name: string, change: Partial<AlarmFacts> = {}): AlarmFacts => ({
  name,
  state: "OK",
  since: at(0),
  instanceIds: [],
  ...change,
});

describe("a proof by alarms", () => {
  it("holds where each has been OK for so long", () => {
    const found = [ok("errors"), ok("latency", { since: at(25) })];
    expect(judgeAlarms(proof, found, { now }).holds).toBe(true);
  });

  it.each<readonly [string, readonly AlarmFacts[], string]>([
    ["one is in alarm", [ok("errors"), ok("latency", { state: "ALARM" })], "latency is ALARM"],
    [
      "one has no data",
      [ok("errors", { state: "INSUFFICIENT_DATA" }), ok("latency")],
      "errors is INSUFFICIENT_DATA",
    ],
    ["one does not exist", [ok("errors")], "shows no metric or composite alarm latency"],
    [
      "one has not been OK for long enough",
      [ok("errors"), ok("latency", { since: at(26) })],
      "have to be for 5 minutes: it is 4 minutes",
    ],
    [
      "CloudWatch could not evaluate one",
      [ok("errors", { problem: "EVALUATION_FAILURE" }), ok("latency")],
      "could not evaluate it last (EVALUATION_FAILURE)",
    ],
    [
      "nobody knows since when one is OK",
      [{ name: "errors", state: "OK", instanceIds: [] }, ok("latency")],
      "does not say since when",
    ],
  ])("does not hold where %s", (_, found, words) => {
    const judged = judgeAlarms(proof, found, { now });
    expect(judged).toEqual({ holds: false, sentence: expect.stringContaining(words) as unknown });
  });

  it("is not one of a replacement that has served for less", () => {
    const found = [ok("errors"), ok("latency")];
    expect(judgeAlarms(proof, found, { now, servesSince: at(26) }).holds).toBe(false);
    expect(judgeAlarms(proof, found, { now, servesSince: at(25) }).holds).toBe(true);
  });

  it("is not one at all where an alarm is about the instance that is replaced", () => {
    const found = [ok("errors", { instanceIds: ["i-1"] }), ok("latency")];
    expect(judgeAlarms(proof, found, { now, replaced: "i-1" }).sentence).toContain(
      "would say nothing of its replacement",
    );
    expect(judgeAlarms(proof, found, { now, replaced: "i-2" }).holds).toBe(true);
  });

  it("makes the others wait for as long as the longest", () => {
    expect(leastMinutes([])).toBe(0);
    const alarms = { kind: "cloudwatch-alarms", ...proof } as const;
    expect(leastMinutes([{ kind: "target-groups" }, alarms, { ...alarms, minutes: 20 }])).toBe(20);
  });
});
