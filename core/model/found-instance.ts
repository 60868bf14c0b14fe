/** An instance as EC2 lists it, as far as a registration looks at it. */
import type { InstanceId } from "./ids.ts";
import type { InstanceState } from "./instance.ts";

export interface FoundInstance {
  readonly instanceId: InstanceId;
  readonly instanceType: string;
  readonly zoneName: string;
  readonly state: InstanceState;
  readonly tags: Readonly<Record<string, string>>;
}
