/** What makes pods again: as far as a rule reads it. */
import type { PodPlacement } from "./pod.ts";

export interface DaemonSetFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Of its template: on which nodes one of its pods is expected. */
  readonly placement: Pick<PodPlacement, "nodeSelector" | "nodeSelectorTerms" | "tolerations">;
}
