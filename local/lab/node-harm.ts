/**
 * Bad days for the replacement of nodes: one of our changing calls is refused, or its answer is lost, or its function dies; whether it goes to AWS or to the
 * cluster's own API.
 */
import type { FaultCall } from "../cloud/faults.ts";
import { isMutatingCall, type KubeCall } from "../cloud/kubernetes/journal.ts";
import { refuse, tooManyRequests } from "../cloud/kubernetes/refusals.ts";
import { isOurCall } from "./cluster-mirror.ts";
import { createKiller, harms, isMutation, refusals } from "./harm.ts";
import type { NodeLab } from "./node-lab.ts";

export const nodeHarms = [
  ...harms,
  "function killed before acting",
  "throttled",
  "kill switch",
] as const;
export type NodeHarm = (typeof nodeHarms)[number];

type Place = Pick<NodeLab, "account" | "platform" | "cluster">;

/** A change that the product makes. */
export interface OurChange {
  readonly place: "ACCOUNT" | "CLUSTER";
  /** `autoscaling:AttachInstances`; `patch nodes`. */
  readonly action: string;
  /** Among all changing calls, from 1. */
  readonly nth: number;
}

interface Hooks {
  readonly before?: (change: OurChange) => void | Promise<void>;
  readonly after?: (change: OurChange) => void | Promise<void>;
}

/** Called for each of our changes, in their order. */
export const hearChanges = (
  { platform, cluster }: Omit<Place, "account">,
  { before, after }: Hooks,
): void => {
  const isInAccount = isMutation(cluster.place.accountId);
  const begun = new Map<unknown, OurChange>();
  const begin = (key: unknown, change: Omit<OurChange, "nth">): void | Promise<void> => {
    seen += 1;
    const counted = { ...change, nth: seen };
    begun.set(key, counted);
    return before?.(counted);
  };
  const end = (key: unknown): void | Promise<void> => {
    const change = begun.get(key);
    begun.delete(key);
    return change === undefined ? undefined : after?.(change);
  };
  let seen = 0;
  platform.cloud.faults.before((call: FaultCall) =>
    isInAccount(call) && call.caller.sessionName !== undefined
      ? begin(call.requestId, { place: "ACCOUNT", action: `${call.service}:${call.operation}` })
      : undefined,
  );
  platform.cloud.faults.after((call) => end(call.requestId));
  cluster.kubernetes.faults.before((call: KubeCall) =>
    isMutatingCall(call) && isOurCall(call)
      ? begin(call, { place: "CLUSTER", action: `${call.verb} ${call.resource}` })
      : undefined,
  );
  cluster.kubernetes.faults.after((call) => end(call));
};

const mostThrottled = 3;

/** As the API server says it. */
const clusterRefusals = {
  unavailable: () =>
    refuse(503, "ServiceUnavailable", { message: "the server is currently unable to handle it" }),
  unauthorized: () =>
    refuse(403, "Forbidden", {
      message: 'User "spot-optimizer" cannot patch resource "nodes" in API group "" (drill)',
    }),
  throttled: () => tooManyRequests(),
} as const;

type Refused = keyof typeof clusterRefusals;

const refusalOf = ({ place }: OurChange, harm: Refused): Error =>
  place === "CLUSTER" ? clusterRefusals[harm]() : refusals[harm]();

/** Does harm to the nth of our changes, once: three of them in a row where they are throttled. */
export const harmChange = (
  { account, platform, cluster }: Place,
  { harm, nth }: { readonly harm: NodeHarm; readonly nth: number },
): { readonly isDone: () => boolean } => {
  const killer = createKiller();
  let done = 0;
  const most = harm === "throttled" ? mostThrottled : 1;
  const isDue = (change: OurChange, from: number): boolean =>
    done < most && (done > 0 || change.nth === from);
  /** While the call before it is on its way, which may be refused: it has asked already whether it may be made. */
  const engage = async (): Promise<void> => {
    done += 1;
    const body = { engaged: true, reason: "drill" };
    await account.api.send({ method: "PUT", path: "/kill-switch", body });
  };
  const before = (change: OurChange): void | Promise<void> => {
    switch (harm) {
      case "unavailable":
      case "unauthorized":
      case "throttled":
        if (!isDue(change, nth)) return undefined;
        done += 1;
        throw refusalOf(change, harm);
      case "function killed before acting":
        if (!isDue(change, nth)) return undefined;
        done += 1;
        return killer.die();
      case "kill switch":
        return isDue(change, nth - 1) ? engage() : undefined;
      default:
        return undefined;
    }
  };
  const after = async (change: OurChange): Promise<void> => {
    if (!isDue(change, nth)) return;
    if (harm === "connection broken after acting") {
      done += 1;
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    }
    if (harm === "function killed after acting") {
      done += 1;
      await killer.die();
    }
  };
  hearChanges({ platform, cluster }, { before, after });
  return { isDone: () => done > 0 || (harm === "kill switch" && nth === 1) };
};
