import { describe, expect, it } from "@jest/globals";
import { asFailedIfStalled } from "../../../../../core/decide/fleet/preflight/stalled.ts";
import { preflightIdSchema } from "../../../../../core/model/ids.ts";
import { noTotals, type PreflightPlace } from "../../../../../core/model/preflight.ts";

const notedAt = "2026-03-02T12:00:00.000Z";

const place = (status: PreflightPlace["status"]): PreflightPlace => ({
  preflightId: preflightIdSchema.parse("pfl-0000000001"),
  region: "eu-central-1",
  status,
  notedAt,
  pages: 1,
  rows: 40,
  lookedAt: 3,
  toLookAt: 12,
  totals: noTotals,
});

const after = (status: PreflightPlace["status"], minutes: number): PreflightPlace =>
  asFailedIfStalled(place(status), new Date(Date.parse(notedAt) + minutes * 60_000));

describe("a region of a preflight of which nothing is heard", () => {
  it("is at work as long as its function may live, and its event may be kept", () => {
    expect(after("LOOKING", 15)).toEqual(place("LOOKING"));
    expect(after("WAITING", 90)).toEqual(place("WAITING"));
  });

  it("has failed after that, says what stands of it and what to do", () => {
    const { status, failure, rows } = after("LOOKING", 17);
    expect({ status, rows }).toEqual({ status: "FAILED", rows: 40 });
    expect(failure).toEqual({
      error: "BrokenDeadline",
      cause: expect.stringMatching(/since 2026-03-02T12:00.*stands.*POST \/preflight/) as unknown,
    });
    expect(after("WAITING", 96).failure?.cause).toMatch(/Nobody has begun.*POST \/preflight/);
  });

  it("stays what it is once it has ended", () => {
    expect(after("DONE", 10_000)).toEqual(place("DONE"));
    expect(after("FAILED", 10_000)).toEqual(place("FAILED"));
  });
});
