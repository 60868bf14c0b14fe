import { describe, expect, it } from "@jest/globals";
import { dueOf, endsDue } from "../../../core/enforce/due.ts";
import { noticeOf } from "../../../core/enforce/notice.ts";
import { stopPlan } from "../../../core/enforce/plans.ts";
import type { EnforcerPlace, Finding } from "../../../core/model/enforcer.ts";
import { approvalIdSchema } from "../../../core/model/ids.ts";
import { atHour, idOf, ripe, standing } from "./samples.ts";

const several = (count: number, change: Partial<Finding> = {}, first = 1) =>
  Array.from({ length: count }, (_, index) => ripe(first + index, change));

const counts = (rows: readonly Finding[], change: Partial<EnforcerPlace> = {}) => {
  const { stop, ask } = dueOf({ ...standing, ...change }, rows, atHour(0));
  return { stop: stop.length, ask: ask.length };
};

const agreed: Finding["agreed"] = {
  kind: "STOP_INSTANCES",
  approvalId: approvalIdSchema.parse("apr-0123456789"),
  until: atHour(1).toISOString(),
};

describe("what is due", () => {
  it("is stopped within the cap, and asked for as a whole where it is more", () => {
    expect(counts(several(5))).toEqual({ stop: 5, ask: 0 });
    expect(counts(several(6))).toEqual({ stop: 0, ask: 6 });
  });

  it("is asked for as a whole where stops of the last day have taken of the cap", () => {
    const stops = [{ instanceId: idOf(99), at: atHour(-1).toISOString() }];
    expect(counts(several(4), { stops })).toEqual({ stop: 4, ask: 0 });
    expect(counts(several(5), { stops })).toEqual({ stop: 0, ask: 5 });
  });

  it("is stopped beyond the cap where persons have agreed, as long as that is good", () => {
    const rows = [...several(7, { agreed }), ...several(2, {}, 20)];
    expect(counts(rows)).toEqual({ stop: 9, ask: 0 });
    const over = { ...agreed, until: atHour(0).toISOString() };
    expect(counts(several(7, { agreed: over }))).toEqual({ stop: 0, ask: 7 });
    const other = { ...agreed, kind: "TERMINATE_INSTANCES" as const };
    expect(counts(several(7, { agreed: other }))).toEqual({ stop: 0, ask: 7 });
  });

  it.each([
    ["is exempt", { status: "EXEMPT" }],
    ["is reported", { verdict: "REPORT" }],
    ["does not run", { state: "stopped" }],
    ["is not shown", { missingSince: atHour(-1).toISOString() }],
    ["is being stopped", { status: "STOPPING" }],
  ] as const)("leaves out what %s", (_, change) => {
    expect(counts([ripe(1, change)])).toEqual({ stop: 0, ask: 0 });
  });

  it.each([
    ["in the week of flags alone", { watchingSince: atHour(-24).toISOString() }],
    [
      "while it is paused",
      { paused: { since: atHour(-1).toISOString(), ruleSet: "r", newlyFlagged: 40 } },
    ],
  ])("is nothing %s", (_, change) => {
    expect(counts(several(3), change)).toEqual({ stop: 0, ask: 0 });
  });

  it("is nothing where nothing was read yet", () => {
    const { watchingSince: _none, ...unread } = standing;
    expect(dueOf(unread, several(3), atHour(0))).toEqual({ stop: [], ask: [] });
  });

  it("asks for what would do more than stop, beside what is stopped", () => {
    const rows = [...several(2), ripe(9, { verdict: "ASK", effects: ["CLOUDFORMATION_STACK"] })];
    expect(counts(rows)).toEqual({ stop: 2, ask: 1 });
  });
});

describe("what is ended", () => {
  const stopped = ripe(1, {
    status: "STOPPED",
    state: "stopped",
    stop: {
      plannedAt: atHour(-49).toISOString(),
      launchedAt: atHour(-300).toISOString(),
      stoppedAt: atHour(-48).toISOString(),
    },
  });

  it("stood stopped by us for as many days as the account says, and is not exempt", () => {
    expect(endsDue({ terminateAfterDays: 2 }, [stopped], atHour(0))).toEqual([stopped]);
    expect(endsDue({ terminateAfterDays: 3 }, [stopped], atHour(0))).toEqual([]);
    expect(endsDue({}, [stopped], atHour(0))).toEqual([]);
    const exemption = { reason: "x", until: atHour(9).toISOString(), by: "ada", at: "" };
    expect(endsDue({ terminateAfterDays: 2 }, [{ ...stopped, exemption }], atHour(0))).toEqual([]);
    expect(
      endsDue({ terminateAfterDays: 2 }, [{ ...stopped, state: "running" }], atHour(0)),
    ).toEqual([]);
  });
});

describe("what is told and asked", () => {
  it("says when the stop comes at the earliest, and how to keep the instance running", () => {
    const watched = { ...standing, watchingSince: atHour(0).toISOString() };
    const { subject, message } = noticeOf("FLAG", ripe(1), { place: watched, now: atHour(0) });
    expect(subject).toBe(`Spot Optimizer: ${idOf(1)} runs without an owner`);
    expect(message).toContain(`not before ${atHour(7 * 24).toISOString()}`);
    expect(message).toContain(`/api/v1/governance/gov-444455556666-eu-central-1-${idOf(1)}/exempt`);
    const later = noticeOf("FLAG", ripe(1), { place: standing, now: atHour(0) });
    expect(later.message).toContain(`not before ${atHour(24 + 1 / 6).toISOString()}`);
  });

  it("says of what can't be stopped why", () => {
    const finding = ripe(1, { verdict: "REPORT", effects: ["ROOT_IN_INSTANCE_STORE"] });
    const { message } = noticeOf("FLAG", finding, { place: standing, now: atHour(0) });
    expect(message).toContain("It is reported, and not stopped.");
    expect(message).toContain("its root is in instance store");
  });

  it("names what is erased, and that it can't be taken back", () => {
    const plan = stopPlan([ripe(1), ripe(2, { effects: ["INSTANCE_STORE_DISKS"] })]);
    expect(plan.isIrreversible).toBe(true);
    expect(plan.changes).toContain(`${idOf(2)}: the data of its instance-store disks are erased`);
    expect(stopPlan([ripe(1)]).isIrreversible).toBe(false);
  });
});
