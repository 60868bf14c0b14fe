/** What volumes, public addresses and places of capacity reservations that nobody uses cost. */
import type { History } from "./history.ts";
import { arnOf, lastingLines } from "./lasting.ts";
import type { BillLine } from "./line.ts";
import type { Prices } from "./prices.ts";
import type { AddressFacts, ReservationFacts, VolumeFacts } from "./sightings.ts";
import type { Span } from "./spans.ts";

/** Rows of the price list. */
const usageOfVolume: Readonly<Record<string, string>> = {
  io1: "VolumeUsage.piops",
  standard: "VolumeUsage",
};

/** Of gp3 what is above its baseline; of io2 each tier has its price. Source: AWS's page on EBS prices. */
const iopsTiers: Readonly<
  Record<string, readonly { readonly usage: string; readonly above: number; readonly to: number }[]>
> = {
  gp3: [{ usage: "VolumeP-IOPS.gp3", above: 3_000, to: Infinity }],
  io1: [{ usage: "VolumeP-IOPS.piops", above: 0, to: Infinity }],
  io2: [
    { usage: "VolumeP-IOPS.io2", above: 0, to: 32_000 },
    { usage: "VolumeP-IOPS.io2.tier2", above: 32_000, to: 64_000 },
    { usage: "VolumeP-IOPS.io2.tier3", above: 64_000, to: Infinity },
  ],
};

/** MiB/s that gp3 has unasked. Source: the same. */
const freeThroughput = 125;

const amountsOf = (facts: VolumeFacts): readonly (readonly [usage: string, amount: number])[] => {
  const { volumeType, sizeGib, iops, throughput } = facts;
  const tiers = (iopsTiers[volumeType] ?? []).map(
    ({ usage, above, to }) => [usage, Math.min(iops, to) - above] as const,
  );
  const faster = volumeType === "gp3" ? (throughput - freeThroughput) / 1024 : 0;
  return [
    [usageOfVolume[volumeType] ?? `VolumeUsage.${volumeType}`, sizeGib] as const,
    ...tiers,
    ["VolumeP-Throughput.gp3", faster] as const,
  ].filter(([, amount]) => amount > 0);
};

const operationOfVolume = (volumeType: string): string =>
  `CreateVolume-${volumeType.slice(0, 1).toUpperCase()}${volumeType.slice(1)}`;

/** "Billed in per-second increments, with a 60-second minimum". Source: AWS's page on EBS prices. */
const leastSecondsOfVolume = 60;

export const volumeLines = (
  prices: Prices,
  history: History<VolumeFacts>,
  within: Span,
): readonly BillLine[] =>
  lastingLines(
    {
      service: "AmazonEC2",
      resourceId: ({ id }) => id,
      leastSeconds: leastSecondsOfVolume,
      chargesOf: (facts, region) =>
        amountsOf(facts).map(([usage, amount]) => ({
          rate: prices.listed(region, `EBS:${usage}`),
          amount,
          operation: operationOfVolume(facts.volumeType),
        })),
    },
    history,
    within,
  );

/** Idle: not associated, or with an instance that does not run. Source: VPC pricing, "Public IPv4 address". † By the second. */
export const addressLines = (
  prices: Prices,
  history: History<AddressFacts>,
  within: Span,
): readonly BillLine[] =>
  lastingLines(
    {
      service: "AmazonVPC",
      resourceId: (each) =>
        arnOf(each, each.id.startsWith("eni-") ? "network-interface" : "elastic-ip"),
      chargesOf: ({ isInUse }, region) => [
        {
          rate: prices.listed(region, `PublicIPv4:${isInUse ? "InUseAddress" : "IdleAddress"}`),
          amount: 1,
          operation: isInUse ? "AssociateAddressVPC" : "AllocateAddressVPC",
        },
      ],
    },
    history,
    within,
  );

/**
 * "Charged at the equivalent On-Demand rate whether you run instances in it or not": what runs in it is on the instances' lines. Source: EC2
 * user guide, "Capacity Reservation pricing and billing".
 */
export const reservationLines = (
  prices: Prices,
  history: History<ReservationFacts>,
  within: Span,
): readonly BillLine[] =>
  lastingLines(
    {
      service: "AmazonEC2",
      resourceId: (each) => arnOf(each, "capacity-reservation"),
      chargesOf: (facts, region) => {
        if (facts.free === 0) return [];
        const rate = prices.onDemand("UnusedBox", { ...facts, region });
        return [{ rate, amount: facts.free, operation: "RunInstances" }];
      },
    },
    history,
    within,
  );
