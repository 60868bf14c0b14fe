/** Does a pod ask not to be disturbed, and until when? Sources: Karpenter, pod-level controls; Cluster Autoscaler FAQ. */
import type { PodFacts } from "../../../model/kubernetes/pod.ts";

const doNotDisrupt = "karpenter.sh/do-not-disrupt";
const safeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict";

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

const part = /(?<figure>\d+(?:\.\d+)?)(?<unit>ns|us|µs|ms|s|m|h)/g;
const whole = /^\+?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/;

/** `1h30m`, as Go writes durations, in milliseconds. Undefined: it is not one, or not positive. */
const durationMs = (text: string): number | undefined => {
  if (!whole.test(text)) return undefined;
  const sum = [...text.matchAll(part)].reduce(
    (total, { groups = {} }) =>
      total + Number(groups["figure"]) * (unitMs[groups["unit"] ?? ""] ?? 0),
    0,
  );
  return sum > 0 ? sum : undefined;
};

export interface PodWish {
  /** As it stands there: `karpenter.sh/do-not-disrupt=true`. */
  readonly annotation: string;
  /** ISO 8601. Absent: until it is taken off, or until the pod has started. */
  readonly until?: string;
}

/** A value that is neither `true` nor a duration is ignored, as Karpenter does. */
const askedOfKarpenter = (
  { annotations, startTime }: PodFacts,
  now: string,
): PodWish | undefined => {
  const value = annotations[doNotDisrupt];
  if (value === undefined) return undefined;
  const annotation = `${doNotDisrupt}=${value}`;
  if (value === "true") return { annotation };
  const lasting = durationMs(value);
  if (lasting === undefined) return undefined;
  if (startTime === undefined) return { annotation };
  const until = Date.parse(startTime) + lasting;
  return Date.parse(now) < until ? { annotation, until: new Date(until).toISOString() } : undefined;
};

export const wishOf = (pod: PodFacts, now: string): PodWish | undefined =>
  askedOfKarpenter(pod, now) ??
  (pod.annotations[safeToEvict] === "false" ? { annotation: `${safeToEvict}=false` } : undefined);
