import { describe, expect, it } from "@jest/globals";
import {
  choiceBefore,
  isReturnGroup,
  isReturnReserved,
  judgeUnsecured,
  reservationEnd,
  returnCapacity,
  returnGroupName,
} from "../../../../core/decide/linear/return-capacity.ts";
import { deploymentIdSchema } from "../../../../core/model/ids.ts";
import { effectivePolicy } from "../../../../core/policy/policy.ts";
import { intentOf, changes } from "./roll-back/samples.ts";

const policy = effectivePolicy("LINEAR");

describe("the way back of an original", () => {
  it.each([
    ["stop-and-image", true, true],
    ["move-volumes", true, true],
    ["stop-and-image", false, false],
    // Its original is stopped last.
    ["stateless", true, false],
  ] as const)("of %s, with hold_return_capacity %s: held is %s", (consistency, hold, held) => {
    expect(isReturnReserved({ consistency, holdReturnCapacity: hold })).toBe(held);
  });

  it("is held as long as the switch and its roll-back can take", () => {
    const now = new Date("2026-03-02T09:00:00.000Z");
    expect(reservationEnd(policy, now)).toBe("2026-03-02T15:55:00.000Z");
    const longer = { ...policy, imageDeadlineMinutes: 720 };
    expect(reservationEnd(longer, now)).toBe("2026-03-03T01:55:00.000Z");
  });

  it("has a group of its own, which is known again by its ARN, with an id behind the name or without", () => {
    const deployment = deploymentIdSchema.parse("dpl-0123456789abcdefghij");
    const name = returnGroupName(deployment, "i-0a");
    expect(name).toBe("spot-optimizer-dpl-0123456789abcdefghij-i-0a");
    const arn = `arn:aws:resource-groups:us-east-1:1:group/${name}`;
    expect(isReturnGroup(arn, "i-0a")).toBe(true);
    expect(isReturnGroup(`${arn}/0123456789abcdefghijklmnop`, "i-0a")).toBe(true);
    expect(isReturnGroup(arn, "i-0b")).toBe(false);
    expect(isReturnGroup("arn:aws:resource-groups:us-east-1:1:group/theirs-i-0a", "i-0a")).toBe(
      false,
    );
  });

  it("that EC2 does not hold ends the switch before the stop, unless its owner has accepted that", () => {
    const refused = judgeUnsecured("No room.", { instanceId: "i-0a", policy });
    expect(refused).toMatchObject({
      kind: "POSTPONED",
      postponed: { reason: "WAY_BACK_UNSECURED" },
    });
    const accepted = { ...policy, acceptUnsecuredReturn: true };
    const consented = judgeUnsecured("No room.", { instanceId: "i-0a", policy: accepted });
    expect(consented.kind).toBe("ACCEPTED");
  });

  it("notes the setting that it will change", () => {
    expect(choiceBefore({ preference: "open" })).toEqual({ preference: "open" });
    expect(choiceBefore({ groupArn: "arn" })).toEqual({ groupArn: "arn" });
    expect(choiceBefore()).toEqual({});
  });
});

describe("what the capacity cost", () => {
  const endedAt = "2025-03-01T14:00:00.000Z";
  const reserved = intentOf(changes.reserve);

  it("counts from its making to its end, or to that of the evaluation", () => {
    const acted = { ...reserved, actedAt: "2025-03-01T13:00:00.000Z" };
    expect(returnCapacity({ intents: [acted], endedAt, hourlyUsd: 0.1 })).toEqual({
      reservationId: "cr-1",
      from: "2025-03-01T13:00:00.000Z",
      until: endedAt,
      hourlyUsd: 0.1,
      usd: 0.1,
    });
    const undone = { ...acted, undoneAt: "2025-03-01T13:30:00.000Z" };
    expect(returnCapacity({ intents: [undone], endedAt, hourlyUsd: 0.1 })?.usd).toBe(0.05);
  });

  it("is not claimed without a price, and nothing is told where nothing was held", () => {
    const told = returnCapacity({ intents: [reserved], endedAt, hourlyUsd: undefined });
    expect(told).not.toHaveProperty("usd");
    expect(returnCapacity({ intents: [], endedAt, hourlyUsd: 0.1 })).toBeUndefined();
  });
});
