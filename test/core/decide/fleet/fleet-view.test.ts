import { describe, expect, it } from "@jest/globals";
import { attentionIn } from "../../../../core/decide/fleet/attention.ts";
import { changesSince, endOfId, unsweptIn } from "../../../../core/decide/fleet/fleet-changes.ts";
import {
  evaluationsByTarget,
  fleetEntries,
  judgedSince,
  lastEndedOf,
  type FleetSources,
} from "../../../../core/decide/fleet/fleet-view.ts";
import type { LinearEvaluation } from "../../../../core/model/evaluation.ts";
import { registeredRow, type FleetLastEnded } from "../../../../core/model/fleet-row.ts";
import { placeKey } from "../../../../core/model/place.ts";
import {
  approvalId,
  clusterTarget,
  evaluation,
  evaluationId,
  kubernetesTarget,
  swap,
  targetId,
} from "../../../adapters/store/examples.ts";
import { fleetPlace, fleetRow, fleetTarget, placeOfFleet, readAt } from "./fleet-samples.ts";

const sources = (change: Partial<FleetSources> = {}): FleetSources => ({
  places: [fleetPlace()],
  rows: [fleetRow(1), fleetRow(2)],
  news: [],
  evaluations: new Map(),
  awaited: new Set(),
  judged: new Map(),
  ...change,
});

const later = "2026-03-01T12:05:00.000Z";

const verdict: LinearEvaluation["verdict"] = {
  kind: "SWITCH",
  reason: "SAVINGS_WORTH_THE_RISK",
  sentence: "It saves 70 %.",
  offers: [],
  modelVersion: "streak-1",
  policyVersion: "pol-1",
  judgedAt: readAt,
};

const running = (change: Partial<LinearEvaluation> = {}): LinearEvaluation =>
  evaluation(7, {
    verdict,
    authorization: { kind: "PROCEED", sentence: "Policy lets it." },
    ...change,
  });

const ended = (
  status: NonNullable<LinearEvaluation["outcome"]>["status"],
  change: Partial<LinearEvaluation> = {},
): LinearEvaluation =>
  running({
    status,
    endedAt: later,
    outcome: { status, reason: "BECAUSE", sentence: `It ended ${status}.` },
    ...change,
  });

const lastOf = (from: LinearEvaluation): FleetLastEnded => {
  const last = lastEndedOf(from);
  if (last === undefined) throw new Error("It has not ended.");
  return last;
};

const withEvaluations = (...evaluations: readonly LinearEvaluation[]): FleetSources =>
  sources({
    evaluations: evaluationsByTarget(
      evaluations,
      evaluations
        .filter(({ endedAt }) => endedAt === undefined)
        .map((each) => ({ evaluation: each, swaps: [] })),
    ),
  });

const standingsOf = (from: FleetSources): readonly string[] =>
  fleetEntries(from).map(({ standing }) => standing);

