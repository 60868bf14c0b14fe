import { describe, expect, it } from "@jest/globals";
import { flagsOnlyUntil } from "../../../core/enforce/grace.ts";
import type { Finding } from "../../../core/model/enforcer.ts";
import {
  atHour,
  idOf,
  many,
  nothingKnown,
  owned,
  readAt,
  told,
  unowned,
  type World,
} from "./samples.ts";

const firstOf = ({ rows }: World): Finding => {
  const [row] = rows;
  if (row === undefined) throw new Error("Nothing is flagged.");
  return row;
};

const change = (world: World, members: Partial<Finding>): World => ({
  ...world,
  rows: world.rows.map((row) => ({ ...row, ...members })),
});

describe("a complete reading", () => {
  it("flags at first sight what runs without an owner, and nothing else", () => {
    const world = readAt(nothingKnown, 0, [
      unowned(),
      unowned({ instanceId: idOf(2), state: "stopped" }),
      unowned({ instanceId: idOf(3), state: "pending" }),
      owned({ instanceId: idOf(4) }),
    ]);
    expect(world.rows).toEqual([
      expect.objectContaining({ instanceId: idOf(1), status: "FLAGGED", readings: 1 }),
    ]);
  });

  it("flags nobody of a fleet launched a minute ago, by a clock ten minutes ahead neither", () => {
    const launchedAt = new Date(atHour(0).getTime() - 11 * 60_000).toISOString();
    expect(readAt(nothingKnown, 0, [unowned({ launchedAt })]).rows).toEqual([]);
    expect(readAt(nothingKnown, 1, [unowned({ launchedAt })]).rows).toHaveLength(1);
  });

  it("takes out of the list who has an owner by now, and who has ended", () => {
    const world = readAt(nothingKnown, 0, many(2, unowned));
    const later = readAt(world, 1, [
      owned(),
      unowned({ instanceId: idOf(2), state: "terminated" }),
    ]);
    expect(later.rows).toEqual([]);
  });

  it("takes out who is not shown by two readings an hour apart, and not by one", () => {
    const world = readAt(nothingKnown, 0, [unowned()]);
    const once = readAt(world, 1, []);
    expect(firstOf(once).missingSince).toBe(atHour(1).toISOString());
    expect(firstOf(readAt(once, 1.5, [unowned()])).missingSince).toBeUndefined();
    expect(readAt(once, 2, []).rows).toEqual([]);
  });

  it("lets the clock of one go on that its owner stopped and started, and counts only what it sees running", () => {
    const world = told(readAt(nothingKnown, 0, [unowned()]), 0);
    const stopped = readAt(world, 1, [unowned({ state: "stopped" })]);
    expect(firstOf(stopped)).toMatchObject({ readings: 1, state: "stopped" });
    const launchedAt = atHour(1.9).toISOString();
    const started = firstOf(readAt(stopped, 2, [unowned({ launchedAt })]));
    expect(started).toMatchObject({ readings: 2, flaggedAt: atHour(0).toISOString(), launchedAt });
    expect(started.flagNotice).toEqual(firstOf(world).flagNotice);
  });

  it("gives one that we had stopped, and its owner started, a new full grace", () => {
    const world = told(readAt(nothingKnown, 0, [unowned()]), 0);
    const launchedAt = firstOf(world).launchedAt;
    const stop = { plannedAt: atHour(26).toISOString(), launchedAt };
    const stopped = change(world, { status: "STOPPED", stop });
    expect(firstOf(readAt(stopped, 27, [unowned()])).status).toBe("STOPPED");
    const again = firstOf(readAt(stopped, 30, [unowned({ launchedAt: atHour(29).toISOString() })]));
    expect(again).toMatchObject({ status: "FLAGGED", readings: 0 });
    expect(again).not.toHaveProperty("flagNotice");
    expect(again).not.toHaveProperty("stop");
  });

  it("leaves an exempt one alone until its exemption ends, and then gives it a new full grace", () => {
    const world = told(readAt(nothingKnown, 0, [unowned()]), 0);
    const exemption = {
      reason: "Bastion",
      until: atHour(10).toISOString(),
      by: "ada",
      at: atHour(0).toISOString(),
    };
    const exempt = change(world, { status: "EXEMPT", exemption });
    expect(firstOf(readAt(exempt, 9, [unowned()]))).toMatchObject({
      status: "EXEMPT",
      readings: 1,
    });
    const ended = firstOf(readAt(exempt, 10, [unowned()]));
    expect(ended).toMatchObject({ status: "FLAGGED", flaggedAt: atHour(10).toISOString() });
    expect(ended).not.toHaveProperty("flagNotice");
    expect(ended).not.toHaveProperty("exemption");
  });

  it("counts the running ones, managed ones among them, and those that a tag alone exempts", () => {
    const { before } = readAt(nothingKnown, 0, [
      unowned(),
      ...many(3, owned, 2),
      {
        ...owned({ instanceId: idOf(9), isManaged: true }),
        standing: { kind: "OWNED", by: "AWS_SERVICE", byTagOnly: false },
      },
      owned({ instanceId: idOf(10), state: "stopped" }),
    ]);
    expect(before).toMatchObject({ running: 5, byTagOnly: 3 });
  });
});

