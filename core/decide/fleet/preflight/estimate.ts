/** What a preflight takes: calls in the customer's account, and seconds. */
import { pipelineModeSchema } from "../../../model/pipeline-mode.ts";
import type { PreflightPlace } from "../../../model/preflight.ts";

export interface Estimate {
  readonly calls: number;
  readonly seconds: number;
}

/** Lists of a region of up to a thousand instances, each to its end; every further thousand adds a page to some. */
const callsOfReading = 12;
const secondsOfReading = 20;

/**
 * An instance: two attributes and a dry run of RunInstances. A group: its hooks, policies, refreshes, activities and the like, three for each
 * of its target groups, and a dry run. Nodes: the same of both of their groups, and EKS; the cluster's own API is not counted.
 */
const callsOfLook = { LINEAR: 3, CLUSTER: 20, KUBERNETES: 30 } as const;

/** Of what is still judged by its lists alone. */
const callsToCome = ({ totals: { modes }, toLookAt, lookedAt }: PreflightPlace): number =>
  toLookAt === lookedAt
    ? 0
    : pipelineModeSchema.options
        .map((mode) => (modes[`${mode} WOULD`]?.subjects ?? 0) * callsOfLook[mode])
        .reduce((sum, calls) => sum + calls, 0);

/** A quarter of EC2's two RunInstances a second is ours. Source: EC2 developer guide, "Request throttling for the Amazon EC2 API". */
const secondsOfLook = 2;

const ofPlace = (place: PreflightPlace): Estimate => {
  const { status, toLookAt, lookedAt } = place;
  switch (status) {
    case "WAITING":
      return { calls: callsOfReading, seconds: secondsOfReading };
    case "LOOKING":
      return {
        calls: callsToCome(place),
        seconds: (toLookAt - lookedAt) * secondsOfLook,
      };
    case "DONE":
    case "FAILED":
      return { calls: 0, seconds: 0 };
  }
};

/** What is still to come, as far as it is known: regions are read side by side, and until its lists are read nobody knows what would switch. */
export const estimateOf = (places: readonly PreflightPlace[]): Estimate => {
  const each = places.map(ofPlace);
  return {
    calls: each.reduce((sum, { calls }) => sum + calls, 0),
    seconds: Math.max(0, ...each.map(({ seconds }) => seconds)),
  };
};
