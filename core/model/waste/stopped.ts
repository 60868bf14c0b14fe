/** Instances that are stopped, whose volumes and addresses go on being charged. They are reported, never terminated. */
import type { Tagged } from "./tagged.ts";

/** Source: EC2 API reference, Instance. */
export interface StoppedInstance extends Tagged {
  readonly instanceId: string;
  readonly instanceType: string;
  /** ISO 8601. Absent where EC2 gives no time. */
  readonly stoppedAt?: string;
  readonly volumeIds: readonly string[];
  readonly isOperatorManaged: boolean;
  readonly canHibernate: boolean;
  /** It takes its capacity from a reservation that it names. */
  readonly isReservationTarget: boolean;
}
