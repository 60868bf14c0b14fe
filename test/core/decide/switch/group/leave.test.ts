import { describe, expect, it } from "@jest/globals";
import {
  howItLeft,
  isHidden,
  lastLeave,
  tellTaken,
  type Leave,
} from "../../../../../core/decide/switch/group/leave.ts";

describe("a removal whose answer is not known", () => {
  const took = "At 2026-03-02T09:00:00Z an instance was taken out of service in response to";
  const ofOne = (cause: string, instanceId = "i-0one") => ({
    description: `Terminating EC2 instance: ${instanceId}`,
    cause: `${took} ${cause}`,
  });

  it.each([
    [true, 5, "a user request, shrinking the capacity from 5 to 4."],
    [true, undefined, "a user request, shrinking the capacity."],
    [false, undefined, "a user request, keeping the capacity at the current 5."],
    [false, undefined, "an EC2 health check indicating it has been terminated or stopped."],
    [
      false,
      undefined,
      "a difference between desired and actual capacity, shrinking the capacity from 5 to 4.",
    ],
  ])("has acted: %s, on a desired capacity of %s, by %s", (acted, desired, cause) => {
    expect(howItLeft([ofOne(cause)], "i-0one")).toEqual({
      isWithItsPlace: acted,
      ...(desired === undefined ? {} : { desiredBefore: desired }),
    });
  });

  it("is not judged by what became of others, or of its launch", () => {
    const launched = {
      ...ofOne("a user request."),
      description: "Launching a new EC2 instance: i-0one",
    };
    const other = ofOne("a user request, shrinking the capacity from 5 to 4.", "i-0two");
    expect(howItLeft([launched, other], "i-0one")).toBeUndefined();
  });
});

describe("a call that let a member leave with its place", () => {
  const leave = {
    at: "2026-03-02T09:03:00.000Z",
    instanceId: "i-0one",
    asgName: "web",
    seen: 9,
    met: 6,
  };

  it("is told of where it met another number than was seen", () => {
    expect(isHidden(leave)).toBe(true);
    expect(tellTaken(leave)).toMatch(
      /group web to 6 in the instant in which i-0one .* set it to 6 if/,
    );
    expect(tellTaken({ ...leave, met: 9 })).toBeUndefined();
  });

  it("is the last one by when it acted", () => {
    const later = { ...leave, at: "2026-03-02T09:08:00.000Z" };
    expect(lastLeave([later, leave])).toBe(later);
    expect(lastLeave<Leave>([])).toBeUndefined();
  });
});
