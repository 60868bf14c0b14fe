/**
 * Which load balancers nothing can answer behind. They are told alone: the DNS name of one that was deleted can't come back. Redirects,
 * fixed responses and authentication need no targets. Source: Elastic Load Balancing API reference, ActionTypeEnum.
 */
import { hoursPerMonth } from "../hours.ts";
import type { KeptReason } from "../model/waste/finding.ts";
import type { MetricQuestion, MetricReading } from "../model/waste/metric.ts";
import type { LoadBalancerUse, OwnLoadBalancer } from "../model/waste/network.ts";
import { isYounger } from "./age.ts";
import { reasonsOf, unlessKept, used, type Judgement, type LookUp } from "./judgement.ts";
import { keptByTags } from "./owners.ts";

/** By the list alone each that is old enough is asked about: whether something answers is told by no list. */
export const judgeLoadBalancer = (
  { arn, name, type, createdAt }: OwnLoadBalancer,
  {
    now,
    days,
    endpointServices,
  }: {
    readonly now: Date;
    readonly days: number;
    readonly endpointServices: ReadonlyMap<string, string>;
  },
): Judgement => {
  if (isYounger(createdAt, days, now)) return used(`It is younger than ${String(days)} days.`);
  const service = endpointServices.get(arn);
  const offered = reasonsOf([
    [service !== undefined, "ANSWERS", `The endpoint service ${service ?? ""} leads to it.`],
  ]);
  return unlessKept(offered, () => ({
    why: `The load balancer has no listener, or forwards to nothing but empty target groups, and CloudWatch shows no traffic in ${String(days)} days.`,
    effect: "It is told alone, and never deleted from here.",
    undo: "Nothing is done. After a deletion by hand its DNS name can't come back.",
    unchecked: ["Global Accelerator and CloudFront that lead to it"],
    charges: [{ times: hoursPerMonth, price: ({ loadBalancers }) => loadBalancers.get(type) }],
    label: name,
  }));
};

const metricsOf = {
  application: ["AWS/ApplicationELB", "RequestCount"],
  network: ["AWS/NetworkELB", "ActiveFlowCount"],
  gateway: ["AWS/GatewayELB", "ProcessedBytes"],
} as const satisfies Readonly<Record<OwnLoadBalancer["type"], readonly [string, string]>>;

/** `app/name/id`: how CloudWatch names it. */
const dimensionOf = (arn: string): string => arn.slice(arn.indexOf(":loadbalancer/") + 14);

export const requestQuestion = ({ arn, type }: OwnLoadBalancer): MetricQuestion => {
  const [namespace, metric] = metricsOf[type];
  return {
    key: arn,
    namespace,
    metric,
    dimensions: { LoadBalancer: dimensionOf(arn) },
    statistic: "Sum",
  };
};

const answers = (use: LoadBalancerUse): readonly KeptReason[] => {
  const other = use.actions.find((action) => action !== "forward");
  const full = use.groups.find(({ targets }) => targets > 0);
  const special = use.groups.find(({ targetType }) => ["lambda", "alb"].includes(targetType));
  return reasonsOf([
    [
      other !== undefined,
      "ANSWERS",
      `A listener answers by ${other ?? ""}, which needs no target.`,
    ],
    [full !== undefined, "ANSWERS", `Target group ${full?.arn ?? ""} has targets.`],
    [special !== undefined, "ANSWERS", `Target group ${special?.arn ?? ""} is of another kind.`],
  ]);
};

const hasTraffic = (reading: MetricReading | undefined): LookUp | undefined => {
  if (reading?.kind === "MEASURED" && reading.sum > 0) {
    const sentence = `It was asked for something, last at ${reading.lastAt} or before.`;
    return { kind: "KEPT", reasons: [{ code: "ANSWERS", sentence }] };
  }
  // Without a request there is no datapoint. Source: ELB user guide, "CloudWatch metrics for your Application Load Balancer".
  if (reading?.kind === "MEASURED" || reading?.kind === "NONE") return undefined;
  const sentence = `CloudWatch could not say what it was asked: ${reading?.because ?? "no answer"}.`;
  return { kind: "UNKNOWN", reasons: [{ code: "NOT_READ", sentence }] };
};

export const judgeLoadBalancerUse = (
  use: LoadBalancerUse,
  traffic: MetricReading | undefined,
): LookUp => {
  const reasons = [
    ...reasonsOf([[use.isDeletionProtected, "PROTECTED", "It is protected from deletion."]]),
    ...keptByTags(use.tags),
    ...(use.listeners === 0 ? [] : answers(use)),
  ];
  if (reasons.length > 0) return { kind: "KEPT", reasons };
  return (use.listeners === 0 ? undefined : hasTraffic(traffic)) ?? { kind: "CLEAR" };
};
