/** From start to stop: what an instance is billed for, by AWS's rules on partial hours. */
import { periodsOf, type History } from "./history.ts";
import type { InstanceFacts } from "./sightings.ts";
import { hourSeconds, secondOf, type Span } from "./spans.ts";

export interface Run {
  readonly facts: InstanceFacts;
  /** As billed. */
  readonly span: Span;
  /** It costs nothing. */
  readonly isFree: boolean;
}

/** "Each time you start a stopped instance we charge for a minimum of one minute." Source: EC2 user guide, "Stop and start". */
const leastSeconds = 60;

/**
 * Billed by the hour, not by the second. Source: EC2 On-Demand pricing, "Each partial instance-hour consumed will be billed per-second for
 * Linux, Windows, RHEL … and as a full hour for all other"; EC2 user guide, "Billing for interrupted Spot Instances".
 */
const isHourly = ({ product }: InstanceFacts): boolean => product.startsWith("SUSE");

const isTakenByEc2 = ({ isSpot }: InstanceFacts, endCode: string | undefined): boolean =>
  isSpot && endCode?.startsWith("Server.SpotInstance") === true;

interface Ended {
  readonly facts: InstanceFacts;
  readonly from: number;
  readonly to: number;
  readonly endCode: string | undefined;
}

/**
 * Source: EC2 user guide, "Billing for interrupted Spot Instances". Taken by EC2 in the first hour: no charge; later: the seconds, of SUSE
 * the full hours alone. Ended by its owner: the seconds; of SUSE the partial hour is a full one. † The first hour is counted from each start.
 */
const billed = ({ facts, from, to, endCode }: Ended): Run => {
  const isTaken = isTakenByEc2(facts, endCode);
  const hours = (to - from) / hourSeconds;
  if (isTaken && hours < 1) return { facts, span: { from, to }, isFree: true };
  if (!isHourly(facts)) {
    return { facts, span: { from, to: Math.max(to, from + leastSeconds) }, isFree: false };
  }
  const whole = isTaken ? Math.floor(hours) : Math.max(1, Math.ceil(hours));
  return { facts, span: { from, to: from + whole * hourSeconds }, isFree: false };
};

/**
 * "Billed" is `running` alone; `pending`, `stopping` and `shutting-down` are not (EC2 user guide, "Instance lifecycle").
 * @param until second at which the bill is drawn up: what runs is billed up to then
 */
export const runsOf = (history: History<InstanceFacts>, until: number): readonly Run[] => {
  const runs: Run[] = [];
  let begun: { readonly facts: InstanceFacts; readonly from: number } | undefined;
  for (const { fromMs, facts } of periodsOf(history)) {
    if (facts.isRunning) {
      begun ??= { facts, from: secondOf(fromMs) };
      continue;
    }
    if (begun === undefined) continue;
    runs.push(billed({ ...begun, to: secondOf(fromMs), endCode: facts.endCode }));
    begun = undefined;
  }
  if (begun !== undefined)
    runs.push({ ...begun, span: { from: begun.from, to: until }, isFree: false });
  return runs;
};
