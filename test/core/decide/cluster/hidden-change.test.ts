import { describe, expect, it } from "@jest/globals";
import type { Ledger } from "../../../../core/decide/cluster/capacity.ts";
import { reckonWithAttach, unseenAttach } from "../../../../core/decide/cluster/hidden-change.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";
import { memberId } from "./plain-group.ts";

const [first, second, original] = [memberId(101), memberId(102), memberId(1)];
const two: Ledger = { asked: 2, absorbed: 0 };
const groupAt = (desiredCapacity: number) => ({ desiredCapacity, minSize: 1, members: [] });

const intentOf = (
  id: string,
  change: IntentChange,
  { at = 1, before = 2 }: { readonly at?: number; readonly before?: number } = {},
): Intent => ({
  id,
  status: "ACTED",
  fence: 1,
  plannedAt: `2026-03-02T09:0${String(at)}:00.000Z`,
  change,
  before: { desiredCapacity: before },
});
const attachOf = (
  instanceId: string,
  when: { readonly at?: number; readonly before?: number } = {},
) =>
  intentOf(
    `attach-${instanceId}`,
    { kind: "ATTACH_MEMBERS", asgName: "web", instanceIds: [instanceId] },
    when,
  );
const attached = [attachOf(first), attachOf(second)];

const activityOf = (instanceId: string, desired: number) => ({
  description: `Attaching an existing EC2 instance: ${instanceId}`,
  cause: `At 2026-03-02T09:01:00Z an instance was added in response to user request. Keeping the capacity at the new ${String(desired)}.`,
});

const reckoned = (
  desired: number,
  activities: readonly ReturnType<typeof activityOf>[],
  intents: readonly Intent[] = attached,
) => {
  const group = groupAt(desired);
  const attach = unseenAttach(two, { intents, group });
  return attach === undefined
    ? undefined
    : reckonWithAttach(two, { intents, group, attach }, activities);
};

describe("a desired capacity that is another than expected after our attach", () => {
  it.each([
    ["the whole call", [activityOf(first, 8), activityOf(second, 8)]],
    ["one after the other", [activityOf(first, 7), activityOf(second, 8)]],
  ])(
    "was set before it where the activities of %s tell so: our surplus stands",
    (_, activities) => {
      expect(reckoned(8, activities)).toEqual({
        ledger: { asked: 6, absorbed: 0 },
        surplus: 2,
        change: { from: 2, to: 6, absorbed: 0 },
      });
    },
  );

  it("was set before it and after it: what was set last is asked for, and has absorbed our surplus", () => {
    const activities = [activityOf(first, 8), activityOf(second, 8)];
    expect(reckoned(5, activities)).toMatchObject({
      ledger: { asked: 5, absorbed: 2 },
      surplus: 0,
      change: { from: 8, to: 5 },
    });
  });

  it("was set after it where the activities tell what was expected, or do not tell", () => {
    expect(reckoned(8, [activityOf(first, 4), activityOf(second, 4)])).toBeUndefined();
    expect(reckoned(8, [activityOf(first, 8)])).toBeUndefined();
    expect(reckoned(8, [])).toBeUndefined();
    const unclear = { ...activityOf(first, 8), cause: "an instance was added" };
    expect(reckoned(8, [unclear, activityOf(second, 8)])).toBeUndefined();
  });
});

describe("an attach of which nothing was reckoned yet", () => {
  it("is the last one, with what stood at the look before it", () => {
    const later = attachOf(second, { at: 2, before: 3 });
    const intents = [attachOf(first), later];
    expect(unseenAttach(two, { intents, group: groupAt(9) })).toEqual({
      instanceIds: [second],
      desiredBefore: 3,
    });
  });

  it("is none where the ledger was kept after it, where an original was removed since, or where nothing was attached", () => {
    const group = groupAt(9);
    expect(unseenAttach({ asked: 5, absorbed: 2 }, { intents: attached, group })).toBeUndefined();
    const removed = intentOf(
      "remove",
      { kind: "REMOVE_MEMBER", asgName: "web", instanceId: original, how: "terminate" },
      { at: 3 },
    );
    expect(unseenAttach(two, { intents: [...attached, removed], group })).toBeUndefined();
    expect(unseenAttach(two, { intents: [], group })).toBeUndefined();
    const refused = attached.map((intent): Intent => ({ ...intent, status: "UNDONE" }));
    expect(unseenAttach(two, { intents: refused, group })).toBeUndefined();
  });
});
