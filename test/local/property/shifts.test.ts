import { describe, expect, it } from "@jest/globals";
import { createGroupLab, type GroupLab } from "../../../local/lab/group-lab.ts";
import { createGroupOwner } from "../../../local/lab/group-owner.ts";
import { rebalanceShifts } from "../../../local/property/cluster/shifts.ts";

/** Two zones of two; so many seconds later the owner ends both of one of them, and the group balances what it has left. */
const rebalanced = async (seconds: number): Promise<GroupLab> => {
  const lab = await createGroupLab({ size: 4, min: 1, zones: 2, isBehindLoadBalancer: false });
  const { clock } = lab.account;
  const members = lab.group()?.members ?? [];
  const owner = createGroupOwner(lab.platform, lab.name);
  const zone = members[0]?.zoneName;
  const places = members.flatMap(({ zoneName }, index) => (zoneName === zone ? [index] : []));
  const beginMs = clock.now();
  clock.schedule(beginMs + seconds * 1000, async () => {
    for (const member of places) await owner.act({ kind: "TERMINATE", member, decrements: true });
  });
  await clock.run({ atMostMs: beginMs + 600_000 });
  return lab;
};

describe("what a group balances by itself in both runs", () => {
  it("is missing in both from the earlier instant to the later one", async () => {
    const [one, other] = await Promise.all([rebalanced(10), rebalanced(25)]);
    const [shift, ...more] = rebalanceShifts(one, other);
    expect(more).toEqual([]);
    expect((shift?.toMs ?? 0) - (shift?.fromMs ?? 0)).toBe(15_000);
    expect(rebalanceShifts(other, one)).toEqual([shift]);
  });

  it("counts against us where it happens with us alone, or minutes apart", async () => {
    const [one, late] = await Promise.all([rebalanced(10), rebalanced(100)]);
    const still = await createGroupLab({ size: 4, zones: 2, isBehindLoadBalancer: false });
    expect(rebalanceShifts(one, late)).toEqual([]);
    expect(rebalanceShifts(one, still)).toEqual([]);
    expect(rebalanceShifts(still, one)).toEqual([]);
  });
});
