/** An instance as a reading of the ledger shows it: when it was started and stopped, and what it is billed by. */
import type { InstanceId } from "../ids.ts";
import type { InstanceState } from "../instance.ts";

export interface ShownInstance {
  readonly instanceId: InstanceId;
  readonly state: InstanceState;
  readonly instanceType: string;
  readonly zoneId: string;
  /** As EC2 spells the platform: `Linux/UNIX`. */
  readonly product: string;
  readonly tenancy: string;
  /** Absent: On-Demand. */
  readonly lifecycle?: string;
  /** When it was last started. ISO 8601 */
  readonly launchedAt: string;
  /** When it was stopped or terminated, whole seconds, ISO 8601; absent where EC2 does not say it. */
  readonly endedAt?: string;
  /** Why: `Client.UserInitiatedShutdown`, `Server.SpotInstanceTermination` … */
  readonly reason?: string;
  readonly hasLentAddress: boolean;
  /** The network interface that has it. */
  readonly lentAddressOf?: string;
  readonly volumeIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}
