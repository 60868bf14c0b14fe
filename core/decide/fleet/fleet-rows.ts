/** Makes the rows of a place for the fleet's table by what a sweep has found there, and says which of them have changed. */
import { canonicalJson } from "../../canonical.ts";
import {
  registeredRow,
  type FleetLastEnded,
  type FleetPlace,
  type FleetRow,
} from "../../model/fleet-row.ts";
import type { EvaluationId } from "../../model/ids.ts";
import type { JudgedRun } from "../../model/judged-run.ts";
import type { Place } from "../../model/place.ts";
import type { BulkInstance, PlaceReading } from "../../model/place-reading.ts";
import { instanceIn } from "../../model/place-reading.ts";
import type { Target } from "../../model/target.ts";
import { isOnSpot, runningOf, type TargetFigures } from "./target-figures.ts";

export interface SweptTarget {
  readonly target: Target;
  /** The run of its verdict. Absent: none has judged it yet. */
  readonly run?: JudgedRun | undefined;
  /** By this sweep. Absent: it was not judged now. */
  readonly figures?: TargetFigures | undefined;
  /** EC2 has taken its Spot Instance, or is about to. */
  readonly isTaken: boolean;
  /** Its last evaluation that has ended. */
  readonly last?: FleetLastEnded | undefined;
  /** As the last sweep wrote it. */
  readonly before?: FleetRow | undefined;
}

const poolsOf = (running: readonly BulkInstance[]): Pick<FleetRow, "pools" | "pool"> => {
  const pools = new Map(
    running.map(({ instanceType, zoneId }) => [
      `${instanceType} ${zoneId}`,
      { instanceType, zoneId },
    ]),
  );
  const [pool] = pools.values();
  if (pool === undefined) return {};
  return { pools: pools.size, ...(pools.size === 1 && { pool }) };
};

/** What the reading shows of it. */
const shownOf = (
  reading: PlaceReading,
  { target, isTaken }: SweptTarget,
): Pick<FleetRow, "capacity" | "pools" | "pool"> => {
  const running = runningOf(reading, target);
  const spot = running.filter(isOnSpot).length;
  const isShown =
    running.length > 0 ||
    target.pipelineMode !== "LINEAR" ||
    instanceIn(reading, target.instanceId) !== undefined;
  return {
    ...(isShown && {
      capacity: {
        spot,
        onDemand: running.length - spot,
        ...(isTaken && { isTaken: true as const }),
      },
    }),
    ...poolsOf(running),
  };
};

const figuresBefore = ({ before }: SweptTarget): TargetFigures => {
  const { risk, paysHourlyUsd, onDemandHourlyUsd, saves } = before ?? {};
  return {
    ...(risk !== undefined && { risk }),
    ...(paysHourlyUsd !== undefined && { paysHourlyUsd }),
    ...(onDemandHourlyUsd !== undefined && { onDemandHourlyUsd }),
    ...(saves !== undefined && { saves }),
  };
};

const verdictOf = (
  { readAt }: PlaceReading,
  { kind, isWouldSwitch, reason, sentence, lastAt }: JudgedRun,
): NonNullable<FleetRow["verdict"]> => ({
  kind: isWouldSwitch === true ? "WOULD_SWITCH" : kind,
  reason,
  sentence,
  ...(lastAt !== readAt && { at: lastAt }),
});

type Unnumbered = Omit<FleetRow, "changedIn">;

const rowOf = (reading: PlaceReading, swept: SweptTarget): Unnumbered => {
  const { target, run, figures, last } = swept;
  const { lastEvaluatedAt } = target;
  return {
    ...registeredRow(target, instanceIn(reading, target.instanceId)?.tags["Name"]),
    ...shownOf(reading, swept),
    ...(figures ?? figuresBefore(swept)),
    ...(run !== undefined && { verdict: verdictOf(reading, run) }),
    ...(last !== undefined && { last }),
    ...(lastEvaluatedAt !== undefined && { evaluatedAt: lastEvaluatedAt }),
  };
};

export interface SweptPlace {
  readonly place: Place;
  readonly reading: PlaceReading;
  readonly targets: readonly SweptTarget[];
  readonly running: readonly EvaluationId[];
  readonly rowsBefore: readonly FleetRow[];
  readonly before: FleetPlace | undefined;
  /** Of this sweep, ms since the epoch. */
  readonly nowMs: number;
}

/** Later than the last one, and than that of an account that was connected before. */
export const nextSequence = (before: FleetPlace | undefined, nowMs: number): number =>
  Math.max(nowMs, (before?.sequence ?? 0) + 1);

/** Who asks for what has changed since an older sweep gets all rows: a day of sweeps, a few of them forgotten targets. */
const mostGone = 500;

const goneOf = (
  { before, rowsBefore, targets }: SweptPlace,
  sequence: number,
): Pick<FleetPlace, "gone" | "goneFrom"> => {
  const known = new Set<string>(targets.map(({ target: { targetId } }) => targetId));
  const now = rowsBefore.filter(({ targetId }) => !known.has(targetId));
  const earlier = (before?.gone ?? []).filter(({ targetId }) => !known.has(targetId));
  const all = [...earlier, ...now.map(({ targetId }) => ({ targetId, since: sequence }))];
  const gone = all.slice(-mostGone);
  const dropped = all.slice(0, -mostGone).at(-1);
  return { gone, goneFrom: dropped?.since ?? before?.goneFrom ?? sequence };
};

/** By the reading before it stood otherwise, whatever its row says. */
const endedSince = (before: FleetPlace | undefined, { last }: Unnumbered): boolean =>
  last !== undefined && last.endedAt >= (before?.readAt ?? "");

const isSame = (row: Unnumbered, { changedIn: _of, ...before }: FleetRow): boolean =>
  canonicalJson(row) === canonicalJson(before);

export interface SweptFleet {
  readonly rows: readonly FleetRow[];
  readonly place: FleetPlace;
  /** Some rows are other than before, or gone. */
  readonly isChanged: boolean;
}

export const sweptFleet = (swept: SweptPlace): SweptFleet => {
  const { place, reading, targets, rowsBefore, before, running, nowMs } = swept;
  const sequence = nextSequence(before, nowMs);
  const earlier = new Map(rowsBefore.map((row) => [row.targetId, row]));
  const rows = targets.map((each): FleetRow => {
    const row = rowOf(reading, each);
    const old = earlier.get(row.targetId);
    const isKept = old !== undefined && isSame(row, old) && !endedSince(before, row);
    return { ...row, changedIn: isKept ? old.changedIn : sequence };
  });
  const { gone, goneFrom } = goneOf(swept, sequence);
  return {
    rows,
    place: {
      ...place,
      sequence,
      readAt: reading.readAt,
      running: [...running],
      gone: [...gone],
      goneFrom,
    },
    isChanged:
      rows.length !== rowsBefore.length || rows.some(({ changedIn }) => changedIn === sequence),
  };
};
