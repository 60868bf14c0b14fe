/** Instances, findings and readings for the tests of the enforcer's rules. */
import { judgeReading, type EnforcerReading, type Judged } from "../../../core/enforce/reading.ts";
import type { Rules } from "../../../core/enforce/standing.ts";
import type { EnforcerPlace, Finding } from "../../../core/model/enforcer.ts";
import { accountIdSchema, instanceIdSchema } from "../../../core/model/ids.ts";
import type { SeenInstance } from "../../../core/model/seen-instance.ts";

export const place = {
  accountId: accountIdSchema.parse("444455556666"),
  region: "eu-central-1",
};

export const idOf = (number: number) =>
  instanceIdSchema.parse(`i-${String(number).padStart(17, "0")}`);

const hourMs = 3_600_000;
const begin = Date.parse("2026-03-02T09:00:00.000Z");

export const atHour = (hours: number): Date => new Date(begin + hours * hourMs);

/** Past the week in which it flags only; of 250 running ones five may be stopped a day. */
export const standing: EnforcerPlace = {
  ...place,
  dueAt: atHour(1).toISOString(),
  watchingSince: atHour(-8 * 24).toISOString(),
  running: 250,
  stops: [],
};

/** Its grace is over. */
export const ripe = (number: number, change: Partial<Finding> = {}): Finding => ({
  ...place,
  instanceId: idOf(number),
  instanceType: "m5.large",
  imageId: "ami-0123456789abcdef0",
  state: "running",
  launchedAt: atHour(-300).toISOString(),
  status: "FLAGGED",
  verdict: "STOP",
  effects: [],
  firstSeenAt: atHour(-30).toISOString(),
  flaggedAt: atHour(-30).toISOString(),
  readings: 24,
  lastDueAt: atHour(0).toISOString(),
  dueBeforeAt: atHour(-1).toISOString(),
  flagNotice: { at: atHour(-30).toISOString(), messageId: "m-1" },
  ...change,
});

/** Launched a month ago, with nothing that speaks for an owner. */
export const seen = (change: Partial<SeenInstance> = {}): SeenInstance => ({
  instanceId: idOf(1),
  instanceType: "m5.large",
  imageId: "ami-0123456789abcdef0",
  state: "running",
  launchedAt: "2026-02-01T00:00:00.000Z",
  zoneName: "eu-central-1a",
  tags: { Name: "web" },
  isManaged: false,
  principals: [],
  hasRootOnEbs: true,
  forwards: false,
  isInTargetedReservation: false,
  isOnDedicatedHost: false,
  isOnOutpost: false,
  hasLentAddress: false,
  interfaceIds: ["eni-0123456789abcdef0"],
  ...change,
});

export const rules = (change: Partial<Rules> = {}): Rules => ({
  settings: {
    allowedTags: [],
    allowedInstanceIds: [],
    allowedImageIds: [],
    allowedPrincipals: [],
  },
  held: new Set(),
  members: new Set(),
  containerInstances: new Set(),
  ...change,
});

export const unowned = (change: Partial<SeenInstance> = {}): Judged => ({
  instance: seen(change),
  standing: { kind: "UNOWNED" },
  effects: [],
});

export const owned = (change: Partial<SeenInstance> = {}): Judged => ({
  instance: seen(change),
  standing: { kind: "OWNED", by: "OWNER_TAG", byTagOnly: true },
  effects: [],
});

/** That many, with numbers from `first`. */
export const many = (count: number, make: (change: Partial<SeenInstance>) => Judged, first = 1) =>
  Array.from({ length: count }, (_, index) => make({ instanceId: idOf(first + index) }));

export interface World {
  readonly before: EnforcerPlace | undefined;
  readonly rows: readonly Finding[];
}

/** A reading at that hour, and what is stored after it. */
export const readAt = (
  { before, rows }: World,
  hours: number,
  judged: readonly Judged[],
  change: Partial<EnforcerReading> = {},
): World => {
  const now = atHour(hours);
  const changes = judgeReading({
    place,
    before,
    rows,
    judged,
    settings: { onSince: atHour(0).toISOString(), updatedAt: atHour(0).toISOString() },
    ruleSet: "rules-1",
    epoch: "table#",
    now,
    dueAt: atHour(hours + 1).toISOString(),
    ...change,
  });
  const written = new Map(changes.write.map((row) => [row.instanceId, row]));
  const forgotten = new Set(changes.forget.map(({ instanceId }) => instanceId));
  const kept = rows.filter(({ instanceId }) => !forgotten.has(instanceId));
  const known = new Set(kept.map(({ instanceId }) => instanceId));
  return {
    before: changes.place,
    rows: [
      ...kept.map((row) => written.get(row.instanceId) ?? row),
      ...changes.write.filter(({ instanceId }) => !known.has(instanceId)),
    ],
  };
};

export const nothingKnown: World = { before: undefined, rows: [] };

/** As SNS has accepted the first notice. */
export const told = (world: World, hours: number): World => ({
  ...world,
  rows: world.rows.map((row) => ({
    ...row,
    flagNotice: row.flagNotice ?? { at: atHour(hours).toISOString(), messageId: "m-1" },
  })),
});
