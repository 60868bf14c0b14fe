import { describe, expect, it } from "@jest/globals";
import { judgeExpiry } from "../../../../core/decide/linear/expiry.ts";

const at = (minutes: number): Date =>
  new Date(Date.parse("2026-03-01T12:00:00.000Z") + minutes * 60_000);

const judge = (change: Partial<Parameters<typeof judgeExpiry>[0]>): object =>
  judgeExpiry({
    imageId: "ami-1",
    state: undefined,
    snapshotIds: [],
    dueAt: at(0).toISOString(),
    now: at(1),
    ...change,
  });

describe("an image that is no longer needed", () => {
  it.each(["available", "pending", "failed"])("that is %s is deregistered", (state) => {
    expect(judge({ state, snapshotIds: ["snap-1"] })).toMatchObject({ kind: "DEREGISTER" });
  });

  it.each(["deregistered", undefined])(
    "whose state is %s, and that has left snapshots, has these deleted",
    (state) => {
      expect(judge({ state, snapshotIds: ["snap-1", "snap-2"] })).toEqual({
        kind: "DELETE_SNAPSHOTS",
        snapshotIds: ["snap-1", "snap-2"],
        sentence: "ami-1 is gone, and snap-1, snap-2 of it is left.",
      });
    },
  );

  it("that EC2 calls deregistered, without snapshots, is done with", () => {
    expect(judge({ state: "deregistered" })).toMatchObject({ kind: "GONE" });
  });

  it("that EC2 does not show is asked for again during an hour", () => {
    expect(judge({ now: at(60) })).toMatchObject({ kind: "POSTPONE" });
    expect(judge({ now: at(61) })).toMatchObject({ kind: "GONE" });
  });
});