describe("the week of flags alone", () => {
  const untilOf = ({ before }: World): string | undefined => before && flagsOnlyUntil(before);
  const begun = readAt(nothingKnown, 0, [unowned()]);

  it("begins with the first reading of an account and region, and goes on with the next ones", () => {
    expect(untilOf(begun)).toBe(atHour(7 * 24).toISOString());
    expect(untilOf(readAt(begun, 1, [unowned()]))).toBe(untilOf(begun));
  });

  it.each([
    ["a changed rule", { ruleSet: "rules-2" }],
    ["a restored table", { epoch: "table-restored#" }],
    [
      "the switch to ON",
      { settings: { onSince: atHour(3).toISOString(), updatedAt: atHour(3).toISOString() } },
    ],
  ])("begins again with %s", (_, how) => {
    const later = readAt(begun, 5, [unowned()], how);
    expect(untilOf(later)).toBe(atHour(5 + 7 * 24).toISOString());
  });
});

describe("a restored table", () => {
  it("restarts every grace, voids intents and agreements, and keeps the exemptions that it has", () => {
    const world = told(readAt(nothingKnown, 0, many(2, unowned)), 0);
    const exemption = {
      reason: "Bastion",
      until: atHour(90 * 24).toISOString(),
      by: "ada",
      at: atHour(0).toISOString(),
    };
    const [first, second] = world.rows as readonly [Finding, Finding];
    const stop = { plannedAt: atHour(30).toISOString(), launchedAt: first.launchedAt };
    const before = {
      ...world,
      rows: [
        { ...first, status: "STOPPING" as const, stop },
        { ...second, status: "EXEMPT" as const, exemption },
      ],
    };
    const { rows } = readAt(before, 40, many(2, unowned), { epoch: "restored#" });
    expect(rows[0]).toMatchObject({ status: "FLAGGED", readings: 1 });
    expect(rows[0]).not.toHaveProperty("stop");
    expect(rows[0]).not.toHaveProperty("flagNotice");
    expect(rows[1]).toMatchObject({ status: "EXEMPT", exemption });
  });
});

describe("a changed rule", () => {
  const known = readAt(nothingKnown, 0, many(100, owned));
  const afterwards = (newly: number, how = {}) =>
    readAt(known, 1, [...many(newly, unowned), ...many(100 - newly, owned, newly + 1)], {
      ruleSet: "rules-2",
      ...how,
    });

  it("pauses the enforcer where it newly flags more than a tenth of the running instances", () => {
    expect(afterwards(10).before).not.toHaveProperty("paused");
    expect(afterwards(11).before).toMatchObject({ paused: { newlyFlagged: 11 } });
  });

  it("is what pauses it: as many under the same rules don't", () => {
    expect(afterwards(40, { ruleSet: "rules-1" }).before).not.toHaveProperty("paused");
  });

  it("pauses it until somebody sets the settings again", () => {
    const paused = afterwards(11);
    const judged = [...many(11, unowned), ...many(89, owned, 12)];
    const still = readAt(paused, 2, judged, { ruleSet: "rules-2" });
    expect(still.before).toHaveProperty("paused");
    const settings = { onSince: atHour(0).toISOString(), updatedAt: atHour(2.5).toISOString() };
    const lifted = readAt(still, 3, judged, { ruleSet: "rules-2", settings });
    expect(lifted.before).not.toHaveProperty("paused");
  });
});
