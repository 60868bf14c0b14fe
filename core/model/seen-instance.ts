/** An instance of a customer's account as a reading of the enforcer shows it. */
import type { InstanceId } from "./ids.ts";
import type { InstanceState } from "./instance.ts";

export interface SeenInstance {
  readonly instanceId: InstanceId;
  readonly instanceType: string;
  readonly imageId: string;
  readonly state: InstanceState;
  /** When it was last started. ISO 8601 */
  readonly launchedAt: string;
  readonly zoneName: string;
  readonly tags: Readonly<Record<string, string>>;
  /** A service of AWS runs it for the account, and alone may change it. */
  readonly isManaged: boolean;
  /** `spot`, `scheduled`, `capacity-block` …; absent: On-Demand. */
  readonly lifecycle?: string;
  /** Who launched it, what it acts as, and who runs it, as far as EC2 shows it. */
  readonly principals: readonly string[];
  readonly hasRootOnEbs: boolean;
  /** It forwards what is addressed to others: one of its interfaces does not check source and destination. */
  readonly forwards: boolean;
  readonly isInTargetedReservation: boolean;
  readonly isOnDedicatedHost: boolean;
  readonly isOnOutpost: boolean;
  /** It goes with the stop: EC2 lent it. */
  readonly hasLentAddress: boolean;
  readonly interfaceIds: readonly string[];
}
