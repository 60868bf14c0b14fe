/**
 * Which NAT gateways carry nothing and no route leads to: an idle one with a route is a standby. They are told alone: after a deletion
 * addresses stay allocated, and routes lead nowhere. Source: AWS Cloud Financial Management blog, "Unused NAT gateway recommendations
 * in Compute Optimizer", whose rule this is.
 */
import { hoursPerMonth } from "../hours.ts";
import type { MetricQuestion, MetricReading } from "../model/waste/metric.ts";
import type { NatRoute, OwnNatGateway } from "../model/waste/network.ts";
import { isYounger } from "./age.ts";
import { reasonsOf, unlessKept, used, type Judgement, type LookUp } from "./judgement.ts";
import { keptByTags } from "./owners.ts";

export interface NatSurroundings {
  readonly routes: readonly NatRoute[];
  readonly now: Date;
  readonly days: number;
}

export const judgeNat = (gateway: OwnNatGateway, around: NatSurroundings): Judgement => {
  const { natGatewayId, state, createdAt, connectivity, availability, tags } = gateway;
  const { days, now } = around;
  if (state !== "available") return used(`It is ${state}.`);
  if (isYounger(createdAt, days, now)) return used(`It is younger than ${String(days)} days.`);
  const route = around.routes.find((one) => one.natGatewayId === natGatewayId);
  const kept = [
    ...reasonsOf([
      [
        route !== undefined,
        "STANDBY",
        `Route table ${route?.routeTableId ?? ""} leads to it: it may be a standby.`,
      ],
      [connectivity !== "public", "SERVICE", "It is private."],
      [availability !== "zonal", "SERVICE", `It is ${availability}.`],
    ]),
    ...keptByTags(tags),
  ];
  return unlessKept(kept, () => ({
    why: `The NAT gateway has carried nothing in ${String(days)} days, and no route of this account leads to it.`,
    effect: "It is told alone, and never deleted from here.",
    undo: "Nothing is done. After a deletion by hand its addresses stay allocated, and routes that name it lead nowhere.",
    unchecked: ["route tables of accounts with which its VPC is shared"],
    charges: [{ times: hoursPerMonth, price: ({ natGateway }) => natGateway }],
    ...(tags.Name !== undefined && { label: tags.Name }),
  }));
};

const metrics = [
  ["ActiveConnectionCount", "Maximum"],
  ["PacketsInFromSource", "Sum"],
  ["PacketsInFromDestination", "Sum"],
] as const;

export const trafficQuestions = (natGatewayId: string): readonly MetricQuestion[] =>
  metrics.map(([metric, statistic]) => ({
    key: `${natGatewayId} ${metric}`,
    namespace: "AWS/NATGateway",
    metric,
    dimensions: { NatGatewayId: natGatewayId },
    statistic,
  }));

/** Each must have been measured, and be nothing. A datapoint that is absent is not zero. */
export const judgeTraffic = (readings: readonly (MetricReading | undefined)[]): LookUp => {
  const unread = readings.find((one) => one?.kind !== "MEASURED");
  if (readings.length === 0 || readings.includes(undefined) || unread !== undefined) {
    const because = unread?.kind === "UNKNOWN" ? unread.because : "it has no datapoint";
    const sentence = `CloudWatch could not say what it has carried: ${because}.`;
    return { kind: "UNKNOWN", reasons: [{ code: "NOT_READ", sentence }] };
  }
  const busy = readings.find((one) => one?.kind === "MEASURED" && one.greatest > 0);
  return busy?.kind === "MEASURED"
    ? {
        kind: "KEPT",
        reasons: [
          { code: "ANSWERS", sentence: `It carried something, last at ${busy.lastAt} or before.` },
        ],
      }
    : { kind: "CLEAR" };
};
