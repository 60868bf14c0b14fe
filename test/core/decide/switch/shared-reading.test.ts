import { describe, expect, it } from "@jest/globals";
import {
  healthIn,
  isCovered,
  leadUntil,
  mayLead,
  nextLeadFrom,
} from "../../../../core/decide/switch/shared-reading.ts";
import { evaluationIdSchema } from "../../../../core/model/ids.ts";
import type { SharedReading } from "../../../../core/model/shared-reading.ts";

const startMs = Date.parse("2026-03-02T10:00:00Z");
const instant = (seconds: number): Date => new Date(startMs + seconds * 1000);
const at = (seconds: number): string => instant(seconds).toISOString();

const health = {
  instanceId: "i-1",
  state: "running",
  system: "ok",
  instance: "ok",
  attachedEbs: "ok",
} as const;
const reading: SharedReading = { beganAt: at(10), healths: [health] };

describe("what many recoveries share of EC2", () => {
  it.each([
    ["begun after what is waited for, and young", "i-1", 10, 15, health],
    ["begun before what is waited for was caused", "i-1", 11, 12, undefined],
    ["too old", "i-1", 0, 16, undefined],
    ["written by a clock that is minutes fast", "i-1", 0, -590, undefined],
    ["that tells nothing of the instance", "i-2", 0, 11, undefined],
  ])("is gone by if it was %s", (_why, instanceId, causedAt, now, found) => {
    expect(healthIn(reading, { instanceId, causedAt: at(causedAt) }, instant(now))).toEqual(found);
  });

  it("is nothing to go by before anybody has read", () => {
    const wanted = { instanceId: "i-1", causedAt: at(0) };
    expect(healthIn(undefined, wanted, instant(0))).toBeUndefined();
    expect(isCovered(undefined, wanted)).toBe(false);
  });

  it("covers what was asked for, however old it is", () => {
    expect(isCovered(reading, { instanceId: "i-1" })).toBe(true);
    expect(isCovered(reading, { instanceId: "i-2" })).toBe(false);
  });
});

describe("who reads for all", () => {
  const evaluationId = evaluationIdSchema.parse("evl-0123456789abcdefghij");
  const lead = { evaluationId, until: leadUntil(instant(0)) };

  it("is one at a time, and somebody else once it has died", () => {
    expect(mayLead(undefined, instant(0))).toBe(true);
    expect(mayLead(lead, instant(5.9))).toBe(false);
    expect(mayLead(lead, instant(6))).toBe(true);
  });

  it("leaves two seconds from one beginning to the next", () => {
    const ended = { evaluationId, until: nextLeadFrom(instant(0)) };
    expect(mayLead(ended, instant(1))).toBe(false);
    expect(mayLead(ended, instant(2))).toBe(true);
  });

  it("is not kept waiting for ten minutes by a clock that is fast", () => {
    expect(mayLead({ evaluationId, until: leadUntil(instant(600)) }, instant(0))).toBe(true);
  });
});
