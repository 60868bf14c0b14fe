import { describe, expect, it } from "@jest/globals";
import {
  measuresOfGovernance,
  type GovernanceFacts,
} from "../../../core/decide/measures-of-governance.ts";
import { approvalIdSchema } from "../../../core/model/ids.ts";
import type { WasteDeletion } from "../../../core/model/waste/finding.ts";
import { atHour, ripe, standing } from "../enforce/samples.ts";

/** Half past nine in the morning, UTC. */
const now = atHour(0.5);

const measured = (facts: Partial<GovernanceFacts>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    measuresOfGovernance({ waste: [], enforced: [], ...facts }, now).map(({ name, value }) => [
      name,
      value,
    ]),
  );

const deleted = (hour: number, rest: Partial<WasteDeletion> = {}) => ({
  monthlyUsd: 4,
  deletion: {
    approvalId: approvalIdSchema.parse("apr-aaaaaaaaaa"),
    begunAt: atHour(hour - 1).toISOString(),
    calls: [],
    before: "gp3",
    deletedAt: atHour(hour).toISOString(),
    ...rest,
  },
});

describe("what is measured of governance", () => {
  it("counts what was deleted since midnight UTC, and what the Recycle Bin holds of whatever day", () => {
    const waste = [
      deleted(-9),
      deleted(0, { binExitsAt: atHour(100).toISOString() }),
      deleted(-10, { binExitsAt: atHour(90).toISOString() }),
      deleted(-200, { binExitsAt: atHour(-1).toISOString() }),
      { monthlyUsd: 7 },
    ];
    expect(measured({ waste })).toMatchObject({ DeletionsToday: 2, BinMonthlyUsd: 8 });
  });

  it("holds what is due beside the cap, and tells the places in which none is stopped for that", () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => ripe(index + 1));
    const enforced = [
      { place: standing, findings: rows(5) },
      { place: standing, findings: rows(6) },
      { place: { ...standing, running: 30 }, findings: rows(1) },
    ];
    expect(measured({ enforced })).toMatchObject({
      EnforcerDue: 12,
      EnforcerCap: 10,
      EnforcerOverCap: 2,
    });
    expect(measured({})).toMatchObject({ EnforcerDue: 0, EnforcerCap: 0, EnforcerOverCap: 0 });
  });
});
