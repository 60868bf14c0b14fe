/**
 * A stateless instance is stopped or terminated by us only when no load balancer may have connections open to it: neither
 * healthy in a target group nor draining there. An instance that does not run has none. A stateful load has its downtime:
 * the original is stopped while it is registered, and a replacement that is given up takes no request longer than it must.
 */
import { instanceIdsIn, type Promised } from "./promise.ts";

const ending: ReadonlySet<string> = new Set(["StopInstances", "TerminateInstances"]);

export const connectionsAreNotCut: Promised = {
  ofCall: ({ operation, input }, { subject, instances, connecting }) => {
    if (!subject.isStateless || !ending.has(operation)) return undefined;
    const cut = instanceIdsIn(input).filter(
      (id) =>
        instances.some(({ instanceId, state }) => instanceId === id && state === "running") &&
        connecting(id).length > 0,
    );
    return cut.length === 0 ? undefined : `connections to ${cut.join()} in a target group were cut`;
  },
};
