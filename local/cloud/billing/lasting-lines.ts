/** What lasts, and costs as long as it does: volumes, public addresses, places of capacity reservations that nobody uses. */
import { periodsOf, type Facts, type History } from "./history.ts";
import { usageLine, type BillLine, type LineHead } from "./line.ts";
import type { Prices, Rate } from "./prices.ts";
import { quantityOf } from "./rounding.ts";
import type { AddressFacts, ReservationFacts, VolumeFacts } from "./sightings.ts";
import { clip, cutByHours, hourSeconds, secondOf, secondsOfMonth, type Span } from "./spans.ts";

/** Of something that is so for a while. */
interface Charge {
  readonly rate: Rate;
  /** Units at a time; of a month or an hour, as the rate's unit says. */
  readonly amount: number;
  readonly operation: string;
}

interface Billing<F extends Facts> {
  readonly service: BillLine["service"];
  readonly resourceId: (history: History<F>) => string;
  readonly chargesOf: (facts: F, region: string) => readonly Charge[];
}

/** † A month is as long as the one that the hour lies in. */
const perSeconds = (unit: string, second: number): number =>
  unit.endsWith("Hrs") ? hourSeconds : secondsOfMonth(second);

const linesOf = <F extends Facts>(
  billing: Billing<F>,
  history: History<F>,
  within: Span,
): readonly BillLine[] =>
  periodsOf(history).flatMap(({ fromMs, toMs, facts }) => {
    const whole = {
      from: secondOf(fromMs),
      to: toMs === undefined ? within.to : secondOf(toMs),
    };
    const spans = clip(whole, within).flatMap((span) => cutByHours(span));
    return billing.chargesOf(facts, history.region).flatMap(({ rate, amount, operation }) => {
      const head: LineHead = {
        accountId: history.accountId,
        region: history.region,
        ...(typeof facts.zoneId === "string" ? { zoneId: facts.zoneId } : {}),
        resourceId: billing.resourceId(history),
        service: billing.service,
        usageType: rate.usageType,
        operation,
        unit: rate.unit,
      };
      return spans.map((span) => {
        const per = perSeconds(rate.unit, span.from);
        const quantity = quantityOf(amount, span.to - span.from, per);
        return usageLine(head, { span, quantity, price: rate.price });
      });
    });
  });

const arnOf = ({ accountId, region, id }: History<Facts>, kind: string): string =>
  `arn:aws:ec2:${region}:${accountId}:${kind}/${id}`;

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

export const volumeLines = (
  prices: Prices,
  history: History<VolumeFacts>,
  within: Span,
): readonly BillLine[] =>
  linesOf(
    {
      service: "AmazonEC2",
      resourceId: ({ id }) => id,
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
  linesOf(
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
  linesOf(
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
