/**
 * What instances cost. On-Demand by the second at the list price; Spot at "the Spot price in effect at the beginning of each instance-hour,
 * billed to the nearest second" (AWS support in awsdocs/amazon-ec2-user-guide, issue 97).
 */
import type { History } from "./history.ts";
import { runsOf, type Run } from "./instance-runs.ts";
import { usageLine, type BillLine } from "./line.ts";
import type { Prices, Rate } from "./prices.ts";
import { quantityOf } from "./rounding.ts";
import type { InstanceFacts } from "./sightings.ts";
import { clip, cutByHours, hourSeconds, type Span } from "./spans.ts";

interface Priced {
  readonly span: Span;
  readonly rate: Rate;
}

const hourOf = (second: number): number => Math.floor(second / hourSeconds);

/** Neighbours of one hour in UTC and of one price are one line. */
const joined = (parts: readonly Priced[]): readonly Priced[] =>
  parts.reduce<Priced[]>((lines, part) => {
    const last = lines.at(-1);
    const isSame =
      last !== undefined &&
      last.rate.price === part.rate.price &&
      hourOf(last.span.from) === hourOf(part.span.from);
    if (!isSame) return [...lines, part];
    return [...lines.slice(0, -1), { ...part, span: { from: last.span.from, to: part.span.to } }];
  }, []);

const spotParts = (prices: Prices, region: string, { facts, span }: Run): readonly Priced[] => {
  const pool = { ...facts, region };
  return joined(
    cutByHours(span, span.from).flatMap((instanceHour) => {
      const rate = prices.spot(pool, instanceHour.from);
      return cutByHours(instanceHour).map((part) => ({ span: part, rate }));
    }),
  );
};

const onDemandParts = (prices: Prices, region: string, { facts, span }: Run): readonly Priced[] => {
  const rate = prices.onDemand("BoxUsage", { ...facts, region });
  return cutByHours(span).map((part) => ({ span: part, rate }));
};

/** Of Spot AWS adds the zone's number: `RunInstances:SV001`. Source: EC2 user guide, "Spot Instance data feed", Operation. */
const operationOf = ({ isSpot, operation, zoneId }: InstanceFacts): string =>
  isSpot ? `${operation}:SV${(/\d+$/.exec(zoneId)?.[0] ?? "").padStart(3, "0")}` : operation;

/** @param within what the bill is asked for */
export const instanceLines = (
  prices: Prices,
  history: History<InstanceFacts>,
  within: Span,
): readonly BillLine[] => {
  const { accountId, region, id } = history;
  return runsOf(history, within.to).flatMap((run) => {
    const parts = (run.facts.isSpot ? spotParts : onDemandParts)(prices, region, run);
    return parts.flatMap(({ span: whole, rate }) =>
      clip(whole, within).map((span) =>
        usageLine(
          {
            accountId,
            region,
            zoneId: run.facts.zoneId,
            resourceId: id,
            service: "AmazonEC2",
            usageType: rate.usageType,
            operation: operationOf(run.facts),
            unit: rate.unit,
          },
          {
            span,
            quantity: quantityOf(1, span.to - span.from, hourSeconds),
            price: run.isFree ? 0n : rate.price,
          },
        ),
      ),
    );
  });
};