describe("the fleet as it stands", () => {
  it("shows each target as its sweep has found it, and what goes on at it", () => {
    const [first, second] = fleetEntries(withEvaluations(running()));
    expect(first).toMatchObject({ standing: "SWITCHING", acting: evaluationId(7) });
    expect(second).toEqual({ row: fleetRow(2), standing: "ON_SPOT" });
  });

  it("does not call a switch what only judges, in shadow mode, or waits for better times", () => {
    const { verdict: _none, authorization: _not, ...judging } = running();
    const postponed = { reason: "PACE", sentence: "Others run." } as const;
    for (const each of [
      judging,
      running({ isShadowMode: true }),
      running({ postponed }),
      running({ status: "PENDING" }),
      running({ authorization: { kind: "SHADOW", sentence: "Nothing is touched." } }),
    ]) {
      expect(standingsOf(withEvaluations(each))[0]).toBe("ON_SPOT");
    }
  });

  it("counts members and nodes that are under way", () => {
    const swap = { originalId: fleetRow(1).instanceId, sentence: "", failed: [] };
    const stages = ["PLANNED", "JOINED", "DONE", "UNDONE", "ABSORBED", "LEFT"] as const;
    const group = { ...running(), mode: "CLUSTER" } as unknown as LinearEvaluation;
    const swaps = stages.map((stage, index) => ({ ...swap, swapId: String(index), stage }));
    const evaluations = evaluationsByTarget([group], [{ evaluation: group, swaps }]);
    expect(fleetEntries(sources({ evaluations }))[0]).toMatchObject({
      standing: "MOVING",
      moving: 2,
    });
  });

  it("of what the sweep knows and what has ended since the later one is told", () => {
    const last = lastOf(ended("ROLLED_BACK", { endedAt: readAt }));
    const rows = [fleetRow(1, { last })];
    expect(standingsOf(sources({ rows }))).toEqual(["ROLLED_BACK"]);
    const { evaluations } = withEvaluations(ended("NEEDS_OPERATOR"));
    expect(standingsOf(sources({ rows, evaluations }))).toEqual(["NEEDS_OPERATOR"]);
    const old = withEvaluations(ended("NEEDS_OPERATOR", { endedAt: "2026-03-01T09:00:00.000Z" }));
    expect(standingsOf(sources({ rows, evaluations: old.evaluations }))).toEqual(["ROLLED_BACK"]);
  });

  it("what a person lets go on is not the last that has ended", () => {
    const rows = [fleetRow(1, { last: lastOf(ended("NEEDS_OPERATOR")) })];
    expect(standingsOf(sources({ rows }))).toEqual(["NEEDS_OPERATOR"]);
    const { evaluations } = withEvaluations(running());
    expect(standingsOf(sources({ rows, evaluations }))).toEqual(["SWITCHING"]);
  });

  it("of several answers to nodes that are taken one is told before all else that goes on", () => {
    const response = running({ evaluationId: evaluationId(8), kind: "RESPOND" });
    for (const order of [
      [running(), response],
      [response, running()],
    ]) {
      expect(standingsOf(withEvaluations(...order))[0]).toBe("INTERRUPTED");
    }
  });

  it("shows what was registered, changed and forgotten since the sweep", () => {
    const shadowed = registeredRow(fleetTarget(1, { isShadowMode: true }));
    const made = registeredRow(fleetTarget(3));
    const gone = { ...registeredRow(fleetTarget(2)), isGone: true as const };
    const entries = fleetEntries(sources({ news: [shadowed, made, gone] }));
    expect(entries.map(({ row: { targetId: id } }) => id)).toEqual([targetId(1), targetId(3)]);
    expect(entries).toMatchObject([
      { row: { isShadowMode: true, name: "web-1", capacity: { spot: 1 } }, standing: "ON_SPOT" },
      { row: { name: made.instanceId }, standing: "QUEUED" },
    ]);
  });

  it("shows before the first sweep what an evaluation has judged, and what came of it", () => {
    const savings = { hourlyUsd: 0.0714, monthlyUsd: 52.122, percent: 74.375 };
    const made = registeredRow(fleetTarget(3));
    const pool = {
      region: "us-east-1",
      zoneId: "use1-az4",
      instanceType: "m6a.large",
      product: "",
    };
    const replacement = { instanceId: made.instanceId, pool };
    const swaps = [swap({ replacement })] as const;
    const rowBy = (judging: LinearEvaluation) =>
      fleetEntries(
        sources({
          rows: [],
          news: [made],
          judged: new Map([[made.targetId, { evaluation: judging, swaps }]]),
        }),
      )[0]?.row;
    const going = { ...verdict, savings } as NonNullable<LinearEvaluation["verdict"]>;
    expect(rowBy(ended("SWITCHED", { verdict: going }))).toMatchObject({
      verdict: { kind: "SWITCH", sentence: "It saves 70 %.", at: readAt },
      pool: { instanceType: "m6a.large", zoneId: "use1-az4" },
      saves: { monthlyUsd: 52.122, basis: "ESTIMATED" },
      paysHourlyUsd: 0.0246,
      onDemandHourlyUsd: 0.096,
    });
    const shadowed = rowBy(ended("SHADOWED", { verdict: going, isShadowMode: true }));
    expect(shadowed).toMatchObject({
      saves: { monthlyUsd: 52.122, basis: "SHADOW" },
      paysHourlyUsd: 0.096,
    });
    expect(shadowed?.pool).toBeUndefined();
    const ofGroup = { ...ended("SWITCHED", { verdict: going }), mode: "CLUSTER" };
    expect(rowBy(ofGroup as unknown as LinearEvaluation)?.saves).toBeUndefined();
    const moved = rowBy(ended("SWITCHED", { verdict: going, kind: "MOVE" }));
    expect(moved?.onDemandHourlyUsd).toBeUndefined();
    const { verdict: _none, ...failed } = ended("DEGRADED");
    expect(rowBy(failed)).toEqual(made);
  });

  it("asks of evaluations that have ended since the reading, and of no others, what they have judged", () => {
    const verdictOf = { kind: "STAY", reason: "X", sentence: "It stays." } as const;
    const rows = [fleetRow(1, { verdict: verdictOf })];
    const since = sources({ rows, evaluations: withEvaluations(ended("STAYED")).evaluations });
    expect(judgedSince(since)).toEqual([evaluationId(7)]);
    const earlier = ended("STAYED", { endedAt: "2026-03-01T11:00:00.000Z" });
    const before = withEvaluations(earlier).evaluations;
    expect(judgedSince(sources({ rows, evaluations: before }))).toEqual([]);
    expect(judgedSince(sources({ evaluations: before }))).toEqual([evaluationId(7)]);
  });

  it("says nothing more of the Spot pool of what was brought back", () => {
    const rows = [
      fleetRow(1, {
        risk: 0.1,
        pools: 1,
        pool: { instanceType: "m5.large", zoneId: "use1-az1" },
        paysHourlyUsd: 0.04,
        onDemandHourlyUsd: 0.1,
        saves: { monthlyUsd: 43.8, basis: "ESTIMATED" },
      }),
    ];
    const back = ended("FELL_BACK", { kind: "FALL_BACK" });
    const judged = new Map([[targetId(1), { evaluation: back, swaps: [] }]]);
    const [entry] = fleetEntries(sources({ rows, judged }));
    const { saves, pool, risk, paysHourlyUsd } = entry?.row ?? {};
    expect({ saves, pool, risk }).toEqual({ saves: undefined, pool: undefined, risk: undefined });
    expect(paysHourlyUsd).toBe(0.1);
  });

  it("calls planned what was said of shadow mode once that has ended", () => {
    const saves = { monthlyUsd: 10, basis: "SHADOW" } as const;
    const rows = [fleetRow(1, { isShadowMode: true, saves })];
    const news = [registeredRow(fleetTarget(1, { isShadowMode: false }))];
    const [entry] = fleetEntries(sources({ rows, news }));
    expect(entry?.row.saves).toEqual({ monthlyUsd: 10, basis: "PLANNED" });
    const standing = fleetRow(1, { saves: { monthlyUsd: 10, basis: "ESTIMATED" } });
    const [same] = fleetEntries(sources({ rows: [standing], news }));
    expect(same?.row.saves?.basis).toBe("ESTIMATED");
  });

  it("what is another instance by now is not shown as the one that was swept", () => {
    const moved = registeredRow(fleetTarget(1, { instanceId: fleetTarget(9).instanceId }));
    const [entry] = fleetEntries(sources({ news: [moved] }));
    expect(entry).toEqual({ row: moved, standing: "QUEUED" });
  });

  it.each([
    [fleetTarget(1), fleetTarget(1).instanceId],
    [clusterTarget(1), "web-blue"],
    [kubernetesTarget(1), kubernetesTarget(1).instanceId],
    [kubernetesTarget(1, { scope: "ALL" }), "prod-eu/workers"],
  ])("names a target by what its owner knows: %#", (target, name) => {
    expect(registeredRow(target).name).toBe(name);
  });
});

