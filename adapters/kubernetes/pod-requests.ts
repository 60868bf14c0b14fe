/**
 * What a pod asks of its node, as the scheduler counts it. Sources: KEP-753 (sidecars), KEP-2837 (resources of the pod), KEP-1287 (resizing
 * in place: until it is done, the larger of what is wanted and what is held).
 */
import type {
  V1Container,
  V1ContainerStatus,
  V1Pod,
} from "@kubernetes/client-node/dist/gen/index.js";
import type { Amounts } from "../../core/model/kubernetes/object.ts";
import { amountsOf, most, sum } from "./quantities.ts";

/** An init container that goes on running beside the others. */
const isSidecar = ({ restartPolicy }: V1Container): boolean => restartPolicy === "Always";

interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** A limit without a request is a request. */
const requestsIn = (resources: Resources | undefined): Amounts => ({
  ...amountsOf(resources?.limits),
  ...amountsOf(resources?.requests),
});

const requestsOf = (
  { name, resources }: V1Container,
  statuses: readonly V1ContainerStatus[],
): Amounts => {
  const held = statuses.find((status) => status.name === name)?.resources;
  return most(requestsIn(resources), held === undefined ? {} : amountsOf(held.requests));
};

interface Phases {
  /** The most that any init container needs, with the sidecars that were begun before it. */
  readonly starting: Amounts;
  /** All sidecars that have been begun so far. */
  readonly sidecars: Amounts;
}

/** In their order. */
const initPhases = ({ spec, status }: V1Pod): Phases =>
  (spec?.initContainers ?? []).reduce<Phases>(
    ({ starting, sidecars }, container) => {
      const needed = sum(sidecars, requestsOf(container, status?.initContainerStatuses ?? []));
      return {
        starting: most(starting, needed),
        sidecars: isSidecar(container) ? needed : sidecars,
      };
    },
    { starting: {}, sidecars: {} },
  );

/** Without the pod itself, which takes one of `pods`. */
export const podRequests = (pod: V1Pod): Amounts => {
  const { spec, status } = pod;
  const { starting, sidecars } = initPhases(pod);
  const running = (spec?.containers ?? [])
    .map((container) => requestsOf(container, status?.containerStatuses ?? []))
    .reduce(sum, sidecars);
  const ofContainers = most(starting, running);
  const ofPod = amountsOf(spec?.resources?.requests);
  return sum({ ...ofContainers, ...ofPod }, amountsOf(spec?.overhead));
};
