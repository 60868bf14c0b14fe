/** A made-up account of four days in the three formats of bill files: the same lines in each, from a seed. */
import { createRandom } from "../../../local/cloud/random.ts";

export interface SampleLine {
  readonly resourceId: string;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly usageType: string;
  readonly operation: string;
  readonly lineType: string;
  /** USD, ten digits after the point as AWS writes them. */
  readonly cost: string;
  /** Of what a plan covers. */
  readonly effectiveCost?: string;
  readonly quantity: string;
}

export const account = "111122223333";
export const startMs = Date.parse("2026-11-02T00:00:00Z");
export const hourMs = 3_600_000;
/** Of these the last two days are too young to be compared. */
const hours = 96;

export const spot = "i-0a11111111111111a";
export const onDemand = "i-0b22222222222222b";
export const volume = "vol-0c33333333333333c";
const address = "eipalloc-0d44444444444444d";
const snapshot = "snap-0e55555555555555e";

const arn = (kind: string, id: string): string => `arn:aws:ec2:us-east-1:${account}:${kind}/${id}`;

const amount = (usd: number): string => usd.toFixed(10);

/** A third of the second half of the On-Demand hours is covered by a plan. */
const onDemandLine = (startMs: number, hour: number): SampleLine[] => {
  const line = {
    resourceId: onDemand,
    startMs,
    usageType: "BoxUsage:m5.large",
    operation: "RunInstances",
    cost: amount(0.096),
    quantity: "1.0000000000",
  };
  if (hour % 3 !== 0 || hour < 24) return [{ ...line, lineType: "Usage" }];
  return [
    { ...line, lineType: "SavingsPlanCoveredUsage", effectiveCost: amount(0.0691) },
    { ...line, lineType: "SavingsPlanNegation", cost: amount(-0.096) },
  ];
};

const hourOf = (startMs: number, hour: number, spotUsd: number): readonly SampleLine[] => {
  const line = { startMs, operation: "RunInstances", lineType: "Usage", quantity: "1.0000000000" };
  return [
    {
      ...line,
      resourceId: spot,
      usageType: "SpotUsage:m5.large",
      operation: "RunInstances:SV001",
      cost: amount(spotUsd),
    },
    ...onDemandLine(startMs, hour),
    {
      ...line,
      resourceId: volume,
      usageType: "EBS:VolumeUsage.gp3",
      operation: "CreateVolume-Gp3",
      cost: amount((100 * 0.08) / 720),
      quantity: "0.1388888889",
    },
    {
      ...line,
      resourceId: arn("elastic-ip", address),
      usageType: "PublicIPv4:InUseAddress",
      operation: "AssociateAddressVPC",
      cost: amount(0.005),
    },
    {
      ...line,
      resourceId: arn("snapshot", snapshot),
      usageType: "EBS:SnapshotUsage",
      operation: "CreateSnapshot",
      cost: amount((50 * 0.05) / 720),
      quantity: "0.0694444444",
    },
  ];
};

const beside = (lineType: string, cost: string): SampleLine => ({
  resourceId: "",
  startMs,
  usageType: lineType === "Tax" ? "" : "ComputeSP:1yrNoUpfront",
  operation: "",
  lineType,
  cost,
  quantity: "1.0000000000",
});

export const sampleLines = (seed: number): readonly SampleLine[] => {
  const random = createRandom(seed);
  let spotUsd = 0.0314;
  const lines: SampleLine[] = [];
  for (let hour = 0; hour < hours; hour += 1) {
    // Prices move a few times a day.
    if (random.next() < 0.15) spotUsd = Math.round((0.03 + 0.02 * random.next()) * 1e4) / 1e4;
    lines.push(...hourOf(startMs + hour * hourMs, hour, spotUsd));
  }
  return [...lines, beside("SavingsPlanRecurringFee", amount(0.0691)), beside("Tax", amount(1.25))];
};

const kinds = {
  [spot]: "SPOT",
  [onDemand]: "ON_DEMAND",
  [volume]: "VOLUME",
  [address]: "ADDRESS",
} as const;

/** What a ledger would say of one hour of a resource. */
export interface LedgerHour {
  readonly resourceId: string;
  readonly startMs: number;
  readonly kind: string;
  /** USD, or `unknown`. */
  readonly usd: string;
}

const bareId = (resourceId: string): string => resourceId.split("/").at(-1) ?? "";

/** Of the same hours, to the nano-dollar, from the same prices. */
export const ledgerHours = (lines: readonly SampleLine[]): readonly LedgerHour[] =>
  lines.flatMap(({ resourceId, startMs: at, lineType, cost, effectiveCost }) => {
    const id = bareId(resourceId);
    const kind = kinds[id as keyof typeof kinds] as string | undefined;
    if (kind === undefined || lineType === "SavingsPlanNegation") return [];
    const usd = Number(effectiveCost ?? cost).toFixed(9);
    return [{ resourceId: id, startMs: at, kind, usd }];
  });

const dayMs = 24 * hourMs;

const resourceJson = (resourceId: string, hoursOf: readonly LedgerHour[], dayStartMs: number) => ({
  resource_id: resourceId,
  kind: hoursOf[0]?.kind ?? "",
  ...(resourceId.startsWith("i-") ? { instance_type: "m5.large" } : {}),
  usd: Array.from({ length: 24 }, (_, hour) => {
    const found = hoursOf.find(({ startMs: at }) => at === dayStartMs + hour * hourMs);
    return found?.usd ?? null;
  }),
});

/** A document for each day, by the day. */
export const ledgerDays = (all: readonly LedgerHour[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: (hours * hourMs) / dayMs }, (_, number) => {
      const dayStartMs = startMs + number * dayMs;
      const day = new Date(dayStartMs).toISOString().slice(0, 10);
      const within = all.filter(({ startMs: at }) => at >= dayStartMs && at < dayStartMs + dayMs);
      const resources = [...Map.groupBy(within, ({ resourceId }) => resourceId)].map(
        ([resourceId, some]) => resourceJson(resourceId, some, dayStartMs),
      );
      const document = { format: "ledger-hours/1", account_id: account, day, resources };
      return [day, `${JSON.stringify(document)}\n`];
    }),
  );
