import { describe, expect, it } from "@jest/globals";
import { changesOfSpans, spanName, type PlaceShown } from "../../../core/ledger/note-spans.ts";
import type { ShownInstance } from "../../../core/model/ledger/shown.ts";
import type { InstanceSpan } from "../../../core/model/ledger/span.ts";
import { at, large, span } from "./samples.ts";

const { instanceId, targetId, accountId, region } = span();

const shown = (rest: Partial<ShownInstance> = {}): ShownInstance => ({
  instanceId,
  state: "running",
  ...large,
  launchedAt: at("06:00"),
  hasLentAddress: false,
  volumeIds: [],
  tags: {},
  ...rest,
});

const byUser = { reason: "Client.UserInitiatedShutdown" };
const running = span({ startedAt: at("06:00") });
const stopped = span({ startedAt: at("11:50"), state: "STOPPED", stoppedBy: "OWNER" });

const read = (
  instances: readonly ShownInstance[],
  open: readonly InstanceSpan[] = [],
  rest: Partial<PlaceShown> = {},
) =>
  changesOfSpans({
    accountId,
    region,
    readAt: at("12:00"),
    lastReadAt: at("11:45"),
    shown: instances,
    owners: new Map([[instanceId, targetId]]),
    open: new Map(open.map((one) => [one.instanceId, one])),
    ended: new Set(),
    ...rest,
  });

const nothing = { begun: [], ended: [], changed: [] };

describe("what a reading changes of what ran", () => {
  it("is nothing where it goes on", () => {
    expect(read([shown()], [running])).toEqual(nothing);
    expect(read([shown({ state: "stopped", ...byUser })], [stopped])).toEqual(nothing);
  });

  it("is nothing of an instance that stands for no target", () => {
    expect(read([shown()], [], { owners: new Map() })).toEqual(nothing);
  });

  it("is what has begun, from its launch on, however long ago that was", () => {
    expect(read([shown({ lifecycle: "spot" })]).begun).toMatchObject([
      { state: "RUNNING", startedAt: at("06:00"), purchase: "SPOT" },
    ]);
  });

  it("is a life of twenty seconds between two readings, while EC2 shows it", () => {
    const short = shown({
      state: "terminated",
      launchedAt: at("11:50"),
      endedAt: at("11:50:20"),
      ...byUser,
    });
    const { begun } = read([short]);
    expect(begun).toMatchObject([
      { startedAt: at("11:50"), end: { earliest: at("11:50:20"), latest: at("11:50:20") } },
    ]);
    // The next reading shows it still.
    const known = new Set(begun.map(spanName));
    expect(read([short], [], { ended: known })).toEqual(nothing);
  });

  it("is nothing of what ended long before, or never came to run", () => {
    expect(read([shown({ state: "terminated", endedAt: at("07:00"), ...byUser })])).toEqual(
      nothing,
    );
    const died = {
      state: "terminated" as const,
      launchedAt: at("11:50"),
      endedAt: at("11:50:05"),
      reason: "Client.InvalidKMSKey.InvalidState",
    };
    expect(read([shown(died)])).toEqual(nothing);
  });

  it.each([
    ["Client.UserInitiatedShutdown", "OWNER"],
    ["Client.InstanceInitiatedShutdown", "OWNER"],
    ["Server.SpotInstanceTermination", "EC2"],
    ["Server.InternalError", "EC2"],
    [undefined, "UNKNOWN"],
  ])("ends by %s as ended by %s", (reason, by) => {
    const { ended } = read(
      [shown({ state: "terminated", endedAt: at("11:50"), ...(reason && { reason }) })],
      [running],
    );
    expect(ended).toMatchObject([{ end: { earliest: at("11:50"), latest: at("11:50"), by } }]);
  });

  it("lies between two readings where EC2 does not say when", () => {
    const { ended } = read([shown({ state: "terminated", ...byUser })], [running]);
    expect(ended[0]?.end).toMatchObject({ earliest: at("11:45"), latest: at("12:00") });
  });

  it("is an end by an unknown hand where EC2 no longer shows it, and none right after its launch", () => {
    expect(read([], [running]).ended[0]?.end).toMatchObject({ by: "UNKNOWN" });
    expect(read([], [span({ startedAt: at("11:55") })])).toEqual(nothing);
  });

  it("is a stop, after which it costs on as what is stopped, with what it knew of its launch", () => {
    const known = { ...running, baseline: large, volumes: [] };
    const { ended, begun } = read(
      [shown({ state: "stopping", endedAt: at("11:50"), ...byUser })],
      [known],
    );
    expect(ended).toMatchObject([{ state: "RUNNING", end: { latest: at("11:50"), by: "OWNER" } }]);
    expect(begun).toMatchObject([
      { state: "STOPPED", startedAt: at("11:50"), stoppedBy: "OWNER", baseline: large },
    ]);
  });

  it("is a start of what was stopped, at its very instant", () => {
    const { ended, begun } = read([shown({ launchedAt: at("11:58") })], [stopped]);
    expect(ended).toMatchObject([{ state: "STOPPED", end: { latest: at("11:58") } }]);
    expect(begun).toMatchObject([{ state: "RUNNING", startedAt: at("11:58") }]);
  });

  it("is a stop and a start since: when it was stopped EC2 no longer shows", () => {
    const { ended, begun } = read([shown({ launchedAt: at("11:58") })], [running]);
    expect(ended[0]?.end).toEqual({ earliest: at("11:45"), latest: at("11:58"), by: "UNKNOWN" });
    expect(begun).toMatchObject([{ state: "RUNNING", startedAt: at("11:58") }]);
  });

  it("is a start and a stop since: it ran in between", () => {
    const { begun } = read(
      [shown({ state: "stopped", launchedAt: at("11:51"), endedAt: at("11:55"), ...byUser })],
      [stopped],
    );
    expect(begun).toMatchObject([
      { state: "RUNNING", startedAt: at("11:51"), end: { latest: at("11:55"), by: "OWNER" } },
      { state: "STOPPED", startedAt: at("11:55") },
    ]);
  });

  it("is another volume than it had", () => {
    const volumes = [{ volumeId: "vol-1", sizeGib: 8, volumeType: "gp3" }];
    const open = { ...running, volumes };
    expect(read([shown({ volumeIds: ["vol-1"] })], [open])).toEqual(nothing);
    expect(read([shown({ volumeIds: ["vol-2"] })], [open]).changed).toEqual([open]);
  });

  it("is not guessed from a first reading: what has ended before may have been seen by nobody", () => {
    const short = shown({ state: "terminated", launchedAt: at("11:50"), endedAt: at("11:51") });
    expect(
      changesOfSpans({
        accountId,
        region,
        readAt: at("12:00"),
        shown: [short],
        owners: new Map([[instanceId, targetId]]),
        open: new Map(),
        ended: new Set(),
      }),
    ).toEqual(nothing);
  });
});
