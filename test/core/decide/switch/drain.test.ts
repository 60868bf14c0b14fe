import { describe, expect, it } from "@jest/globals";
import { judgeDrain } from "../../../../core/decide/switch/drain.ts";
import type { TargetGroupStanding } from "../../../../core/model/target-group.ts";

const judge = (...standings: readonly TargetGroupStanding[]) =>
  judgeDrain(
    "i-1",
    standings.map((standing, index) => ({ arn: `group-${String(index)}`, standing })),
  );

describe("an instance that has left its target groups", () => {
  it.each([[], ["absent"], ["absent", "absent"]] as const)(
    "has no connections where it stands %s",
    (...standings) => {
      expect(judge(...standings)).toEqual({ kind: "GONE" });
    },
  );

  it("may have some while one of them drains it, which is named", () => {
    expect(judge("absent", "leaving")).toEqual({
      kind: "DRAINING",
      sentence: "i-1 still drains in group-1: connections may be open.",
    });
  });

  it.each(["joining", "ready", "unrouted"] as const)(
    "gets new ones where it is %s again, whatever the others say",
    (standing) => {
      expect(judge("leaving", standing)).toEqual({
        kind: "REGISTERED",
        sentence: "Somebody registered i-1 in group-1 again.",
      });
    },
  );
});