describe("what waits for a person", () => {
  it("is told in the order of its urgency, with what can be done about it", () => {
    const rows = [
      fleetRow(1, { last: lastOf(ended("ROLLED_BACK")) }),
      fleetRow(2, { last: lastOf(ended("NEEDS_OPERATOR")) }),
      fleetRow(3, { last: lastOf(ended("STAYED")) }),
      fleetRow(4, { capacity: { spot: 0, onDemand: 0, isTaken: true } }),
    ];
    const told = attentionIn(fleetEntries(sources({ rows })));
    expect(told.map(({ entry: { row }, actions }) => [row.name, actions])).toEqual([
      ["web-2", ["RESUME", "ROLL_BACK", "ADOPT"]],
      ["web-4", []],
      ["web-1", ["EVALUATE"]],
    ]);
  });
});

const seen = (at: number, ...ends: readonly string[]) => ({
  sequences: new Map([[placeKey(placeOfFleet), at]]),
  unswept: new Set(ends),
});

const idsSince = (from: FleetSources, revision: ReturnType<typeof seen>) =>
  changesSince(revision, from, fleetEntries(from))?.entries.map(({ row }) => row.targetId);

describe("what may have changed since a revision", () => {
  const rows = [fleetRow(1), fleetRow(2, { changedIn: 2_000 })];
  const places = [fleetPlace({ sequence: 2_000, gone: [{ targetId: targetId(3), since: 2_000 }] })];

  it("are the rows that later sweeps have changed, and the targets that they no longer found", () => {
    const from = sources({ rows, places });
    expect(changesSince(seen(1_000), from, fleetEntries(from))).toMatchObject({
      entries: [{ row: { targetId: targetId(2) } }],
      removed: [targetId(3)],
    });
    expect(changesSince(seen(2_000), from, fleetEntries(from))).toEqual({
      entries: [],
      removed: [],
    });
  });

  it("and whatever stands or stood otherwise than its row says", () => {
    const { evaluations } = withEvaluations(running());
    const from = sources({ rows, places, evaluations });
    expect(unsweptIn(from)).toEqual(new Set([endOfId(targetId(1))]));
    expect(idsSince(from, seen(2_000))).toEqual([targetId(1)]);
    // The evaluation is over, and nobody tells of it any longer: its row is sent once more.
    const over = sources({ rows, places });
    expect(idsSince(over, seen(2_000, ...unsweptIn(from)))).toEqual([targetId(1)]);
  });

  it("what waits for an approval is sent as long as it does: an approval expires by itself", () => {
    const bounds = { approvalId: approvalId(1), boundsHash: "hash" };
    const last = lastOf(
      ended("AWAITING_APPROVAL", {
        authorization: { kind: "APPROVAL_REQUIRED", sentence: "Ask.", approval: bounds },
      }),
    );
    const from = sources({ rows: [fleetRow(1, { last })], places });
    expect(idsSince(from, seen(2_000))).toEqual([targetId(1)]);
    expect(standingsOf(from)).toEqual(["ON_SPOT"]);
    expect(standingsOf({ ...from, awaited: new Set([approvalId(1)]) })).toEqual([
      "AWAITING_APPROVAL",
    ]);
  });

  it("what was forgotten since the sweep is removed", () => {
    const news = [{ ...registeredRow(fleetTarget(1)), isGone: true as const }];
    const from = sources({ rows, places, news });
    expect(changesSince(seen(2_000), from, fleetEntries(from))).toEqual({
      entries: [],
      removed: [targetId(1)],
    });
  });

  it("all rows where the place is another, is older than what was seen, or has forgotten what went", () => {
    const from = sources({ rows, places });
    const elsewhere = { sequences: new Map([["other", 2_000]]), unswept: new Set<string>() };
    expect(changesSince(elsewhere, from, [])).toBeUndefined();
    expect(changesSince({ ...elsewhere, sequences: new Map() }, from, [])).toBeUndefined();
    expect(changesSince(seen(3_000), from, [])).toBeUndefined();
    expect(changesSince(seen(999), from, [])).toBeUndefined();
  });
});
