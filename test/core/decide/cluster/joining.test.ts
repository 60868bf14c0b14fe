import { describe, expect, it } from "@jest/globals";
import { joiningMembers, type JoiningInput } from "../../../../core/decide/cluster/joining.ts";
import { memberId, plainMember } from "./plain-group.ts";

const startedAt = "2025-03-01T00:00:00.000Z";

const joining = (seconds: number, change: Partial<JoiningInput> = {}): readonly string[] =>
  joiningMembers({
    members: [plainMember(1), plainMember(2), plainMember(3)],
    announced: new Map([2, 3, 9].map((index) => [memberId(index), {}])),
    decided: [],
    startedAt,
    at: new Date(Date.parse(startedAt) + seconds * 1000).toISOString(),
    ...change,
  });

describe("a batch of a response", () => {
  it("is joined by members that are announced in the 120 seconds of its notice, and by nobody who is not a member", () => {
    expect(joining(120)).toEqual([memberId(2), memberId(3)]);
    expect(joining(121)).toEqual([]);
  });

  it("is joined by none twice, and by none that was found not to be replaceable", () => {
    expect(joining(5, { decided: [memberId(2)] })).toEqual([memberId(3)]);
  });
});
