/** Asks AWS what it tells of one candidate alone, of those too that are told and never deleted. */
import { readLoadBalancerUse } from "../../../adapters/aws/balancer-use.ts";
import type { WasteFinding } from "../../../core/model/waste/finding.ts";
import type { MetricQuestion } from "../../../core/model/waste/metric.ts";
import type { OwnLoadBalancer } from "../../../core/model/waste/network.ts";
import type { LookUp } from "../../../core/waste/judgement.ts";
import { judgeLoadBalancerUse, requestQuestion } from "../../../core/waste/load-balancers.ts";
import { judgeTraffic, trafficQuestions } from "../../../core/waste/nat-gateways.ts";
import { lookUp, questionsOf, readMetricsOf, type LookedAt, type Metrics } from "../look-ups.ts";
import type { ScanClients } from "./inventory.ts";

export interface Scanned extends LookedAt {
  readonly clients: ScanClients;
  readonly loadBalancers: readonly OwnLoadBalancer[];
}

const balancerOf = (
  { loadBalancers }: Scanned,
  { kind, resourceId }: WasteFinding,
): OwnLoadBalancer | undefined =>
  kind === "IDLE_LOAD_BALANCER" ? loadBalancers.find(({ arn }) => arn === resourceId) : undefined;

const questionsFor =
  (scanned: Scanned) =>
  (finding: WasteFinding): readonly MetricQuestion[] => {
    if (finding.kind === "IDLE_NAT_GATEWAY") return trafficQuestions(finding.resourceId);
    const balancer = balancerOf(scanned, finding);
    return balancer === undefined ? questionsOf(finding) : [requestQuestion(balancer)];
  };

export const readAllMetrics = (
  scanned: Scanned,
  findings: readonly WasteFinding[],
): Promise<Metrics> => readMetricsOf(scanned, findings, questionsFor(scanned));

/** @throws what a reading throws */
export const lookUpAny = async (
  scanned: Scanned,
  finding: WasteFinding,
  metrics: Metrics,
): Promise<LookUp> => {
  const { kind, resourceId } = finding;
  if (kind === "IDLE_NAT_GATEWAY") {
    return judgeTraffic(trafficQuestions(resourceId).map(({ key }) => metrics.get(key)));
  }
  const balancer = balancerOf(scanned, finding);
  if (balancer === undefined) return lookUp(scanned, finding, metrics);
  const use = await readLoadBalancerUse(scanned.clients.elb, balancer);
  return judgeLoadBalancerUse(use, metrics.get(resourceId));
};
