/** A node that EC2 has announced to take back. */
import type { InstanceId } from "../../core/model/ids.ts";

export interface WarnedNode {
  readonly instanceId: InstanceId;
  /** ISO 8601 */
  readonly endsAt: string;
}
